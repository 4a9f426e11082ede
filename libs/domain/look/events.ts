import type { DomainEvent } from '../event.ts';

export type Looked = DomainEvent<
  'Looked',
  { when: string; principal: string; reason: string },
  { askedFor: string; oneId: string }
>;
export type LookEvent = Looked;
