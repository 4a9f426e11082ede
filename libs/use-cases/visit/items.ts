import { cartOf, totalOf, type CartItem, type VisitState } from '#libs/domain/visit/state.ts';
import { Refused } from '#libs/domain/refused.ts';
import { isoNow } from '#libs/runtime/clock.ts';
import { whoOf, type PrincipalCaller } from '../callers.ts';
import { claim, type Request } from '../claim/claim.ts';
import type { Deps } from '../deps.ts';
import { visits } from '../stream/aggregates.ts';
import { decideOn } from '../stream/decide.ts';
import { load } from '../stream/load.ts';

export interface MoveItem {
  readonly caller: PrincipalCaller;
  readonly request: Request;
  readonly visit: string;
  readonly movement: 'taken' | 'put-back';
  /** The shop's own reference of this movement: the same one again changes nothing. */
  readonly line: string;
  readonly article: string;
  readonly quantity: number;
  /** Minor units of the visit's currency. */
  readonly unitPrice: number;
}

export interface Cart {
  readonly visit: string;
  readonly phase: VisitState['phase'];
  readonly items: readonly CartItem[];
  readonly total: number;
  readonly position: bigint;
}

/** The shop saw something leave a shelf, or come back. */
export async function moveItem(deps: Deps, input: MoveItem): Promise<Cart> {
  const { caller, request, movement, line, article, quantity, unitPrice } = input;
  const stream = await requireOwnVisit(deps, caller.merchant, input.visit);
  const who = whoOf(caller);
  await claim(deps, request, who, async () => ({ visit: stream, line }));
  const type = movement === 'taken' ? 'TakeItem' : 'PutBackItem';
  const command = { type, at: isoNow(deps.clock), line, article, quantity, unitPrice } as const;
  const { state, position } = await decideOn(deps, visits, stream, command, who);
  return cart(input.visit, state, position);
}

export async function readCart(
  deps: Deps,
  { caller, visit }: { caller: PrincipalCaller; visit: string },
): Promise<Cart> {
  const stream = await requireOwnVisit(deps, caller.merchant, visit);
  const { state, position } = await load(deps.ledger, visits, stream);
  return cart(visit, state, position);
}

function cart(visit: string, state: VisitState, position: bigint): Cart {
  return { visit, phase: state.phase, items: cartOf(state), total: totalOf(state), position };
}

/** The visit's stream where it is this merchant's; another's looks like none. */
export async function requireOwnVisit(
  deps: Pick<Deps, 'ledger'>,
  merchant: string | undefined,
  visit: string,
): Promise<string> {
  const stream = `visit-${visit}`;
  const { state } = await load(deps.ledger, visits, stream);
  const place = 'place' in state ? state.place : undefined;
  if (place !== undefined && place.merchant === merchant) return stream;
  throw new Refused('visit-unknown', 'there is no such visit', 'missing');
}
