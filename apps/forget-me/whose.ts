import type { Opened } from './opening.ts';
import { said } from './opening.ts';
import type { Found, Sealed } from './read-ledger.ts';

/** What is whose, as the ledger said it while everything could be opened: what the attack is measured by. */
export interface Whose {
  readonly oneId: string;
  /** Streams of the person, its own among them. */
  readonly streams: ReadonlySet<string>;
  /** Purchases (`payment-…`) of each One ID. */
  readonly purchases: ReadonlyMap<string, readonly string[]>;
}

/** Reads it from what the master key of that day opens. */
export function whose(opened: Opened, phone: string): Whose {
  const oneId = streamWith(opened, phone);
  const byOneId = new Map<string, string[]>();
  for (const { sealed, plaintext } of opened.parts.values()) {
    if (!sealed.stream.startsWith('oneId-')) continue;
    const named = byOneId.get(sealed.stream) ?? [];
    byOneId.set(sealed.stream, [...named, ...streamsIn(plaintext)]);
  }
  const streams = new Set([oneId, ...(byOneId.get(oneId) ?? []), ...claimsOf(opened, oneId)]);
  const purchases = new Map([...byOneId].map(([stream, named]) => [stream, [...new Set(named.filter(isPayment))]]));
  return { oneId, streams, purchases };
}

export function ofPerson(sealed: readonly Sealed[], { streams }: Whose): Sealed[] {
  return sealed.filter(({ stream }) => streams.has(stream));
}

const isPayment = (stream: string): boolean => stream.startsWith('payment-');

function streamWith({ parts }: Opened, phone: string): string {
  for (const { sealed, plaintext } of parts.values())
    if (sealed.type === 'PhoneAdded' && said(plaintext)?.['number'] === phone) return sealed.stream;
  throw new Error('the ledger of that day does not have the person');
}

/** Names of streams in what is said: payments, visits, checks, claims, looks, erasures. */
function streamsIn(plaintext: Buffer): string[] {
  if (said(plaintext) === undefined) return [];
  return plaintext.toString('utf8').match(/\b(payment|visit|check|claim|look|erasure)-[a-z0-9]{26,64}\b/g) ?? [];
}

/** Claims whose plan names the One ID. */
function claimsOf({ parts }: Opened, oneId: string): string[] {
  const id = oneId.slice('oneId-'.length);
  return [...parts.values()].flatMap(({ sealed, plaintext }) => {
    return sealed.type === 'Claimed' && plaintext.includes(id) ? [sealed.stream] : [];
  });
}

/** Purchases of the person and those of everybody else that stand among records. */
export function paymentsIn(records: readonly Found[]): Set<string> {
  return new Set(records.map(({ stream }) => stream).filter(isPayment));
}
