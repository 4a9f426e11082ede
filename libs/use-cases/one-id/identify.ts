import type { SignedRequest } from '#libs/device-protocol/headers.ts';
import type { Purpose } from '#libs/device-protocol/purpose.ts';
import { identifiesBy } from '#libs/domain/one-id/state.ts';
import { Refused } from '#libs/domain/refused.ts';
import type { DeviceCaller } from '../callers.ts';
import type { Deps } from '../deps.ts';
import { requireSiteOpen } from '../party/allowed.ts';
import { oneIds } from '../stream/aggregates.ts';
import { load } from '../stream/load.ts';
import { redeem } from './ticket.ts';

export interface Identify {
  readonly caller: DeviceCaller;
  readonly signed: SignedRequest;
  /** The key under which the write that spends the ticket will go. */
  readonly idempotencyKey: string;
  readonly purpose: Exclude<Purpose, 'enrol'>;
  readonly amount?: number;
  readonly currency?: string;
  readonly capture: string;
  readonly lastFour?: string;
  readonly follows?: string;
}

export interface Identified {
  readonly outcome: 'ticket';
  readonly ticket: string;
  readonly expiresAt: string;
}

/**
 * A palm over a device. Answers with a ticket, never with a One ID. Throws `nobody` (404), `more-wanted` (409: last four
 * digits of the phone, or the other hand), `palm-refused` (422, with reasons that a person can act on).
 */
export async function identify(deps: Deps, input: Identify): Promise<Identified> {
  const { caller, signed, idempotencyKey, purpose, amount, currency, capture, lastFour, follows } = input;
  await requireSiteOpen(deps, caller);
  const money = amount === undefined || currency === undefined ? {} : { amount, currency };
  const binding = { device: caller.device, merchant: caller.merchant, purpose, request: idempotencyKey, ...money };
  const more = { ...(lastFour === undefined ? {} : { lastFour }), ...(follows === undefined ? {} : { follows }) };
  const outcome = await deps.recognition.identify({ signed, capture, binding, ...more });
  switch (outcome.outcome) {
    case 'ticket':
      if (!(await identifiesNow(deps, caller, outcome.ticket, binding))) throw nobody();
      return outcome;
    case 'nobody':
      throw nobody();
    case 'more':
      throw new Refused('more-wanted', 'something more is needed to be sure', 'conflict', {
        wanted: outcome.wanted,
        try: outcome.try,
      });
    case 'refused':
      throw new Refused('palm-refused', 'the picture could not be used', 'invalid', { reasons: outcome.reasons });
  }
}

/** The index hears of a pause or of a wish to leave a moment later than the stream; the stream is asked, so a ticket never outruns it. */
async function identifiesNow(
  deps: Deps,
  caller: DeviceCaller,
  ticket: string,
  use: Parameters<typeof redeem>[3],
): Promise<boolean> {
  const { oneId, palm } = await redeem(deps, caller, ticket, use);
  const { state } = await load(deps.ledger, oneIds, `oneId-${oneId}`);
  return identifiesBy(state, palm);
}

function nobody(): Refused {
  return new Refused('nobody', 'this palm is not known here', 'missing');
}
