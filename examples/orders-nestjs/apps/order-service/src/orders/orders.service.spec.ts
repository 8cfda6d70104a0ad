import { Topics } from '@app/events';
import { KafkaService } from '@app/kafka';
import { Repository } from 'typeorm';
import { Order } from './order.entity';
import { OrdersService, total } from './orders.service';

const ITEMS = [
  { sku: 'tea', quantity: 2, unitPrice: 450 },
  { sku: 'cup', quantity: 1, unitPrice: 1200 },
];

describe('OrdersService', () => {
  it('sums the lines', () => {
    expect(total(ITEMS)).toBe(2100);
  });

  it('publishes what it saved', async () => {
    const publish = jest.fn();
    const orders = {
      create: (order: Partial<Order>) => order,
      save: async (order: Partial<Order>) => ({ ...order, id: 'o-1', createdAt: new Date(0) }),
    } as unknown as Repository<Order>;
    const service = new OrdersService(orders, { publish } as unknown as KafkaService);

    await service.create({ userId: 'u-1', items: ITEMS, currency: 'EUR' });

    expect(publish).toHaveBeenCalledWith(
      Topics.Orders,
      'o-1',
      expect.objectContaining({ type: 'OrderCreated', payload: expect.objectContaining({ totalAmount: 2100 }) }),
    );
  });
});
