import { createHash } from 'node:crypto';
import { Refused } from '#libs/domain/refused.ts';
import { whoOf, type DeviceCaller } from '../callers.ts';
import { claim, type Request } from '../claim/claim.ts';
import type { Deps } from '../deps.ts';
import { requireSiteOpen } from '../party/allowed.ts';
import { oneIds } from '../stream/aggregates.ts';
import { decideOn } from '../stream/decide.ts';
import { enrolmentHandle } from './handle.ts';

export interface StartEnrolment {
  readonly caller: DeviceCaller;
  readonly request: Request;
  /** What the person read and agreed to. */
  readonly consent: { readonly version: string; readonly language: string };
}

export interface EnrolmentStarted {
  /** To be given back by this device with each step. */
  readonly handle: string;
  readonly enrolBy: string;
  readonly position: bigint;
}

/** Consent is given before anything is asked of the hand; then there are 24 hours for the rest. */
export async function startEnrolment(
  deps: Deps,
  { caller, request, consent }: StartEnrolment,
): Promise<EnrolmentStarted> {
  const { version, language } = consent;
  const who = whoOf(caller);
  const { plan, key } = await claim(deps, request, who, async () => {
    requireInForce(deps, version);
    await requireSiteOpen(deps, caller);
    const [oneId] = await deps.keyring.reserve('oneId');
    return { oneId: oneId!, startedAt: deps.clock.now().toISOString() };
  });
  const { device, site, merchant } = caller;
  const at = plan.startedAt;
  const enrolBy = new Date(Date.parse(at) + deps.policy.enrolmentHours * 3_600_000).toISOString();
  const ticketHash = createHash('sha256').update(key).digest('base64url');
  const begin = [
    { type: 'StartEnrolment', at, enrolBy, ticketHash, streams: [key], sealed: { device, site, merchant } },
    { type: 'GiveConsent', at, version, sealed: { language, device } },
  ] as const;
  // The stream's name is of this request alone: where it is there, this request began it, whatever came after.
  const decided = await decideOn(
    deps,
    oneIds,
    `oneId-${plan.oneId}`,
    ({ status }) => (status === 'unknown' ? begin : []),
    who,
  );
  return { handle: enrolmentHandle(deps, caller, plan.oneId), enrolBy, position: decided.position };
}

function requireInForce({ policy }: Deps, version: string): void {
  if (version === policy.consentVersion) return;
  throw new Refused('consent-outdated', 'this is not the text in force', 'invalid', { version: policy.consentVersion });
}
