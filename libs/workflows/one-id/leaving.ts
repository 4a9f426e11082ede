import { isoNow } from '#libs/runtime/clock.ts';
import type { Deps } from '#libs/use-cases/deps.ts';
import { erasureOf } from '#libs/use-cases/leaving/stay.ts';
import { erasures, oneIds } from '#libs/use-cases/stream/aggregates.ts';
import { decideOn } from '#libs/use-cases/stream/decide.ts';
import { load } from '#libs/use-cases/stream/load.ts';
import { systemWho } from '../system.ts';

/** Somebody took the erasure back and was cut off between the two streams: the One ID comes back as well. */
export async function watchLeaving(deps: Deps, stream: string): Promise<void> {
  const { state } = await load(deps.ledger, oneIds, stream);
  if (state.status !== 'leaving' || state.before === 'enrolling') return;
  const erasure = await erasureOf(deps, stream);
  if (erasure === undefined) return;
  const { status } = (await load(deps.ledger, erasures, erasure)).state;
  if (status !== 'withdrawn' && status !== 'refused') return;
  const command = { type: 'WithdrawErasure', at: isoNow(deps.clock), reason: status } as const;
  await decideOn(deps, oneIds, stream, command, systemWho('erasure'));
}
