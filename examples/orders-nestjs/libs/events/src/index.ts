export * from './domain-event';
export * from './order-events';
export * from './topics';
export * from './user-events';
