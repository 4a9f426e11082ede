import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { drawPalm } from '#libs/testing/palms/palm-picture.ts';
import { VECTOR_LENGTH, CODE_BYTES, decisionScore } from './compare.ts';
import { MODEL_VERSION } from './model-version.ts';
import { palmReader } from './palm-reader.ts';
import type { Capture, PalmReader, PalmReading, Signature } from './port.ts';
import type { PalmReaderNotNow } from './port.ts';

/** A worker that does what a visible picture's first byte says. */
const MISBEHAVING = new URL(
  `data:text/javascript,${encodeURIComponent(`
    import { parentPort, threadId } from 'node:worker_threads';
    parentPort.on('message', ({ id, capture }) => {
      const what = capture.visible[0];
      if (what === 1) for (;;);
      if (what === 2) process.exit(1);
      if (what === 3) throw new Error('dies');
      if (what === 4) parentPort.postMessage({ id, failed: true });
      else parentPort.postMessage({ id, reading: { outcome: 'refused', reasons: ['thread-' + threadId] } });
    });
    parentPort.postMessage({ ready: true });
  `)}`,
);

function signatureOf(reading: PalmReading): Signature {
  if (reading.outcome === 'refused') throw new Error(reading.reasons.join());
  return reading.signature;
}

describe('the palm reader', () => {
  let reader: PalmReader;
  const ana = { person: 'ana', hand: 'right', capture: 0 } as const;
  const read = (capture: Capture) => reader.read(capture);
  beforeAll(() => {
    reader = palmReader({ deadlineMs: 20_000 });
  });
  afterAll(() => reader.close());

  it('gives a signature of the model in use', async () => {
    const reading = await read({ visible: await drawPalm(ana) });
    expect(reading).toMatchObject({ outcome: 'signature', nearInfrared: false });
    const { modelVersion, vector, code } = signatureOf(reading);
    expect([modelVersion, vector.length, code.length]).toEqual([MODEL_VERSION, VECTOR_LENGTH, CODE_BYTES]);
    expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
  });

  it('gives the same signature for the same picture', async () => {
    const one = signatureOf(await read({ visible: await drawPalm(ana) }));
    const two = signatureOf(await read({ visible: await drawPalm(ana) }));
    expect(decisionScore(one, two)).toBeCloseTo(1, 5);
  });

  it('takes the buffer of a picture over', async () => {
    const visible = await drawPalm(ana);
    await read({ visible });
    expect(visible.byteLength).toBe(0);
  });

  it('overwrites a picture that stands inside a larger buffer', async () => {
    const picture = await drawPalm(ana);
    const body = new Uint8Array(picture.length + 10).fill(7);
    body.set(picture, 5);
    await read({ visible: body.subarray(5, 5 + picture.length) });
    expect(body.subarray(0, 5)).toEqual(new Uint8Array(5).fill(7));
    expect(body.subarray(5, -5).every((byte) => byte === 0)).toBe(true);
  });

  it('refuses what is no picture, and nothing at all', async () => {
    expect(await read({ visible: new Uint8Array(100) })).toEqual({ outcome: 'refused', reasons: ['unreadable'] });
    expect(await read({})).toEqual({ outcome: 'refused', reasons: ['unreadable'] });
  });

  it('believes near infrared that shows the same hand', async () => {
    const both = { visible: await drawPalm(ana), nearInfrared: await drawPalm({ ...ana, light: 'near-infrared' }) };
    expect(await read(both)).toMatchObject({ outcome: 'signature', nearInfrared: true });
  });

  it('reads near infrared alone', async () => {
    const alone = { nearInfrared: await drawPalm({ ...ana, light: 'near-infrared' }) };
    expect(await read(alone)).toMatchObject({ outcome: 'signature', nearInfrared: true });
  });

  it.each([
    ['of another hand', { ...ana, hand: 'left', light: 'near-infrared' }],
    ['that is the visible one again', ana],
  ] as const)('refuses a near-infrared picture %s', async (_, second) => {
    const both = { visible: await drawPalm(ana), nearInfrared: await drawPalm(second) };
    expect(await read(both)).toEqual({ outcome: 'refused', reasons: ['near-infrared-doubtful'] });
  });

  it('refuses a screen, which is dark in near infrared', async () => {
    const blank = await drawPalm({ ...ana, kind: 'region', light: 'near-infrared' });
    const { default: sharp } = await import('sharp');
    const dark = Uint8Array.from(await sharp(blank).linear(0.05, 4).png().toBuffer());
    expect(await read({ visible: await drawPalm(ana), nearInfrared: dark })).toEqual({
      outcome: 'refused',
      reasons: ['too-dark'],
    });
  });
});

describe('a reader whose worker misbehaves', () => {
  let reader: PalmReader;
  const does = (what: number) => ({ visible: Uint8Array.of(what) });
  const why = async (reading: Promise<PalmReading>) =>
    reading.then(
      (answer) => answer,
      (error: PalmReaderNotNow) => error.why,
    );
  afterEach(() => reader.close());

  it.each([
    ['dies', 2],
    ['throws', 3],
    ['fails', 4],
  ])('says "not now" when it %s, and reads on', async (_, what) => {
    reader = palmReader({ script: MISBEHAVING, deadlineMs: 15_000 });
    const [bad, good] = [why(reader.read(does(what))), why(reader.read(does(0)))];
    expect(await bad).toBe('failed');
    expect(await good).toMatchObject({ outcome: 'refused' });
  });

  it('says "not now" at the deadline when it hangs, and reads on with another', async () => {
    reader = palmReader({ script: MISBEHAVING, deadlineMs: 1_500 });
    const before = await why(reader.read(does(0)));
    expect(await why(reader.read(does(1)))).toBe('overdue');
    const after = await why(reader.read(does(0)));
    expect(after).toMatchObject({ outcome: 'refused' });
    expect(after).not.toEqual(before);
  });

  it('refuses more than may wait, and overwrites what it refuses', async () => {
    reader = palmReader({ script: MISBEHAVING, deadlineMs: 1_000, waiting: 1 });
    const hanging = why(reader.read(does(1)));
    const refused = does(9);
    expect(await why(reader.read(refused))).toBe('crowded');
    expect(refused.visible).toEqual(Uint8Array.of(0));
    expect(await hanging).toBe('overdue');
  });

  it('ends what is under way when it is closed, and takes nothing more', async () => {
    reader = palmReader({ script: MISBEHAVING, deadlineMs: 15_000 });
    const hanging = why(reader.read(does(1)));
    await reader.close();
    expect(await hanging).toBe('closed');
    expect(await why(reader.read(does(0)))).toBe('closed');
  });

  it('says so when the worker cannot even start', async () => {
    reader = palmReader({ script: new URL('./no-such.worker.ts', import.meta.url), deadlineMs: 15_000 });
    expect(await why(reader.read(does(0)))).toBe('failed');
    expect(await why(reader.read(does(0)))).toBe('failed');
  });
});
