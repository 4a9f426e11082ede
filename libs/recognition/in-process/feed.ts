import type { Signature } from '../palm/port.ts';
import { NotNow, type Forgotten, type PalmEntry, type PalmTaken } from '../port.ts';
import { inTime } from './doubt.ts';
import { overwrite, unpack } from './packing.ts';
import { dropTraces, type ZoneState } from './zone-state.ts';

/** Searched again, in ledger order, before it may match: the first of two enrolments of one palm keeps it. */
export async function takePalm(state: ZoneState, entry: PalmEntry): Promise<PalmTaken> {
  const { index, policy } = state.parts;
  const { oneId, hand } = entry;
  const { palm } = entry.place;
  for (;;) {
    const epoch = state.epoch;
    const signature = await opened(state, entry);
    if (signature === 'gone') return 'gone';
    try {
      const { matches, palms } = await index.search(signature, { excludeOneId: oneId });
      const { threshold } = policy.thresholdFor(palms, signature.modelVersion);
      const other = matches.find(({ score }) => score >= threshold);
      if (other !== undefined) return { duplicateOf: other.oneId };
      const put = await index.add({ oneId, palm, hand, signature }, epoch);
      if (put !== 'stale') return 'matchable';
    } finally {
      overwrite(signature);
    }
  }
}

/** For a start: the ledger has answered the question of duplicates already. */
export async function loadPalms(
  state: ZoneState,
  entries: readonly PalmEntry[],
): Promise<readonly ('loaded' | 'gone')[]> {
  const epoch = state.epoch;
  const signatures = await Promise.all(entries.map((entry) => opened(state, entry)));
  const present = entries.flatMap(({ oneId, hand, place }, at) => {
    const signature = signatures[at]!;
    return signature === 'gone' ? [] : [{ oneId, palm: place.palm, hand, signature }];
  });
  try {
    const puts = await state.parts.index.addMany(present, epoch);
    if (puts.includes('stale')) throw new NotNow('stale');
  } finally {
    for (const { signature } of present) overwrite(signature);
  }
  return signatures.map((signature) => (signature === 'gone' ? 'gone' : 'loaded'));
}

export async function removePalm(state: ZoneState, oneId: string, palm: string): Promise<void> {
  dropTraces(state, oneId, palm);
  await state.parts.index.remove(oneId, palm);
}

/** The epoch first, so that nothing opened before can come in behind the removals. */
export async function forgetAll(state: ZoneState, epoch: number, { oneIds, palms }: Forgotten): Promise<void> {
  state.epoch = Math.max(state.epoch, epoch);
  await state.parts.index.clearedTo(epoch);
  for (const { oneId, palm } of palms) await removePalm(state, oneId, palm);
  for (const oneId of oneIds) {
    dropTraces(state, oneId);
    state.closed.delete(oneId);
    state.triesOfOneId.forgive(oneId);
    await state.parts.index.removeOneId(oneId);
  }
}

async function opened(state: ZoneState, entry: PalmEntry): Promise<Signature | 'gone'> {
  const { vault, policy } = state.parts;
  const shape = state.shapes.get(entry.modelVersion);
  if (shape === undefined) throw new NotNow('failed');
  const bytes = await inTime(policy.deadlineMs, vault.open(entry));
  if (bytes === 'gone') return 'gone';
  try {
    const signature = unpack(bytes, shape);
    if (signature === undefined) throw new NotNow('failed');
    return signature;
  } finally {
    bytes.fill(0);
  }
}
