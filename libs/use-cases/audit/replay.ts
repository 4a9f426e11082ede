import { Refused } from '#libs/domain/refused.ts';
import { open, type OpenedEvent } from '#libs/event-codec/codec.ts';
import { openHandle, sealHandle } from '#libs/identity/handles.ts';
import type { PrincipalCaller } from '../callers.ts';
import type { Deps } from '../deps.ts';
import { moneyIn, type Money } from '../expenses/expense.ts';
import { recordLook } from '../look/record.ts';
import { oneIds, payments } from '../stream/aggregates.ts';
import { loadAsOf } from '../stream/load.ts';
import { accountEvent, type AccountEvent } from './account-event.ts';
import { accountState, type AccountState } from './account-state.ts';
import { positionAsOf, type AsOf } from './as-of.ts';

export interface ReplayAccount extends AsOf {
  readonly caller: PrincipalCaller;
  readonly oneId: string;
  /** Needed for the first page: each replay is one look. */
  readonly reason?: string | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** A use of the palm with the payment that it led to, as that stood then. Amounts in minor units. */
export type ReplayedEvent = AccountEvent & { readonly purchase?: Purchase };
export interface Purchase extends Money {
  readonly payment: string;
}

export interface Replay {
  readonly oneId: string;
  /** The ledger position that this is as of; asking for it again answers the same. */
  readonly asOf: string;
  readonly look: string;
  /** With the first page. */
  readonly state?: AccountState;
  /** Oldest first. */
  readonly events: readonly ReplayedEvent[];
  readonly next?: string;
}

interface Place {
  readonly oneId: string;
  readonly asOf: string;
  readonly look: string;
  readonly from: string;
}

/** An account as of a moment or a position: what was known of it, and everything that led there, from the ledger itself. */
export async function replayAccount(deps: Deps, input: ReplayAccount): Promise<Replay> {
  const { oneId, limit, cursor } = input;
  const place = cursor === undefined ? await begin(deps, input) : goOn(deps, input, cursor);
  const { asOf, look, from } = place;
  const stream = `oneId-${oneId}`;
  const upTo = BigInt(asOf);
  const records = await deps.ledger.readStream(stream, { from: BigInt(from), upTo, limit });
  const opened = await open(deps.keyring, records);
  const events = await Promise.all(opened.map((event) => withPurchase(deps, event, upTo)));
  const last = records.at(-1);
  const next =
    records.length < limit || last === undefined ? {} : { next: cursorOf(deps, input, place, last.revision) };
  const answer = { oneId, asOf, look, events, ...next };
  if (cursor !== undefined) return answer;
  const then = await loadAsOf(deps.ledger, oneIds, stream, upTo);
  return { ...answer, state: await accountState(deps, stream, then) };
}

/** The look is written before anything is read for the answer; the position is taken before, so that it is not in it. */
async function begin(deps: Deps, { caller, oneId, reason, at, position }: ReplayAccount): Promise<Place> {
  if (reason === undefined) throw new Refused('reason-missing', 'Who looks at an account says why.', 'invalid');
  const asOf = await positionAsOf(deps.ledger, { at, position });
  const { look } = await recordLook(deps, { caller, oneId, reason, askedFor: 'replay' });
  return { oneId, asOf: asOf.toString(), look, from: '0' };
}

const CURSOR = 'cursor replay';

function goOn(deps: Deps, { caller, oneId }: ReplayAccount, cursor: string): Place {
  const place = openHandle<Place>(deps.keys.handleSecret, CURSOR, caller.principal, cursor);
  if (place?.oneId === oneId) return place;
  throw new Refused('cursor-invalid', 'that is no cursor of this list', 'invalid');
}

function cursorOf(deps: Deps, { caller }: ReplayAccount, place: Place, revision: bigint): string {
  const from = (revision + 1n).toString();
  return sealHandle(deps.keys.handleSecret, CURSOR, caller.principal, { ...place, from });
}

async function withPurchase(deps: Deps, event: OpenedEvent, upTo: bigint): Promise<ReplayedEvent> {
  const told = accountEvent(event);
  const { sealed } = event;
  if (event.type !== 'TransactionOpened' || sealed === undefined || sealed === 'gone') return told;
  const stream = (sealed['streams'] as readonly string[]).find((name) => name.startsWith('payment-'));
  if (stream === undefined) return told;
  const money = moneyIn((await loadAsOf(deps.ledger, payments, stream, upTo)).state);
  return money === undefined ? told : { ...told, purchase: { payment: stream.slice('payment-'.length), ...money } };
}
