import { isLiving } from '#libs/domain/one-id/state.ts';
import { Refused } from '#libs/domain/refused.ts';
import { isoNow } from '#libs/runtime/clock.ts';
import { newId } from '#libs/runtime/ids.ts';
import { whoOf, type DeviceCaller, type MemberCaller } from '../callers.ts';
import { claim, type Request } from '../claim/claim.ts';
import type { Deps } from '../deps.ts';
import { oneIds } from '../stream/aggregates.ts';
import { decideOn } from '../stream/decide.ts';
import { load } from '../stream/load.ts';
import { enrolmentStream } from './handle.ts';

export interface AddCard {
  readonly caller: DeviceCaller | MemberCaller;
  readonly request: Request;
  /** Encrypted to the card network's tokeniser, base64url; nobody here can open it. */
  readonly card: string;
}

export interface CardAdded {
  readonly card: string;
  readonly brand: string;
  readonly lastFour: string;
  readonly position: bigint;
}

export async function addEnrolmentCard(
  deps: Deps,
  input: AddCard & { readonly caller: DeviceCaller; readonly enrolment: string },
): Promise<CardAdded> {
  return addCardTo(deps, enrolmentStream(deps, input.caller, input.enrolment), input);
}

/** The network turns the number into a token of its own; only that is kept, sealed under the card's own key. */
export async function addCardTo(deps: Deps, stream: string, { caller, request, card }: AddCard): Promise<CardAdded> {
  const who = whoOf(caller);
  const { plan } = await claim(deps, request, who, async () => {
    const { state } = await load(deps.ledger, oneIds, stream);
    if (!isLiving(state)) throw new Refused('one-id-gone', 'this One ID is no more', 'gone');
    return { stream, card: newId() };
  });
  const sender = caller.kind === 'device' ? caller.device : 'member';
  const answer = await deps.network.tokenise(
    { key: `card/${plan.card}`, card, context: { sender, request: request.idempotencyKey } },
    { deadlineMs: deps.policy.networkDeadlineMs },
  );
  if (answer.outcome === 'refused') {
    throw new Refused('card-refused', 'the card network does not take this card', 'invalid', { reason: answer.reason });
  }
  await deps.keyring.make([`${plan.stream}/${plan.card}`]);
  const { networkToken: token, brand, lastFour, expiry } = answer;
  const sealed = { token, brand, lastFour, expiry };
  const command = { type: 'AddCard', at: isoNow(deps.clock), card: plan.card, sealed } as const;
  const { position } = await decideOn(deps, oneIds, plan.stream, command, who);
  return { card: plan.card, brand, lastFour, position };
}
