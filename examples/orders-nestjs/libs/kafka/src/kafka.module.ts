import { DynamicModule, Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { KAFKA_CLIENT_ID, KafkaService } from './kafka.service';

@Module({})
export class KafkaModule {
  static forRoot(clientId: string): DynamicModule {
    return {
      module: KafkaModule,
      global: true,
      imports: [ConfigModule],
      providers: [{ provide: KAFKA_CLIENT_ID, useValue: clientId }, KafkaService],
      exports: [KafkaService],
    };
  }
}
