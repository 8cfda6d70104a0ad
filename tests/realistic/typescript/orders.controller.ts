import { Body, Controller, Inject, Injectable, Logger, Post } from '@nestjs/common';
import { ClientKafka, EventPattern, Payload } from '@nestjs/microservices';
import type { Repository } from 'typeorm';
import * as metrics from './metrics';
import config from '../config';

export enum OrderEvent {
  Placed = 'order.placed',
  Cancelled = 'order.cancelled',
  Shipped = 'order.shipped',
}

export interface OrderPlaced {
  orderId: string;
  items: Array<{ sku: string; quantity: number }>;
  coupon?: string;
}

const PREFIX = process.env.TOPIC_PREFIX ?? 'shop';
export const topicOf = (event: OrderEvent): string => `${PREFIX}.${event}`;

@Injectable()
export class OrderPublisher {
  private static readonly retries = 3;
  private readonly logger = new Logger(OrderPublisher.name);

  constructor(
    @Inject('KAFKA') private readonly client: ClientKafka,
    private readonly orders: Repository<Order>,
  ) {}

  async placed(order: Order): Promise<void> {
    await this.orders.save(order);
    for (let attempt = 1; attempt <= OrderPublisher.retries; attempt++) {
      try {
        const { id: orderId, items, ...rest } = order;
        await this.client
          .emit<string, OrderPlaced>(topicOf(OrderEvent.Placed), { key: orderId, value: { orderId, items, ...rest } })
          .toPromise();
        return;
      } catch (error) {
        this.logger.warn(`attempt ${attempt} for ${order?.id ?? 'nobody'} failed`, error as Error);
        if (attempt === OrderPublisher.retries) throw error;
      } finally {
        metrics.count('publish');
      }
    }
  }
}

@Controller('orders')
export class OrdersController {
  constructor(private readonly publisher: OrderPublisher) {}

  @Post()
  async create(@Body() body: CreateOrder) {
    const order = Order.from(body);
    await this.publisher.placed(order);
    return { id: order.id, status: body.express ? 'express' : 'normal' };
  }

  @EventPattern(topicOf(OrderEvent.Cancelled))
  async onCancelled(@Payload() message: { orderId: string; reason?: string }) {
    switch (message.reason) {
      case 'fraud':
      case 'chargeback':
        await this.alert(message.orderId);
        break;
      default:
        metrics.count(config?.names?.cancelled!);
    }
    const watchers = (await this.watchers()).filter((watcher) => watcher.active);
    await Promise.all(watchers.map(async (watcher) => {
      await watcher.notify(message.orderId);
    }));
  }

  private async alert(orderId: string) {
    if (!orderId) {
      return;
    } else if (config.alerts) {
      metrics.alert({ orderId, 'page-on-call': true });
    }
  }
}
