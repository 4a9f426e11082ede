import type { ErasureReason } from '#libs/domain/one-id/events.ts';
import { Refused } from '#libs/domain/refused.ts';
import { commitmentTo } from '#libs/evidence/commitment.ts';
import { isoNow } from '#libs/runtime/clock.ts';
import { contactsOf } from '../contacts/contacts.ts';
import { tell } from '../contacts/tell.ts';
import type { Deps } from '../deps.ts';
import { erasures } from '../stream/aggregates.ts';
import { decideOn, type Who } from '../stream/decide.ts';
import { receiptHash, receiptOf, type ErasureSeed } from './receipt.ts';

export interface StartErasure {
  /** Without the kind. */
  readonly oneId: string;
  readonly reason: ErasureReason;
  /** A principal where an admin asked, whom a second one then has to approve; else empty. */
  readonly requestedBy: string;
  /** From the plan of whoever asks, with an erasure id that the keyring reserved: so a repetition starts nothing twice. */
  readonly seed: ErasureSeed;
}

/** The person did not ask: there is time to object. Whoever asked has waited, or held the palm over a device. */
const WITHDRAWABLE: readonly ErasureReason[] = ['admin', 'unused', 'service-closed'];

/** Reasons where nobody is given a receipt on the spot: the last message brings it. */
const BY_LAST_MESSAGE: readonly ErasureReason[] = ['admin', 'unused', 'lapsed', 'service-closed'];

/**
 * The erasure's own stream begins: before the One ID's stream names it, so that no One ID ever waits for an erasure that
 * nobody knows. Where a crash falls between, this one stays without its One ID, and the workflow withdraws it.
 * Answers with what the One ID's event seals.
 */
export async function startErasure(deps: Deps, input: StartErasure, who: Who): Promise<{ readonly erasure: string }> {
  const { oneId, reason, requestedBy, seed } = input;
  const stream = `erasure-${seed.erasure}`;
  const receipt = receiptOf(seed);
  const now = deps.clock.now().getTime();
  const { contacts, language } = await contactsOf(deps, `oneId-${oneId}`);
  const needsApproval = reason === 'admin';
  const withdrawableFor = WITHDRAWABLE.includes(reason) ? deps.policy.changeHours * 3_600_000 : 0;
  const command = {
    type: 'StartErasure',
    at: isoNow(deps.clock),
    reason,
    requestedBy,
    needsApproval,
    dueBy: new Date(now + deps.policy.erasureDueDays * 86_400_000).toISOString(),
    withdrawableUntil: new Date(now + withdrawableFor).toISOString(),
    receiptHash: receiptHash(receipt),
    commitment: commitmentTo(oneId, seed.salt),
    sealed: {
      oneId,
      salt: seed.salt,
      receipt: BY_LAST_MESSAGE.includes(reason) ? receipt : '',
      contacts: contacts.map(({ number }) => ({ channel: 'sms', to: number, language })),
    },
  } as const;
  const { state } = await decideOn(deps, erasures, stream, command, who);
  // Begun long ago by a request that was cut off, and withdrawn since: no One ID may be made to wait for it.
  if (state.status === 'withdrawn' || state.status === 'refused')
    throw new Refused('erasure-ended', 'This erasure has ended.', 'gone');
  const dueBy = 'about' in state ? state.about.dueBy : command.dueBy;
  const step = `erasure-started/${seed.erasure}`;
  // An enrolment is not taken up again, so nothing is said of withdrawing.
  if (reason === 'lapsed') await tell(deps, `oneId-${oneId}`, step, 'enrolment-lapsed', {});
  else await tell(deps, `oneId-${oneId}`, step, 'erasure-started', { dueBy });
  return { erasure: stream };
}
