/** What every event on the wire has. */
export interface DomainEvent<Type extends string = string, Payload = unknown> {
  type: Type;
  occurredAt: string;
  payload: Payload;
}
