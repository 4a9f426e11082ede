import { Refused } from '#libs/domain/refused.ts';
import type { Keyring } from '#libs/keyring/port.ts';
import { base32 } from '#libs/runtime/ids.ts';

/**
 * How one party (a merchant, a subscriber) knows a member: derived under the One ID's key, so two parties cannot join what
 * they know, and after an erasure nobody can derive it again.
 */
export async function pseudonymFor(keyring: Pick<Keyring, 'derive'>, oneId: string, party: string): Promise<string> {
  const derived = await keyring.derive(`oneId-${oneId}`, `pseudonym for ${party}`, 16);
  if (derived === 'gone') throw new Refused('one-id-gone', 'this One ID has been erased', 'gone');
  return base32(derived);
}
