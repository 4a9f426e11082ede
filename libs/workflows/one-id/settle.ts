import { isLiving, type OpenTransactionState } from '#libs/domain/one-id/state.ts';
import type { TransactionOutcome } from '#libs/domain/one-id/events.ts';
import { never } from '#libs/domain/refused.ts';
import { isoNow } from '#libs/runtime/clock.ts';
import type { Deps } from '#libs/use-cases/deps.ts';
import { contentOf, type TransactionContent } from '#libs/use-cases/one-id/transactions.ts';
import { closeTransaction } from '#libs/use-cases/payment/close.ts';
import { settlePayment } from '#libs/use-cases/payment/settle.ts';
import { checks, oneIds } from '#libs/use-cases/stream/aggregates.ts';
import { load } from '#libs/use-cases/stream/load.ts';
import { settleVisit } from '#libs/use-cases/visit/settle.ts';
import { systemWho } from '../system.ts';

const WHO = systemWho('settle');

/**
 * Brings every transaction whose time is over to its end: what it began first (payment, visit), then itself. Where one cannot
 * be settled now (the card network is silent) the others still are; then its error is thrown, and it is tried again.
 */
export async function settleTransactions(deps: Deps, stream: string): Promise<void> {
  const { state, places } = await load(deps.ledger, oneIds, stream);
  if (!isLiving(state)) return;
  const now = isoNow(deps.clock);
  const errors: unknown[] = [];
  for (const open of state.transactions.open.filter((one) => one.kind !== 'enrolment' && one.settleBy <= now)) {
    try {
      const content = await contentOf(deps, stream, places, open.number);
      const outcome = await settled(deps, open, content);
      await closeTransaction(deps, stream, open.number, outcome, WHO);
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw errors[0];
}

async function settled(
  deps: Deps,
  { kind }: OpenTransactionState,
  content: TransactionContent | undefined,
): Promise<TransactionOutcome> {
  switch (kind) {
    case 'payment':
      return settlePayment(deps, streamOf(content, 'payment'), WHO);
    case 'visit':
      return settleVisit(deps, streamOf(content, 'visit'), streamOf(content, 'payment'), WHO);
    case 'check': {
      const { state } = await load(deps.ledger, checks, streamOf(content, 'check'));
      return state.phase === 'none' ? 'abandoned' : 'completed';
    }
    case 'manage':
      return 'abandoned';
    case 'enrolment':
      throw new Error('an enrolment is completed or erased, not settled');
    default:
      return never(kind);
  }
}

function streamOf(content: TransactionContent | undefined, kind: string): string {
  const found = content?.streams.find((stream) => stream.startsWith(`${kind}-`));
  if (found === undefined) throw new Error(`an open transaction does not name its ${kind}`);
  return found;
}
