import { Refused } from '#libs/domain/refused.ts';
import { isLiving } from '#libs/domain/one-id/state.ts';
import { clearOf } from '#libs/event-codec/codec.ts';
import type { Ledger, StoredRecord } from '#libs/ledger/port.ts';
import { readWhole } from '#libs/ledger/read-whole.ts';
import type { Keyring } from '#libs/keyring/port.ts';
import type { PalmTaken, Recognition } from '#libs/recognition/port.ts';
import { isoNow, type Clock } from '#libs/runtime/clock.ts';
import { oneIds } from '#libs/use-cases/stream/aggregates.ts';
import { decideOn } from '#libs/use-cases/stream/decide.ts';
import { load } from '#libs/use-cases/stream/load.ts';
import { palmEntry, SIGNED_TYPES } from './palm-entry.ts';
import { loadPalms } from './palm-load.ts';
import { Closed, goesWhole, oneIdOf } from './palm-standing.ts';
import { systemWho } from './system.ts';

export interface PalmFeedDeps {
  readonly ledger: Ledger;
  readonly keyring: Pick<Keyring, 'seal'>;
  readonly recognition: Recognition;
  readonly clock: Clock;
}

/** Feeds the matching index and writes down what it found. The loop that calls it stands in pipelines (index-feeder.ts). */
export interface PalmFeed {
  /** At start: everything up to the ledger's head. Answers with the position from which `take` goes on. */
  load(): Promise<bigint>;
  /** One record, in ledger order. One that fails is given again. */
  take(record: StoredRecord): Promise<void>;
  passed(position: bigint, atEnd: boolean): void;
}

const WHO = systemWho('palm-feed');

export function palmFeed(deps: PalmFeedDeps): PalmFeed {
  const { recognition } = deps;
  const closed = new Closed();
  return {
    load: () => loadPalms(deps, closed, (record) => takeSigned(deps, record)),
    take: async (record) => {
      const oneId = oneIdOf(record);
      const turned = closed.take(oneId, record.type);
      if (turned === 'closed') await recognition.oneIdClosed(oneId);
      if (turned === 'opened') await recognition.oneIdReopened(oneId);
      if (SIGNED_TYPES.includes(record.type)) await takeSigned(deps, record);
      if (record.type === 'ErasureWithdrawn') await searchNew(deps, record.stream);
      if (record.type === 'PalmRemoved' || record.type === 'PalmDuplicateFound')
        await recognition.palmRemoved(oneId, clearOf(record)['palm'] as string);
      if (goesWhole(record)) await forgetWhole(deps, closed, record);
      else if (record.type === 'KeyDestroyed') await forgetItem(deps, record);
    },
    passed: (position, atEnd) => recognition.passed(position, atEnd),
  };
}

/** Searched by the zone before it may match; the answer goes on the stream, which may have moved on meanwhile. */
async function takeSigned(deps: PalmFeedDeps, record: StoredRecord): Promise<void> {
  const entry = palmEntry(record);
  const taken = await deps.recognition.palmEnrolled(entry);
  if (taken === 'gone') return;
  await mark(deps, record.stream, entry.place.palm, taken);
  // It may stand there since an earlier search, when the other was not enrolled yet.
  if (taken !== 'matchable') await deps.recognition.palmRemoved(entry.oneId, entry.place.palm);
}

async function mark(
  deps: PalmFeedDeps,
  stream: string,
  palm: string,
  taken: Exclude<PalmTaken, 'gone'>,
): Promise<void> {
  const at = isoNow(deps.clock);
  const command =
    taken === 'matchable'
      ? ({ type: 'MarkPalmMatchable', at, palm } as const)
      : ({ type: 'MarkPalmDuplicate', at, palm, sealed: { oneId: taken.duplicateOf } } as const);
  try {
    await decideOn(deps, oneIds, stream, command, WHO);
  } catch (error) {
    // Leaving, lapsed, expired, or its own first signature stands: the stream takes no answer now.
    if (!(error instanceof Refused)) throw error;
  }
}

/** Who takes back an erasure may have a palm that was never answered for, since the stream took no answer while it was leaving. */
async function searchNew(deps: PalmFeedDeps, stream: string): Promise<void> {
  const { state } = await load(deps.ledger, oneIds, stream);
  if (!isLiving(state)) return;
  const unanswered = new Set(state.palms.filter(({ condition }) => condition === 'new').map(({ palm }) => palm));
  if (unanswered.size === 0) return;
  for await (const record of readWhole(deps.ledger, stream)) {
    if (!SIGNED_TYPES.includes(record.type)) continue;
    if (unanswered.has(clearOf(record)['palm'] as string)) await takeSigned(deps, record);
  }
}

async function forgetWhole({ recognition }: PalmFeedDeps, closed: Closed, record: StoredRecord): Promise<void> {
  const oneId = oneIdOf(record);
  const epoch = (clearOf(record)['epoch'] as number | undefined) ?? recognition.ready().epoch;
  await recognition.forget(epoch, { oneIds: [oneId], palms: [] });
  closed.forget(oneId);
}

async function forgetItem({ recognition }: PalmFeedDeps, record: StoredRecord): Promise<void> {
  const { scope, epoch } = clearOf(record) as { scope: string; epoch: number };
  await recognition.forget(epoch, { oneIds: [], palms: [{ oneId: oneIdOf(record), palm: scope }] });
}
