import { isLiving } from '#libs/domain/one-id/state.ts';
import { Refused } from '#libs/domain/refused.ts';
import type { CredentialKind } from '#libs/domain/values.ts';
import { isoNow } from '#libs/runtime/clock.ts';
import { whoOf, type DeviceCaller } from '../callers.ts';
import { claim, type Request } from '../claim/claim.ts';
import type { Deps } from '../deps.ts';
import { findItem } from '../one-id/items.ts';
import { pseudonymFor } from '../one-id/pseudonym.ts';
import { redeem, type Ticketed } from '../one-id/ticket.ts';
import { openTransaction } from '../one-id/transactions.ts';
import { requireAllowed } from '../party/allowed.ts';
import { closeTransaction } from '../payment/close.ts';
import { checks, oneIds } from '../stream/aggregates.ts';
import { decideOn } from '../stream/decide.ts';
import { load } from '../stream/load.ts';

export interface Check {
  readonly caller: DeviceCaller;
  readonly request: Request;
  readonly ticket: string;
  readonly kind: CredentialKind;
}

export interface Checked {
  readonly check: string;
  readonly kind: CredentialKind;
  readonly answer: 'yes' | 'no';
  /** The third party's own reference, where it was this one that granted the credential; never for a proof of age. */
  readonly reference?: string;
  /** What was granted with it: for a proof of age no more than the band. */
  readonly facts?: Readonly<Record<string, string>>;
  /** How this merchant knows the member. */
  readonly pseudonym: string;
  readonly position: bigint;
}

interface Plan extends Ticketed {
  readonly check: string;
}

/** Whether the person whose palm it is holds a badge, a loyalty card, a subscription, or an age. */
export async function checkByPalm(deps: Deps, { caller, request, ticket, kind }: Check): Promise<Checked> {
  const who = whoOf(caller);
  const { plan, key } = await claim<Plan>(deps, request, who, async () => {
    await requireAllowed(deps, caller, kind);
    const ticketed = await redeem(deps, caller, ticket, { purpose: 'check', request: request.idempotencyKey });
    const [check] = await deps.keyring.reserve('check');
    return { ...ticketed, check: `check-${check!}` };
  });
  const earlier = await load(deps.ledger, checks, plan.check);
  const found = await heldBy(deps, caller, `oneId-${plan.oneId}`, kind);
  const pseudonym = await pseudonymFor(deps.keyring, plan.oneId, `merchant-${caller.merchant}`);
  const check = plan.check.slice('check-'.length);
  const told = (answer: Checked['answer'], position: bigint): Checked => {
    // What was answered stands; what is told with a yes is told as long as it is held.
    const { answer: _now, ...more } = found;
    return { check, kind, answer, ...(answer === 'yes' ? more : {}), pseudonym, position };
  };
  if (earlier.state.phase !== 'none') return told(earlier.state.answer, earlier.position);
  const opening = {
    kind: 'check',
    settleSeconds: deps.policy.settlePaymentSeconds,
    streams: [plan.check, key],
  } as const;
  const { number, open } = await openTransaction(deps, caller, plan, opening);
  const { merchant, site, device } = caller;
  const owner = { oneId: plan.oneId, transaction: number, pseudonym };
  const asked = { merchant, site, device, kind, answer: found.answer };
  const record = { type: 'RecordCheck', at: isoNow(deps.clock), ...asked, owner } as const;
  const { state } = await decideOn(
    deps,
    checks,
    plan.check,
    ({ phase }) => {
      // Whoever asks at the same moment has its answer; whoever was settled meanwhile has none.
      if (phase !== 'none') return [];
      if (!open)
        throw new Refused('ticket-used', 'this ended a while ago; hold the palm over the device again', 'gone');
      return record;
    },
    who,
  );
  const position = await closeTransaction(deps, `oneId-${plan.oneId}`, number, 'completed', who);
  return told(state.phase === 'none' ? found.answer : state.answer, position);
}

interface Found {
  readonly answer: 'yes' | 'no';
  readonly reference?: string;
  readonly facts?: Readonly<Record<string, string>>;
}

/** A badge, loyalty card or subscription counts where it was granted; an age counts everywhere, and tells nothing but itself. */
async function heldBy(deps: Deps, caller: DeviceCaller, stream: string, kind: CredentialKind): Promise<Found> {
  const { state, places } = await load(deps.ledger, oneIds, stream);
  if (!isLiving(state)) return { answer: 'no' };
  for (const { credential } of state.credentials.filter((one) => one.kind === kind)) {
    const sealed = await findItem(deps, stream, places, credential);
    if (sealed === undefined) continue;
    const { thirdParty, reference, facts } = sealed as unknown as Granted;
    if (kind === 'age') return { answer: 'yes', facts };
    if (thirdParty === caller.merchant) return { answer: 'yes', reference, facts };
  }
  return { answer: 'no' };
}

interface Granted {
  readonly thirdParty: string;
  readonly reference: string;
  readonly facts: Readonly<Record<string, string>>;
}
