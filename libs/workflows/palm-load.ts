import { clearOf } from '#libs/event-codec/codec.ts';
import type { Ledger, StoredRecord } from '#libs/ledger/port.ts';
import type { PalmEntry, Recognition } from '#libs/recognition/port.ts';
import { palmEntry, SIGNED_TYPES } from './palm-entry.ts';
import { goesWhole, oneIdOf, STANDING_TYPES, type Closed } from './palm-standing.ts';
import { readTypes } from './read-types.ts';

const BATCH = 500;
const ANSWERED_TYPES = ['PalmMatchable', 'PalmDuplicateFound', 'PalmRemoved'];
const GOING_TYPES = ['KeyDestructionBegun', 'KeyDestroyed', 'OneIdErased'];

interface Answers {
  /** By `<one id>/<palm>`. */
  readonly palms: ReadonlyMap<string, 'matchable' | 'off'>;
  readonly gone: ReadonlySet<string>;
}

/**
 * Two readings: first what the ledger has answered already, then the signatures, so that those known to be matchable go in
 * by batches and without a search. The few that were never answered for are searched last, against all others.
 */
export async function loadPalms(
  { ledger, recognition }: { readonly ledger: Ledger; readonly recognition: Recognition },
  closed: Closed,
  search: (record: StoredRecord) => Promise<void>,
): Promise<bigint> {
  const upTo = await ledger.head();
  const answers = await readAnswers(ledger, closed, upTo);
  for (const oneId of closed.oneIds()) await recognition.oneIdClosed(oneId);
  const unanswered: StoredRecord[] = [];
  let batch: PalmEntry[] = [];
  // One batch is opened and taken while the next is read.
  let loading: Promise<unknown> = Promise.resolve();
  const load = async (entries: readonly PalmEntry[]): Promise<void> => {
    await loading;
    loading = recognition.palmsLoaded(entries);
    loading.catch(() => undefined);
  };
  for await (const record of readTypes(ledger, SIGNED_TYPES, upTo)) {
    const answer = answerFor(answers, record);
    if (answer === undefined) unanswered.push(record);
    if (answer !== 'matchable') continue;
    batch.push(palmEntry(record));
    if (batch.length < BATCH) continue;
    await load(batch);
    batch = [];
  }
  if (batch.length > 0) await load(batch);
  await loading;
  for (const record of unanswered) await search(record);
  return upTo;
}

function answerFor({ palms, gone }: Answers, record: StoredRecord): 'matchable' | 'off' | undefined {
  const oneId = oneIdOf(record);
  return gone.has(oneId) ? 'off' : palms.get(`${oneId}/${clearOf(record)['palm'] as string}`);
}

async function readAnswers(ledger: Ledger, closed: Closed, upTo: bigint): Promise<Answers> {
  const palms = new Map<string, 'matchable' | 'off'>();
  const gone = new Set<string>();
  for await (const record of readTypes(ledger, [...STANDING_TYPES, ...ANSWERED_TYPES, ...GOING_TYPES], upTo)) {
    const oneId = oneIdOf(record);
    closed.take(oneId, record.type);
    if (ANSWERED_TYPES.includes(record.type)) {
      const place = `${oneId}/${clearOf(record)['palm'] as string}`;
      palms.set(place, record.type === 'PalmMatchable' ? 'matchable' : 'off');
    }
    if (!goesWhole(record)) continue;
    gone.add(oneId);
    closed.forget(oneId);
  }
  return { palms, gone };
}
