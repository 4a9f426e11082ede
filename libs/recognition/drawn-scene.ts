import type { CaptureBinding, Purpose } from '#libs/device-protocol/purpose.ts';
import type { SignedKey } from '#libs/device-protocol/signed-key.ts';
import type { Hand } from '#libs/domain/values.ts';
import { newId } from '#libs/runtime/ids.ts';
import { entryOf, newPlace, type DrawnPicture, type DrawnZone } from './drawn-zone.ts';
import type { EnrolOutcome, IdentifyOutcome, PalmEntry, Recognition, SealingPlace } from './port.ts';

/** The sentences of the contract suite: a till in front of a zone. */
export interface Scene {
  readonly zone: Recognition;
  readonly drawn: DrawnZone;
  /** What the till asks for next, under a key of its own: 12.50 EUR where it is a payment. */
  readonly bindingOf: (purpose: Purpose) => CaptureBinding;
  readonly enrol: (
    oneId: string,
    person: number,
    hand: Hand,
    place?: SealingPlace,
    binding?: CaptureBinding,
  ) => Promise<EnrolOutcome>;
  /** Enrolled, in the ledger and matchable. */
  readonly enrolled: (person: number, hand: Hand, oneId?: string) => Promise<PalmEntry>;
  /** A payment, unless the binding says something else; the left hand, unless the picture does. */
  readonly identify: (of: Partial<DrawnPicture> & { person: number }, how?: How) => Promise<IdentifyOutcome>;
  /** Redeems the ticket that `identify` was answered with last. */
  readonly oneIdOf: (outcome: IdentifyOutcome) => Promise<string>;
}

interface How {
  readonly binding?: CaptureBinding;
  readonly sealedFor?: CaptureBinding;
  readonly key?: SignedKey;
  readonly lastFour?: string;
  readonly follows?: string;
}

let takes = 0;

export function picture(of: Partial<DrawnPicture> & { person: number }): DrawnPicture {
  return { hand: 'left', take: ++takes, ...of };
}

export function sceneOf(zone: Recognition, drawn: DrawnZone): Scene {
  let asked: CaptureBinding | undefined;
  const { till } = drawn;

  const bindingOf = (purpose: Purpose): CaptureBinding => ({
    device: till.id,
    merchant: till.merchant,
    purpose,
    request: newId(),
    ...(purpose === 'pay' ? { amount: 1_250, currency: 'EUR' } : {}),
  });

  const enrol: Scene['enrol'] = async (oneId, person, hand, place = newPlace(oneId), binding = bindingOf('enrol')) => {
    const request = await till.request(await zone.captureKey(), picture({ person, hand }), binding);
    return zone.enrol({ ...request, oneId, hand, place });
  };

  return {
    zone,
    drawn,
    bindingOf,
    enrol,
    enrolled: async (person, hand, oneId = newId()) => {
      const place = newPlace(oneId);
      const entry = entryOf(oneId, hand, place, acceptedOf(await enrol(oneId, person, hand, place)).sealed);
      const taken = await zone.palmEnrolled(entry);
      if (taken !== 'matchable') throw new Error('it should have become matchable');
      return entry;
    },
    identify: async (of, { binding = bindingOf('pay'), sealedFor = binding, key, lastFour, follows } = {}) => {
      asked = binding;
      const more = { sealedFor, ...(lastFour === undefined ? {} : { lastFour }) };
      const request = await till.request(key ?? (await zone.captureKey()), picture(of), binding, more);
      return zone.identify({
        ...request,
        ...(lastFour === undefined ? {} : { lastFour }),
        ...(follows === undefined ? {} : { follows }),
      });
    },
    oneIdOf: async (outcome) => {
      const redeemed = await zone.redeem(ticketOf(outcome), asked!);
      if (redeemed.outcome !== 'redeemed') throw new Error(redeemed.reason);
      return redeemed.oneId;
    },
  };
}

export function refused(reason: string) {
  return { outcome: 'refused', reasons: [reason] };
}

export function acceptedOf(outcome: EnrolOutcome): Extract<EnrolOutcome, { outcome: 'accepted' }> {
  if (outcome.outcome !== 'accepted') throw new Error(JSON.stringify(outcome));
  return outcome;
}

export function ticketOf(outcome: IdentifyOutcome): string {
  if (outcome.outcome !== 'ticket') throw new Error(JSON.stringify(outcome));
  return outcome.ticket;
}

export function tryOf(outcome: IdentifyOutcome): string {
  if (outcome.outcome !== 'more') throw new Error(JSON.stringify(outcome));
  return outcome.try;
}
