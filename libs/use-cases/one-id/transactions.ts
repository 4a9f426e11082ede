import type { OneIdEvent, RecognitionEvidence, TransactionKind } from '#libs/domain/one-id/events.ts';
import type { SealedPart } from '#libs/domain/event.ts';
import { isLiving, transactionByTicket } from '#libs/domain/one-id/state.ts';
import { Refused } from '#libs/domain/refused.ts';
import { whoOf, type DeviceCaller } from '../callers.ts';
import type { Deps } from '../deps.ts';
import { oneIds } from '../stream/aggregates.ts';
import { decideOn } from '../stream/decide.ts';
import { transactionPlace, type Places } from '../stream/load.ts';
import { findItem } from './items.ts';
import type { Ticketed } from './ticket.ts';

export interface Opening {
  readonly kind: Exclude<TransactionKind, 'enrolment'>;
  readonly settleSeconds: number;
  /** Every stream and claim that this transaction may use: an erasure finds the keys to destroy here. */
  readonly streams: readonly string[];
}

export interface Opened {
  readonly number: number;
  /** False where it was opened before and has ended since. */
  readonly open: boolean;
  readonly position: bigint;
}

/** Opens a transaction on the One ID's own stream: there, and from no view, it is decided whether the palm may still be used. */
export async function openTransaction(
  deps: Deps,
  caller: DeviceCaller,
  ticketed: Ticketed,
  opening: Opening,
): Promise<Opened> {
  const now = deps.clock.now();
  const { merchant, site, device } = caller;
  const { oneId, palm, ticketHash, ticketExpiresAt, evidence } = ticketed;
  const command = {
    type: 'OpenTransaction',
    kind: opening.kind,
    at: now.toISOString(),
    settleBy: new Date(now.getTime() + opening.settleSeconds * 1_000).toISOString(),
    palm,
    ticketHash,
    ticketExpiresAt,
    sealed: { streams: opening.streams, merchant, site, device, evidence: evidence satisfies RecognitionEvidence },
  } as const;
  const { state, position } = await decideOn(deps, oneIds, `oneId-${oneId}`, command, whoOf(caller));
  const number = transactionByTicket(state, ticketHash)?.number;
  if (number === undefined) throw new Refused('ticket-used', 'this ended a while ago; ask for it by its id', 'gone');
  const open = isLiving(state) && state.transactions.open.some((one) => one.number === number);
  return { number, open, position };
}

export type TransactionContent = SealedPart<OneIdEvent, 'TransactionOpened'>;

/** What an open transaction may use and where it began; undefined where it ended or its One ID's key is gone. */
export async function contentOf(
  deps: Pick<Deps, 'ledger' | 'keyring'>,
  stream: string,
  places: Places,
  number: number,
): Promise<TransactionContent | undefined> {
  return (await findItem(deps, stream, places, transactionPlace(number))) as TransactionContent | undefined;
}
