import type { OpenTransaction } from '#libs/domain/one-id/commands.ts';
import { isLiving, type OneIdState } from '#libs/domain/one-id/state.ts';
import type { DeviceCaller } from '../callers.ts';
import type { Deps } from '../deps.ts';
import type { Ticketed } from './ticket.ts';

/** Long enough for the step that it was opened for; then whoever settles closes it. */
const SETTLE_SECONDS = 120;

/** The palm at a device, for something about the One ID itself: also the record of the last time that a device saw the person. */
export function manageCommand(
  deps: Pick<Deps, 'clock'>,
  { merchant, site, device }: DeviceCaller,
  { palm, ticketHash, ticketExpiresAt, evidence }: Ticketed,
  at: string,
  streams: readonly string[],
): OpenTransaction {
  const settleBy = new Date(deps.clock.now().getTime() + SETTLE_SECONDS * 1_000).toISOString();
  const sealed = { streams, merchant, site, device, evidence };
  return { type: 'OpenTransaction', kind: 'manage', at, settleBy, palm, ticketHash, ticketExpiresAt, sealed };
}

/** The number that the next transaction gets. */
export function nextNumber(state: OneIdState): number {
  return isLiving(state) ? state.transactions.next : 0;
}
