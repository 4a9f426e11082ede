import { createHmac, timingSafeEqual } from 'node:crypto';
import type { WaitingChange } from '#libs/domain/one-id/state.ts';
import { Refused } from '#libs/domain/refused.ts';
import type { Deps } from '../deps.ts';

const TRIES = { name: 'confirmation', times: 5, seconds: 600 } as const;

/**
 * What the member types at a device, beside the palm: it says which change is meant, and that it is the member who means it
 * and not the shop. Six digits that follow from the change, so that nothing is kept and it can be shown again.
 */
export function confirmationCode(deps: Pick<Deps, 'keys'>, stream: string, change: string): string {
  const mac = createHmac('sha256', deps.keys.handleSecret).update(`confirm\n${stream}\n${change}`).digest();
  return (mac.readUIntBE(0, 6) % 1_000_000).toString().padStart(6, '0');
}

/** The waiting change that is meant. Throws `code-wrong` (403), or `too-many-tries` (429) after five in ten minutes. */
export async function changeMeant(
  deps: Pick<Deps, 'keys' | 'codes'>,
  stream: string,
  waiting: readonly WaitingChange[],
  code: string,
): Promise<WaitingChange> {
  const mark = createHmac('sha256', deps.keys.handleSecret).update(`confirm tries\n${stream}`).digest('base64url');
  const wait = await deps.codes.count(TRIES, mark);
  if (wait > 0) {
    const retryAfter = Math.ceil(wait / 1_000);
    throw new Refused('too-many-tries', 'too many tries; wait a little', 'limited', { retryAfter });
  }
  const meant = waiting.find(({ change }) => isCode(code, confirmationCode(deps, stream, change)));
  if (meant === undefined) throw new Refused('code-wrong', 'this is not the code of a change that waits', 'forbidden');
  return meant;
}

function isCode(typed: string, right: string): boolean {
  const [a, b] = [Buffer.from(typed), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}
