import { clearOf } from '#libs/event-codec/codec.ts';
import { isoNow } from '#libs/runtime/clock.ts';
import type { Deps } from '#libs/use-cases/deps.ts';

const AT_ONCE = 500;

/** Claims whose 72 hours are over: their keys first, in one walk, then their records. Answers whether there may be more. */
export async function sweepClaims(deps: Pick<Deps, 'ledger' | 'keyring' | 'clock'>): Promise<boolean> {
  const now = isoNow(deps.clock);
  const due = await deps.ledger.dueShortLived(now, AT_ONCE);
  if (due.length === 0) return false;
  const keys = due.filter(({ type }) => type === 'Claimed').map((one) => `claim-${clearOf(one)['key'] as string}`);
  if (keys.length > 0) await deps.keyring.destroy(keys);
  const { streams } = await deps.ledger.sweepShortLived(now, AT_ONCE);
  return streams > 0;
}
