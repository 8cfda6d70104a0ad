import { DomainEvent } from './domain-event';

export interface UserPayload {
  userId: string;
  email: string;
  name: string;
  locale: string;
}

export type UserCreated = DomainEvent<'UserCreated', UserPayload>;
export type UserUpdated = DomainEvent<'UserUpdated', UserPayload>;
export type UserEvent = UserCreated | UserUpdated;
