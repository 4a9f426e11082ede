import type { ErasureCommand } from '#libs/domain/erasure/commands.ts';
import type { Pending } from '#libs/domain/erasure/state.ts';
import { isLiving, type OneIdState } from '#libs/domain/one-id/state.ts';
import { isoNow } from '#libs/runtime/clock.ts';
import { oneIdOfErasure } from '#libs/use-cases/erasure/about.ts';
import { erasureOf } from '#libs/use-cases/leaving/stay.ts';
import { erasures, oneIds } from '#libs/use-cases/stream/aggregates.ts';
import { decideOn } from '#libs/use-cases/stream/decide.ts';
import { load } from '#libs/use-cases/stream/load.ts';
import type { Deps } from '#libs/use-cases/deps.ts';
import { Later } from '../later.ts';
import { systemWho } from '../system.ts';

const WHO = systemWho('erasure');
/** Within it, whoever began the erasure may still come to the One ID's stream, or ask once more. */
const ORPHAN_MS = 15 * 60_000;
const SOON_MS = 1_000;

/**
 * An erasure follows its One ID's stream, where requests, withdrawals and holds are decided: what a crash left between the
 * two is brought over. Answers whether it changed something.
 */
export async function keepInStep(deps: Deps, erasure: string, state: Pending): Promise<boolean> {
  const oneId = await oneIdOfErasure(deps, erasure);
  const one = (await load(deps.ledger, oneIds, oneId)).state;
  if (one.status === 'destroying') return false;
  const named = (await erasureOf(deps, oneId)) === erasure;
  if (!named && deps.clock.now().getTime() - Date.parse(state.startedAt) < ORPHAN_MS)
    throw new Later('the One ID to name its erasure', SOON_MS);
  const at = isoNow(deps.clock);
  const commands: readonly ErasureCommand[] =
    named && one.status === 'leaving'
      ? holdsToBring(one, state, at)
      : [{ type: 'WithdrawErasureProcess', at, by: 'system' }];
  if (commands.length === 0) return false;
  const { events } = await decideOn(deps, erasures, erasure, commands, WHO);
  return events.length > 0;
}

function holdsToBring(one: OneIdState, { holds, releasedHolds }: Pending, at: string): readonly ErasureCommand[] {
  if (!isLiving(one)) return [];
  const placed = one.holds.filter((hold) => !holds.includes(hold) && !releasedHolds.includes(hold));
  const released = holds.filter((hold) => !one.holds.includes(hold));
  return [
    ...placed.map((hold) => ({ type: 'HoldErasure', at, hold, principal: 'system' }) as const),
    ...released.map((hold) => ({ type: 'ReleaseErasure', at, hold, principal: 'system' }) as const),
  ];
}
