import { DomainEvent } from '@app/events';
import { Inject, Injectable, Logger, OnApplicationShutdown, OnModuleInit } from '@nestjs/common';
import { ConfigService } from '@nestjs/config';
import { Consumer, Kafka, Producer } from 'kafkajs';

export const KAFKA_CLIENT_ID = Symbol('KAFKA_CLIENT_ID');

export type EventHandler<Event extends DomainEvent> = (event: Event) => Promise<void>;

/** The one place that talks to kafkajs: a producer per process, a consumer per subscription. */
@Injectable()
export class KafkaService implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(KafkaService.name);
  private readonly kafka: Kafka;
  private readonly producer: Producer;
  private readonly consumers: Consumer[] = [];

  constructor(config: ConfigService, @Inject(KAFKA_CLIENT_ID) clientId: string) {
    const brokers = config.get<string>('KAFKA_BROKERS', 'localhost:9092').split(',');
    this.kafka = new Kafka({ clientId, brokers });
    this.producer = this.kafka.producer();
  }

  async onModuleInit(): Promise<void> {
    await this.producer.connect();
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.consumers.map((consumer) => consumer.disconnect()));
    await this.producer.disconnect();
  }

  /** Events with the same key keep their order. */
  async publish<Event extends DomainEvent>(topic: string, key: string, event: Event): Promise<void> {
    await this.producer.send({
      topic,
      messages: [{ key, value: JSON.stringify(event), headers: { 'event-type': event.type } }],
    });
    this.logger.debug(`published ${event.type} to ${topic}`);
  }

  /** An exception in `handle` makes kafkajs deliver the message again; the offset is committed after it returns. */
  async subscribe<Event extends DomainEvent>(
    topic: string,
    groupId: string,
    handle: EventHandler<Event>,
  ): Promise<void> {
    const consumer = this.kafka.consumer({ groupId });
    this.consumers.push(consumer);
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: false });
    await consumer.run({
      eachMessage: async ({ message }) => {
        if (!message.value) {
          return;
        }
        await handle(JSON.parse(message.value.toString()) as Event);
      },
    });
  }
}
