import type { DomainEvent } from '../event.ts';

/** A signed tree head: what the log was, by whoever holds the signing key. */
export type HeadSigned = DomainEvent<'HeadSigned', { treeSize: number; root: string; signed: string }>;
