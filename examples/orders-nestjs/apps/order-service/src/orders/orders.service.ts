import { OrderCreated, OrderLine, Topics } from '@app/events';
import { KafkaService } from '@app/kafka';
import { Injectable, NotFoundException } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { CreateOrderDto } from './dto/create-order.dto';
import { Order } from './order.entity';

@Injectable()
export class OrdersService {
  constructor(
    @InjectRepository(Order) private readonly orders: Repository<Order>,
    private readonly kafka: KafkaService,
  ) {}

  async get(id: string): Promise<Order> {
    const order = await this.orders.findOneBy({ id });
    if (!order) {
      throw new NotFoundException(`order ${id} does not exist`);
    }
    return order;
  }

  async create(dto: CreateOrderDto): Promise<Order> {
    const order = await this.orders.save(this.orders.create({ ...dto, totalAmount: total(dto.items) }));
    const event: OrderCreated = {
      type: 'OrderCreated',
      occurredAt: order.createdAt.toISOString(),
      payload: {
        orderId: order.id,
        userId: order.userId,
        items: order.items,
        totalAmount: order.totalAmount,
        currency: order.currency,
      },
    };
    await this.kafka.publish(Topics.Orders, order.id, event);
    return order;
  }
}

export function total(items: OrderLine[]): number {
  return items.reduce((sum, item) => sum + item.quantity * item.unitPrice, 0);
}
