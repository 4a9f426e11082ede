import { isoNow } from '#libs/runtime/clock.ts';
import { tell } from '../contacts/tell.ts';
import type { Deps } from '../deps.ts';
import { decideOnce, type Asking } from '../one-id/once.ts';

/** The member's own lock: until it is opened the palm pays, enters and shows nothing. */
export async function pauseOneId(deps: Deps, asking: Asking): Promise<{ position: bigint }> {
  const at = isoNow(deps.clock);
  const told = await decideOnce(deps, asking, { type: 'Pause', at, reason: 'member' }, { type: 'Paused' });
  await tell(deps, told.stream, `paused/${told.position}`, 'security-notice', { what: 'paused', at });
  return { position: told.position };
}

/** An admin's suspension stays, where there is one. */
export async function unpauseOneId(deps: Deps, asking: Asking): Promise<{ position: bigint }> {
  const at = isoNow(deps.clock);
  const told = await decideOnce(deps, asking, { type: 'Unpause', at, reason: 'member' }, { type: 'Unpaused' });
  await tell(deps, told.stream, `unpaused/${told.position}`, 'security-notice', { what: 'unpaused', at });
  return { position: told.position };
}
