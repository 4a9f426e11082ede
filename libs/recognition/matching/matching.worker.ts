import { parentPort, receiveMessageOnPort, workerData, type MessagePort } from 'node:worker_threads';
import { decisionScore, fuse } from '../palm/compare.ts';
import type { Answered, Asked, Change, Packed, PackedEntry, Search } from './messages.ts';
import { MatchingRefused } from './refused.ts';
import { newSignatureIndex, type Put } from './signature-index.ts';
import type { Signature } from '../palm/port.ts';
import type { ModelShape } from './entry.ts';

const { shapes, searches } = workerData as { shapes: readonly ModelShape[]; searches: MessagePort };
const changes = parentPort!;
const index = newSignatureIndex(shapes, (probe, { similarity, codeScore, signature }) =>
  codeScore === undefined ? decisionScore(probe, signature) : fuse(similarity, codeScore),
);

/** A long batch of entries lets searches pass after so many. */
const ENTRIES_AT_ONCE = 8;
const SEARCHES_AT_ONCE = 4;
let changing = false;

searches.on('message', (asked: Asked<Search>) => {
  answerSearch(asked);
  letOneChangePass();
});
changes.on('message', (asked: Asked<Change>) => {
  answerChange(asked);
  letSearchesPass();
});

/** Changes may stand in a long queue; searches that wait go between them, a few at a time, so that changes get on as well. */
function letSearchesPass(): void {
  for (let passed = 0; passed < SEARCHES_AT_ONCE; passed++) {
    const next = receiveMessageOnPort(searches);
    if (next === undefined) return;
    answerSearch(next.message as Asked<Search>);
  }
}

/** Searches that come without a pause would keep changes waiting for ever: between two of them one change has its turn. */
function letOneChangePass(): void {
  const next = changing ? undefined : receiveMessageOnPort(changes);
  if (next !== undefined) answerChange(next.message as Asked<Change>);
}

function answerSearch({ id, ask }: Asked<Search>): void {
  answer(searches, id, () =>
    withSignature(ask.probe, (probe) => ({
      matches: index.search(probe, ask.excludeOneId),
      palms: index.palms(),
    })),
  );
}

function answerChange({ id, ask }: Asked<Change>): void {
  changing = true;
  answer(changes, id, () => change(ask));
  changing = false;
}

function change(ask: Change): Extract<Answered, { ok: unknown }>['ok'] {
  switch (ask.do) {
    case 'put':
      return ask.entries.map((entry, at) => put(entry, ask.epoch, at));
    case 'remove':
      return index.remove(ask.oneId, ask.palm);
    case 'removeOneId':
      return index.removeOneId(ask.oneId);
    case 'clearedTo':
      index.clearedTo(ask.epoch);
      return null;
    case 'status':
      return index.status();
  }
}

function put({ oneId, palm, hand, signature }: PackedEntry, epoch: number, at: number): Put {
  if (at % ENTRIES_AT_ONCE === 0) letSearchesPass();
  return withSignature(signature, (opened) => index.put({ oneId, palm, hand, signature: opened }, epoch));
}

function withSignature<Result>(packed: Packed, use: (signature: Signature) => Result): Result {
  const vectorBytes = packed.dimensions * 4;
  try {
    return use({
      modelVersion: packed.modelVersion,
      vector: new Float32Array(packed.bytes, 0, packed.dimensions),
      code: new Uint8Array(packed.bytes, vectorBytes),
    });
  } finally {
    new Uint8Array(packed.bytes).fill(0);
  }
}

function answer(port: MessagePort, id: number, make: () => Extract<Answered, { ok: unknown }>['ok']): void {
  try {
    port.postMessage({ id, ok: make(), palms: index.palms() } satisfies Answered);
  } catch (error) {
    if (error instanceof MatchingRefused) port.postMessage({ id, refused: error.code } satisfies Answered);
    else port.postMessage({ id, failed: error instanceof Error ? error.name : 'unknown' } satisfies Answered);
  }
}
