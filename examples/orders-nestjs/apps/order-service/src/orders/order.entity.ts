import { OrderLine } from '@app/events';
import { Column, CreateDateColumn, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';

export enum OrderStatus {
  Created = 'created',
  Cancelled = 'cancelled',
}

@Entity('orders')
export class Order {
  @PrimaryGeneratedColumn('uuid')
  id: string;

  @Index()
  @Column('uuid')
  userId: string;

  @Column('jsonb')
  items: OrderLine[];

  /** In the smallest unit of the currency. */
  @Column('integer')
  totalAmount: number;

  @Column({ length: 3 })
  currency: string;

  @Column({ type: 'enum', enum: OrderStatus, default: OrderStatus.Created })
  status: OrderStatus;

  @CreateDateColumn()
  createdAt: Date;
}
