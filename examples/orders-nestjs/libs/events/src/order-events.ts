import { DomainEvent } from './domain-event';

export interface OrderLine {
  sku: string;
  quantity: number;
  unitPrice: number;
}

export interface OrderPayload {
  orderId: string;
  userId: string;
  items: OrderLine[];
  totalAmount: number;
  currency: string;
}

export type OrderCreated = DomainEvent<'OrderCreated', OrderPayload>;
