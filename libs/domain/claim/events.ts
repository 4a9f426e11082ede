import type { DomainEvent } from '../event.ts';

/** A write's plan under its idempotency key: kept 72 hours, outside the evidence. `key`: the random id of the key that seals it. */
export type Claimed = DomainEvent<
  'Claimed',
  { key: string },
  { digest: string; plan: Readonly<Record<string, unknown>> }
>;
