import { standsOut } from '../matching/open-set.ts';
import type { Match } from '../matching/signature-index.ts';
import type { IdentifyOutcome, IdentifyRequest } from '../port.ts';
import { standsIn } from './admit.ts';
import { printOfAttempt } from './bindings.ts';
import { inTime } from './doubt.ts';
import { isAmong } from './last-four.ts';
import { mayGoWithoutNearInfrared } from './policy.ts';
import type { Likeness, PalmSeen } from './read-palm.ts';
import type { ZoneState } from './zone-state.ts';

/** What four digits of a phone leave of a stranger's chance. */
const DIGITS = 10_000;

/** Whom a palm points at, and on what grounds. */
interface Pointed extends Likeness {
  readonly best: Match;
}

/** Open-set identification of a palm that was read, by the policy for a crowd of this size. */
export async function identifyPalm(
  state: ZoneState,
  request: IdentifyRequest,
  seen: PalmSeen,
): Promise<IdentifyOutcome> {
  const { policy } = state.parts;
  if (!seen.likenesses[0].read.nearInfrared && !mayGoWithoutNearInfrared(policy, request.binding)) {
    return { outcome: 'refused', reasons: ['near-infrared-wanted'] };
  }
  if (request.lastFour !== undefined && !isSignedDigits(request)) {
    return { outcome: 'refused', reasons: ['not-in-signed-body'] };
  }
  const pointed = pointedAt(seen, policy.margin);
  if (pointed === undefined || state.closed.has(pointed.best.oneId)) return { outcome: 'nobody' };
  const outcome = await answerFor(state, request, pointed);
  if ('rate' in outcome) {
    seen.stillHolds(pointed.best.oneId);
    return ticketFor(state, request, pointed, outcome.rate);
  }
  return outcome;
}

/** Where two models point at two people, it is nobody. */
function pointedAt({ likenesses }: PalmSeen, margin: number): Pointed | undefined {
  const pointed = likenesses.flatMap((likeness) => {
    const best = standsOut(likeness.matches, likeness.crowd.threshold, margin);
    return best === undefined ? [] : [{ ...likeness, best }];
  });
  return pointed.every(({ best }) => best.oneId === pointed[0]!.best.oneId) ? pointed[0] : undefined;
}

/** `rate`: believed, at this false-positive rate. */
async function answerFor(
  state: ZoneState,
  request: IdentifyRequest,
  pointed: Pointed,
): Promise<IdentifyOutcome | { readonly rate: number }> {
  if (pointed.crowd.supported) return { rate: pointed.crowd.rate };
  if (request.lastFour !== undefined) return withDigits(state, request, request.lastFour, pointed);
  if (request.follows !== undefined) return withOtherHand(state, request, request.follows, pointed);
  return more(state, request, pointed.best);
}

function isSignedDigits({ lastFour, signed }: IdentifyRequest): boolean {
  return /^\d{4}$/.test(lastFour!) && standsIn(signed.body, lastFour!);
}

function more(state: ZoneState, { binding }: IdentifyRequest, { oneId, palm }: Match): IdentifyOutcome {
  const reference = state.secondLooks.make({ oneId, palm }, printOfAttempt(binding));
  return { outcome: 'more', wanted: ['lastFour', 'otherHand'], try: reference };
}

async function withDigits(
  state: ZoneState,
  request: IdentifyRequest,
  digits: string,
  { best, crowd }: Pointed,
): Promise<IdentifyOutcome | { readonly rate: number }> {
  const { device } = request.binding;
  // Both are counted before the digits are looked at.
  const mayTry = [state.triesOfDevice.take(device), state.triesOfOneId.take(best.oneId)];
  if (mayTry.includes(false)) return { outcome: 'refused', reasons: ['too-many-tries'] };
  const phones = await inTime(state.parts.policy.deadlineMs, state.parts.phoneLastFour(best.oneId));
  if (!isAmong(digits, phones)) return more(state, request, best);
  state.triesOfDevice.forgive(device);
  state.triesOfOneId.forgive(best.oneId);
  return { rate: (crowd.rate * phones.length) / DIGITS };
}

/** Two hands that point at one One ID: a stranger would have to be mistaken twice, for the same person. */
function withOtherHand(
  state: ZoneState,
  request: IdentifyRequest,
  follows: string,
  { best, crowd }: Pointed,
): IdentifyOutcome | { readonly rate: number } {
  const first = state.secondLooks.resolve(follows, printOfAttempt(request.binding));
  if (first === undefined || first.palm === best.palm) return more(state, request, best);
  return first.oneId === best.oneId ? { rate: crowd.rate ** 2 } : { outcome: 'nobody' };
}

function ticketFor(state: ZoneState, { binding }: IdentifyRequest, { best, crowd, read }: Pointed, rate: number) {
  const { oneId, palm, score } = best;
  const { quality, nearInfrared, signature } = read;
  const evidence = {
    score,
    threshold: crowd.threshold,
    rate,
    quality,
    model: signature.modelVersion,
    nearInfrared,
  };
  return { outcome: 'ticket', ...state.tickets.issue({ oneId, palm, evidence }, binding) } as const;
}
