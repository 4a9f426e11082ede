import type { ChargeBack } from '#libs/card-network/port.ts';
import { Refused } from '#libs/domain/refused.ts';
import { clearOf } from '#libs/event-codec/codec.ts';
import { isoNow } from '#libs/runtime/clock.ts';
import type { Deps } from '#libs/use-cases/deps.ts';
import { payments } from '#libs/use-cases/stream/aggregates.ts';
import { decideOn } from '#libs/use-cases/stream/decide.ts';
import { readTypes } from './read-types.ts';
import { systemWho } from './system.ts';

const WHO = systemWho('charge-backs');

/** What the card network did by itself, as far as it has been written down in this run. */
export interface ChargeBacks {
  /** Told of each ChargedBack in the ledger, so that nothing is looked for twice. */
  known(dispute: string): void;
  /** Asks the network for news and writes them down. Answers with how many there were. */
  poll(): Promise<number>;
}

export function chargeBacks(deps: Deps): ChargeBacks {
  const written = new Set<string>();
  let position = '0';
  /** Of payments that do not take it yet, since their own capture is not written down. */
  let waiting: readonly ChargeBack[] = [];
  return {
    known: (dispute) => void written.add(dispute),
    poll: async () => {
      const news = await deps.network.since(position, { deadlineMs: deps.policy.networkDeadlineMs });
      const fresh = [...waiting, ...news.chargeBacks].filter(({ dispute }) => !written.has(dispute));
      const left = fresh.length === 0 ? [] : await writeDown(deps, fresh);
      waiting = left;
      position = news.position;
      return fresh.length - left.length;
    },
  };
}

/**
 * A charge-back comes with the network's own reference, which stands in the payment's PaymentAuthorised. They are rare, so
 * the payments are found by one reading of those events rather than by an index that would grow with every purchase.
 */
async function writeDown(deps: Deps, news: readonly ChargeBack[]): Promise<readonly ChargeBack[]> {
  const wanted = new Set(news.map(({ reference }) => reference));
  const found = new Map<string, string>();
  for await (const record of readTypes(deps.ledger, ['PaymentAuthorised'], await deps.ledger.head())) {
    const reference = clearOf(record)['network'] as string;
    if (wanted.has(reference)) found.set(reference, record.stream);
    if (found.size === wanted.size) break;
  }
  const left: ChargeBack[] = [];
  for (const one of news) {
    const payment = found.get(one.reference);
    // Not of a payment of ours: it concerns somebody else's books.
    if (payment !== undefined && !(await chargedBack(deps, payment, one))) left.push(one);
  }
  return left;
}

/** Under a key of its own, since the payment's may be gone with the person. */
async function chargedBack(deps: Deps, payment: string, { dispute, amount, reason }: ChargeBack): Promise<boolean> {
  await deps.keyring.make([`${payment}/${dispute}`]);
  const command = { type: 'RecordChargedBack', at: isoNow(deps.clock), dispute, amount, reason } as const;
  try {
    await decideOn(deps, payments, payment, command, WHO);
    return true;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return error.code !== 'payment-not-captured';
  }
}
