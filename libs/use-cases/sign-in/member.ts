import { isLiving } from '#libs/domain/one-id/state.ts';
import { Refused } from '#libs/domain/refused.ts';
import type { MemberSession } from '#libs/identity/sessions.ts';
import { newId } from '#libs/runtime/ids.ts';
import { isoNow } from '#libs/runtime/clock.ts';
import { requireCode } from '../contacts/codes.ts';
import { contactsReached } from '../contacts/index-reached.ts';
import { phoneNumber } from '../contacts/phone-number.ts';
import { tell } from '../contacts/tell.ts';
import type { Deps } from '../deps.ts';
import { oneIds } from '../stream/aggregates.ts';
import { load } from '../stream/load.ts';
import { signInSubject } from './subject.ts';

export interface SignInMember {
  readonly phone: string;
  readonly code: string;
}

/**
 * The member whose verified phone brought the code back. An enrolment that is not completed signs nobody in. The other
 * phones are told, since a code alone may be a thief's.
 */
export async function signInMember(deps: Deps, { phone, code }: SignInMember): Promise<MemberSession> {
  const number = phoneNumber(phone);
  await contactsReached(deps);
  await requireCode(deps, 'sign-in', signInSubject(deps, number), code);
  const owner = deps.contacts.find('phone', number);
  if (owner === undefined) throw nobody();
  const stream = `oneId-${owner.oneId}`;
  const { state } = await load(deps.ledger, oneIds, stream);
  if (!isLiving(state) || state.status === 'enrolling') throw nobody();
  const session = newId();
  const signedInAt = isoNow(deps.clock);
  await tell(deps, stream, `signed-in/${session}`, 'security-notice', { what: 'signed-in', at: signedInAt }, [
    owner.ref,
  ]);
  return { kind: 'member', oneId: owner.oneId, session, by: 'code', signedInAt };
}

function nobody(): Refused {
  return new Refused('code-none', 'there is no code any more; ask for a new one', 'gone');
}
