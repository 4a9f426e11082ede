import { isoNow } from '#libs/runtime/clock.ts';
import type { MemberCaller } from '../callers.ts';
import type { Request } from '../claim/claim.ts';
import { tell } from '../contacts/tell.ts';
import type { Deps } from '../deps.ts';
import { addCardTo, type CardAdded } from '../enrolment/card.ts';

export interface AddOwnCard {
  readonly caller: MemberCaller;
  readonly request: Request;
  /** Encrypted to the card network's tokeniser (sender `member`, request: the idempotency key), base64url. */
  readonly card: string;
}

/** From the platform: a code reads, and adds. Every contact is told. */
export async function addOwnCard(deps: Deps, input: AddOwnCard): Promise<CardAdded> {
  const stream = `oneId-${input.caller.oneId}`;
  const added = await addCardTo(deps, stream, input);
  await tellOfCard(deps, stream, added);
  return added;
}

export async function tellOfCard(deps: Deps, stream: string, { card, brand, lastFour }: CardAdded): Promise<void> {
  await tell(deps, stream, `card-added/${card}`, 'card-added', { brand, lastFour, at: isoNow(deps.clock) });
}
