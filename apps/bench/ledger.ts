import { randomBytes, randomUUID } from 'node:crypto';
import { openEmbeddedLedger, type EmbeddedLedger } from '#libs/ledger/embedded/open.ts';
import type { NewRecord } from '#libs/ledger/port.ts';
import { readWhole } from '#libs/ledger/read-whole.ts';
import { newId } from '#libs/runtime/ids.ts';
import { openBareLedger, type BareLedger } from './bare-ledger.ts';
import { beside, type Measured } from './measured.ts';

const SINGLE = 200;
const CALLERS = 64;
const BATCHES = 20;
const FOLDED = 50;

/** The embedded ledger beside SQLite doing the same work in a plain loop. */
export async function benchLedger(folder: string): Promise<Measured[]> {
  const ledger = await openEmbeddedLedger({ dir: folder });
  const bare = openBareLedger(folder);
  try {
    const appended = [
      await beside(
        'one durable append at a time',
        0.6,
        () => single(ledger),
        () => singleBare(bare),
      ),
      await beside(
        `${CALLERS} callers at once`,
        5,
        () => callers(ledger),
        () => singleBare(bare),
      ),
      await beside(
        'batches of 500',
        0.6,
        () => batches(ledger),
        () => batchesBare(bare),
      ),
    ];
    const stream = `payment-${newId()}`;
    await ledger.append(stream, 'none', records(FOLDED));
    bare.append(-1, 0, records(FOLDED));
    const read = [
      await beside(
        'reading all, checked and decoded',
        0.7,
        () => readAll(ledger),
        () => bare.readAll(),
      ),
      await beside(
        `a stream of ${FOLDED} read`,
        0.7,
        () => readStream(ledger, stream),
        () => repeat(() => bare.readStream(-1)),
      ),
    ];
    return [...appended, ...read];
  } finally {
    bare.close();
    await ledger.close();
  }
}

let streams = 0;

async function single(ledger: EmbeddedLedger): Promise<number> {
  for (let done = 0; done < SINGLE; done += 1) await ledger.append(`payment-${newId()}`, 'none', records(1));
  return SINGLE;
}

function singleBare(bare: BareLedger): number {
  for (let done = 0; done < SINGLE; done += 1) bare.append((streams += 1), 0, records(1));
  return SINGLE;
}

async function callers(ledger: EmbeddedLedger): Promise<number> {
  const all = Array.from({ length: CALLERS }, () => single(ledger));
  return (await Promise.all(all)).reduce((total, one) => total + one, 0);
}

async function batches(ledger: EmbeddedLedger): Promise<number> {
  for (let done = 0; done < BATCHES; done += 1) await ledger.append(`payment-${newId()}`, 'none', records(500));
  return BATCHES * 500;
}

function batchesBare(bare: BareLedger): number {
  for (let done = 0; done < BATCHES; done += 1) bare.append((streams += 1), 0, records(500));
  return BATCHES * 500;
}

async function readAll(ledger: EmbeddedLedger): Promise<number> {
  let read = 0;
  for (let after = 0n; ;) {
    const { records: page, next } = await ledger.readAll({ after, limit: 1_000 });
    for (const { clear } of page) JSON.parse(clear);
    read += page.length;
    if (next === after) return read;
    after = next;
  }
}

async function readStream(ledger: EmbeddedLedger, stream: string): Promise<number> {
  let read = 0;
  for (let round = 0; round < 100; round += 1) {
    for await (const { clear } of readWhole(ledger, stream)) {
      JSON.parse(clear);
      read += 1;
    }
  }
  return read;
}

function repeat(work: () => number): number {
  let done = 0;
  for (let round = 0; round < 100; round += 1) done += work();
  return done;
}

function records(count: number): NewRecord[] {
  return Array.from({ length: count }, (_, number) => ({
    id: randomUUID(),
    type: 'TransactionOpened',
    version: 1,
    recordedAt: '2026-11-24T15:00:00.000Z',
    actor: 'device' as const,
    clear: `{"kind":"payment","number":${number},"settleBy":"2026-11-24T15:02:00.000Z"}`,
    sealed: randomBytes(160),
  }));
}
