/** Kafka topics shared by the services. */
export const Topics = {
  UserEvents: 'user-events',
  Orders: 'orders',
} as const;

export type Topic = (typeof Topics)[keyof typeof Topics];
