import type { RecognitionEvidence } from '#libs/domain/one-id/events.ts';
import type { Dispute, PaymentTerms } from '#libs/domain/payment/state.ts';
import { openDispute } from '#libs/domain/payment/state.ts';
import { Refused } from '#libs/domain/refused.ts';
import { clearOf, open } from '#libs/event-codec/codec.ts';
import { readWhole } from '#libs/ledger/read-whole.ts';
import type { PrincipalCaller } from '../callers.ts';
import type { Deps } from '../deps.ts';
import { shopsOf, type Shop } from '../expenses/places.ts';
import { recordLook } from '../look/record.ts';
import { payments } from '../stream/aggregates.ts';
import { load } from '../stream/load.ts';
import { scan } from './scan.ts';

/** Amounts in minor units. */
export interface DisputeWaiting {
  readonly payment: string;
  readonly dispute: string;
  readonly disputed: number;
  readonly amount: number;
  readonly currency: string;
  readonly merchant: string;
  readonly site: string;
  readonly disputedAt: string;
}

export interface ListDisputes {
  readonly caller: PrincipalCaller;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** Those that nobody has decided, oldest first. */
export async function listDisputes(
  deps: Deps,
  { caller, ...paging }: ListDisputes,
): Promise<{ items: readonly DisputeWaiting[]; next?: string }> {
  const scanning = { list: 'disputes', holder: caller.principal, types: ['PaymentDisputed'], ...paging };
  return scan(deps, scanning, async (record) => {
    const { state } = await load(deps.ledger, payments, record.stream);
    const waiting = openDispute(state);
    if (state.phase !== 'captured' || waiting === undefined) return undefined;
    if (waiting.dispute !== clearOf(record)['dispute']) return undefined;
    const { amount, currency, merchant, site } = state.terms;
    const { dispute, amount: disputed } = waiting;
    const payment = record.stream.slice('payment-'.length);
    return { payment, dispute, disputed, amount, currency, merchant, site, disputedAt: record.recordedAt };
  });
}

export interface DisputeShown extends Dispute, Shop {
  readonly payment: string;
  readonly terms: PaymentTerms;
  readonly disputedAt: string;
  /** In the member's own words. */
  readonly said?: string;
  /** What the palm was believed on; missing once the member is gone. */
  readonly evidence?: RecognitionEvidence;
  readonly look?: string;
}

export interface OfDispute {
  readonly caller: PrincipalCaller;
  readonly payment: string;
  readonly dispute: string;
}

/** A dispute with what the recognition rested on; a look at the member, where there still is one. */
export async function showDispute(
  deps: Deps,
  { caller, payment, dispute, reason }: OfDispute & { readonly reason: string },
): Promise<DisputeShown> {
  const stream = `payment-${payment}`;
  const { state } = await load(deps.ledger, payments, stream);
  const found = state.phase === 'captured' ? state.disputes.find((one) => one.dispute === dispute) : undefined;
  if (state.phase !== 'captured' || found === undefined) throw unknownDispute();
  const { terms } = state;
  const owner = await ownerOf(deps, stream);
  const { oneId, transaction } = owner ?? {};
  const look = oneId === undefined ? undefined : await recordLook(deps, { caller, oneId, reason, askedFor: 'dispute' });
  const evidence = oneId === undefined ? undefined : await evidenceOf(deps, `oneId-${oneId}`, transaction!);
  return {
    ...{ payment, terms, ...found, ...(await saidIn(deps, stream, dispute)) },
    ...(await shopsOf(deps)(terms.merchant, terms.site)),
    ...(evidence === undefined ? {} : { evidence }),
    ...(look === undefined ? {} : { look: look.look }),
  };
}

/** Whose payment it is; undefined where that is gone. */
export async function ownerOf(
  deps: Pick<Deps, 'ledger' | 'keyring'>,
  stream: string,
): Promise<{ oneId: string; transaction: number } | undefined> {
  const [event] = await open(deps.keyring, await deps.ledger.readStream(stream, { limit: 1 }));
  const sealed = event?.sealed;
  if (sealed === undefined || sealed === 'gone') return undefined;
  return sealed as { oneId: string; transaction: number };
}

async function saidIn(deps: Deps, stream: string, dispute: string): Promise<{ disputedAt: string; said?: string }> {
  for await (const record of readWhole(deps.ledger, stream)) {
    if (record.type !== 'PaymentDisputed' || clearOf(record)['dispute'] !== dispute) continue;
    const [event] = await open(deps.keyring, [record]);
    const sealed = event?.sealed;
    const said = sealed === undefined || sealed === 'gone' ? {} : { said: sealed['said'] as string };
    return { disputedAt: record.recordedAt, ...said };
  }
  throw unknownDispute();
}

/** From the transaction that the payment belonged to: found from the stream's end by its number alone, then opened. */
async function evidenceOf(deps: Deps, stream: string, transaction: number): Promise<RecognitionEvidence | undefined> {
  for await (const record of readWhole(deps.ledger, stream, { backwards: true })) {
    if (record.type !== 'TransactionOpened' || clearOf(record)['number'] !== transaction) continue;
    const [event] = await open(deps.keyring, [record]);
    const sealed = event?.sealed;
    return sealed === undefined || sealed === 'gone' ? undefined : (sealed['evidence'] as RecognitionEvidence);
  }
  return undefined;
}

export function unknownDispute(): Refused {
  return new Refused('dispute-not-found', 'There is no such dispute.', 'missing');
}
