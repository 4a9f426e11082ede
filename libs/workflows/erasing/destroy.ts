import type { KeyringCopy } from '#libs/domain/erasure/events.ts';
import type { Destruction } from '#libs/keyring/port.ts';
import { isoNow } from '#libs/runtime/clock.ts';
import { aboutErasure, oneIdOfErasure, sealedIn } from '#libs/use-cases/erasure/about.ts';
import { oneIds } from '#libs/use-cases/stream/aggregates.ts';
import { decideOn } from '#libs/use-cases/stream/decide.ts';
import type { WorkflowDeps } from '../deps.ts';
import { systemWho } from '../system.ts';
import { belongingsOf } from './belongings.ts';
import { claimsNaming } from './claims-naming.ts';
import { recordStep } from './record.ts';

/**
 * All keys of the person in one walk, the One ID's own among them: so where that one is gone, all of them are, and a crash
 * leaves nothing that only the lost list could find. The index acknowledges the walk before it is recorded.
 */
export async function destroyKeys(deps: WorkflowDeps, erasure: string): Promise<void> {
  const oneId = await oneIdOfErasure(deps, erasure);
  const listed = (await belongingsOf(deps, oneId, erasure))?.keys ?? [oneId];
  const names = [...new Set([...listed, ...(await claimsNaming(deps, oneId))])];
  for (const name of names) if (name === oneId || name.includes('/')) await deps.outbox.voidKey(name);
  const destroyed = await deps.keyring.destroy(names);
  const { epoch } = destroyed;
  await deps.recognition.forget(epoch, { oneIds: [oneId.slice('oneId-'.length)], palms: [] });
  const gone = { type: 'RecordKeyDestroyed', at: isoNow(deps.clock), scope: 'all', epoch } as const;
  await decideOn(deps, oneIds, oneId, gone, systemWho('erasure'));
  const keys = (await sealedIn(deps, erasure, 'DestructionBegun'))?.keys ?? names.length;
  await recordStep(deps, erasure, { type: 'RecordKeysDestroyed', epoch, keys, copies: copiesOf(destroyed) });
}

/**
 * The erasure's own key, in a second walk: with it goes the last that could tell whose it was, and claims that were made while the
 * first walk went on.
 */
export async function destroyErasureKey(deps: WorkflowDeps, erasure: string): Promise<void> {
  await deps.outbox.deliver();
  await deps.outbox.voidKey(erasure);
  const about = await aboutErasure(deps, erasure);
  const late = about === undefined ? [] : await claimsNaming(deps, `oneId-${about.oneId}`);
  const destroyed = await deps.keyring.destroy([erasure, ...late]);
  const { epoch } = destroyed;
  await recordStep(deps, erasure, { type: 'RecordErasureKeyDestroyed', epoch, copies: copiesOf(destroyed) });
}

function copiesOf({ copies }: Destruction): readonly KeyringCopy[] {
  return copies.map(({ name, medium }) => ({ name, medium }));
}
