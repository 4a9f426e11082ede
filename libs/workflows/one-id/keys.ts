import { destructibleItems, isLiving } from '#libs/domain/one-id/state.ts';
import { isoNow } from '#libs/runtime/clock.ts';
import type { Deps } from '#libs/use-cases/deps.ts';
import { oneIds } from '#libs/use-cases/stream/aggregates.ts';
import { decideOn } from '#libs/use-cases/stream/decide.ts';
import { load } from '#libs/use-cases/stream/load.ts';
import { systemWho } from '../system.ts';

const WHO = systemWho('keys');

/**
 * What was removed loses its key: the intent first, then the walk, which concurrent destructions share, then it is recorded.
 * Answers whether something removed still waits for an open transaction or a hold.
 */
export async function destroyRemoved(deps: Deps, stream: string): Promise<{ readonly waiting: boolean }> {
  const before = await load(deps.ledger, oneIds, stream);
  if (!isLiving(before.state)) return { waiting: false };
  const items = destructibleItems(before.state);
  const waiting = before.state.removed.length > items.length;
  if (items.length === 0) return { waiting };
  const at = isoNow(deps.clock);
  await decideOn(
    deps,
    oneIds,
    stream,
    items.map(({ ref }) => ({ type: 'BeginKeyDestruction', at, scope: ref })),
    WHO,
  );
  const names = items.map(({ ref }) => `${stream}/${ref}`);
  for (const name of names) await deps.outbox.voidKey(name);
  const { epoch } = await deps.keyring.destroy(names);
  const oneId = stream.slice('oneId-'.length);
  const palms = items.filter(({ kind }) => kind === 'palm').map(({ ref }) => ({ oneId, palm: ref }));
  // The zone acknowledges: whatever it held of them is overwritten, and nothing opened before gets in again.
  if (palms.length > 0) await deps.recognition.forget(epoch, { oneIds: [], palms });
  await decideOn(
    deps,
    oneIds,
    stream,
    items.map(({ ref }) => ({ type: 'RecordKeyDestroyed', at: isoNow(deps.clock), scope: ref, epoch })),
    WHO,
  );
  return { waiting };
}
