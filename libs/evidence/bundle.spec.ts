import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import canonicalize from 'canonicalize';
import { createHash, type KeyObject } from 'node:crypto';
import { records } from '#libs/ledger/records.fixture.ts';
import type { StoredRecord } from '#libs/ledger/port.ts';
import { bundleWriter } from './bundle-writer.ts';
import { BUNDLE, type BundleOf } from './bundle-fields.ts';
import { verifyBundle, verifyBundleStream } from './bundle.ts';
import { EvidenceInvalid } from './errors.ts';
import { headMaker } from './head-maker.ts';
import { base64url, signHead } from './head.ts';
import { aKey, aLog, AT, eachByteMutated, type LogUnderTest } from './log.fixture.ts';
import { signBody } from './signing.ts';

const { privateKey, publicKey } = aKey();
let log: LogUnderTest;
let heads: string[];
let stored: StoredRecord[];
let ofStream: string[];
let ofSpan: string[];

/** A bundle of a stream of three events, one of the span that they stand in, in a log of three heads. */
beforeAll(async () => {
  log = await aLog();
  const make = headMaker(log.tree, log.ledger);
  heads = [];
  for (const stream of ['visit-a', 'visit-b', 'visit-c']) {
    await log.ledger.append(stream, 'none', records(3));
    heads.push(signHead(await make(AT), privateKey));
  }
  stored = (await log.ledger.readAll({ after: 0n, limit: 100 })).records;
  ofStream = bundle({ stream: 'visit-b' }, [3, 4, 5]);
  await log.ledger.prune('visit-b');
  ofSpan = bundle({ from: '9', to: '18' }, [2, 3, 4, 5], [3, 4, 5]);
});
afterAll(() => log.end());

function bundle(of: BundleOf, indexes: readonly number[], pruned: readonly number[] = []): string[] {
  const writer = bundleWriter(privateKey);
  const sizes = [3n, 6n, 9n];
  const proven = (first: bigint, second: bigint) => log.tree.consistencyProof(first, second).map(base64url);
  return [
    writer.first(of, AT),
    ...heads.map((head, at) => writer.head(head, at === 0 ? [] : proven(sizes[at - 1]!, sizes[at]!))),
    ...indexes.map((index) => {
      const proof = log.tree.inclusionProof(BigInt(index), 9n).map(base64url);
      if (!pruned.includes(index)) return writer.event(stored[index]!, BigInt(index), proof);
      return writer.pruned(stored[index]!.leaf, BigInt(index), proof);
    }),
    writer.last(),
  ];
}
const file = (lines: readonly string[]) => Buffer.from(lines.join(''));

type Line = Record<string, unknown>;
/** Lines changed and then signed anew by the right key: only what they say can be wrong. */
function resigned(
  lines: readonly string[],
  change: (body: Line[]) => Line[] | void,
  key: KeyObject = privateKey,
): Buffer {
  const parsed = lines.slice(0, -1).map((line) => JSON.parse(line) as Line);
  const body = change(parsed) ?? parsed;
  const text = body.map((line) => `${canonicalize(line)!}\n`).join('');
  const count = (name: string) => body.filter((line) => name in line).length;
  const end = {
    heads: count('head'),
    events: count('event'),
    pruned: count('pruned'),
    digest: createHash('sha256').update(text).digest('base64url'),
  };
  return Buffer.from(`${text}${canonicalize({ end, signature: signBody(BUNDLE, end, key) })!}\n`);
}

describe('A bundle of evidence', () => {
  it('verifies with the key alone, whole or in pieces of any size, and says what it shows', async () => {
    const facts = verifyBundle(file(ofStream), publicKey);
    expect(facts).toMatchObject({ of: { stream: 'visit-b' }, events: 3, pruned: 0, madeAt: AT });
    expect(facts.heads.map(({ treeSize }) => treeSize)).toEqual(['3', '6', '9']);
    const pieces = async function* () {
      for (let from = 0; from < file(ofStream).length; from += 7) yield file(ofStream).subarray(from, from + 7);
    };
    expect(await verifyBundleStream(pieces(), publicKey)).toEqual(facts);
    expect(await verifyBundleStream(pieces())).toEqual(facts);
    expect(verifyBundle(file(ofSpan), publicKey)).toMatchObject({ of: { from: '9' }, events: 1, pruned: 3 });
  });

  it('without a key of one’s own, names the key that it verifies with; with another one, fails', () => {
    expect(verifyBundle(file(ofStream)).publicKey).toBe(publicKey.export({ format: 'jwk' }).x);
    expect(() => verifyBundle(file(ofStream), aKey().publicKey)).toThrow('another key');
    expect(() => verifyBundle(resigned(ofStream, () => {}, aKey().privateKey))).toThrow('signature');
  });

  it('given from before an erasure, verifies after it', async () => {
    await log.ledger.append('visit-d', 'none', records(20));
    await log.ledger.prune('visit-a');
    expect(await log.ledger.readStream('visit-b')).toEqual([]);
    expect(verifyBundle(file(ofStream), publicKey).events).toBe(3);
  });

  it('fails with any of its bytes mutated, missing, or followed by more', () => {
    for (const lines of [ofStream, ofSpan]) {
      const bytes = file(lines);
      // Each byte once: a bit of it, its case, or its highest bit, in turn.
      [...eachByteMutated(bytes)].forEach((mutated, at) => {
        if (at % 3 === Math.floor(at / 3) % 3) expect(() => verifyBundle(mutated)).toThrow(EvidenceInvalid);
      });
      for (let at = 0; at < bytes.length; at += 13)
        expect(() => verifyBundle(Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)]))).toThrow(
          EvidenceInvalid,
        );
      for (const more of ['\n', ' ', '{}\n', lines[1]!])
        expect(() => verifyBundle(Buffer.concat([bytes, Buffer.from(more)]))).toThrow(EvidenceInvalid);
    }
  });

  it('fails with a line missing, doubled, or in another place', () => {
    for (let at = 0; at < ofStream.length; at++) {
      expect(() => verifyBundle(file(ofStream.toSpliced(at, 1)))).toThrow(EvidenceInvalid);
      expect(() => verifyBundle(file(ofStream.toSpliced(at, 0, ofStream[at]!)))).toThrow(EvidenceInvalid);
      if (at > 0) {
        const swapped = ofStream.toSpliced(at, 1).toSpliced(at - 1, 0, ofStream[at]!);
        expect(() => verifyBundle(file(swapped))).toThrow(EvidenceInvalid);
      }
    }
  });

  it('fails with proofs that have parts skipped or added, whoever signed it', () => {
    expect(
      verifyBundle(
        resigned(ofStream, () => {}),
        publicKey,
      ).events,
    ).toBe(3);
    const parts: [number, string][] = [
      [2, 'consistency'],
      [3, 'consistency'],
      [4, 'proof'],
      [5, 'proof'],
      [6, 'proof'],
    ];
    for (const [at, name] of parts) {
      const proof = (JSON.parse(ofStream[at]!) as Line)[name] as string[];
      expect(proof.length).toBeGreaterThan(0);
      const given = (other: string[]) => resigned(ofStream, (body) => void (body[at]![name] = other));
      for (let part = 0; part < proof.length; part++) {
        expect(() => verifyBundle(given(proof.toSpliced(part, 1)))).toThrow(EvidenceInvalid);
        expect(() => verifyBundle(given(proof.toSpliced(part, 0, proof[part]!)))).toThrow(EvidenceInvalid);
      }
      expect(() => verifyBundle(given([...proof].reverse().concat(proof[0]!)))).toThrow(EvidenceInvalid);
    }
  });

  it('fails with another event, another place, another stream, or a leaf left out of a span, whoever signed it', () => {
    const changed = (lines: readonly string[], change: (body: Line[]) => Line[] | void) => () =>
      verifyBundle(resigned(lines, change), publicKey);
    const event = (body: Line[]) => body[4]!['event'] as Line;
    expect(changed(ofStream, (body) => void (event(body)['clear'] = '{"number":9}'))).toThrow('in the log');
    expect(changed(ofStream, (body) => void (event(body)['sealed'] = 'AAAA'))).toThrow('in the log');
    expect(changed(ofStream, (body) => void (body[4]!['leafIndex'] = '4'))).toThrow(EvidenceInvalid);
    expect(changed(ofStream, (body) => void ((body[0]!['bundle'] as Line)['of'] = { stream: 'visit-z' }))).toThrow(
      'another stream',
    );
    expect(changed(ofStream, (body) => body.toSpliced(1, 3))).toThrow('without a head');
    expect(changed(ofStream, (body) => body.toSpliced(3, 1))).toThrow(EvidenceInvalid);
    expect(changed(ofSpan, (body) => body.toSpliced(5, 1))).toThrow('left out');
    expect(changed(ofSpan, (body) => void ((body[0]!['bundle'] as Line)['of'] = { stream: 'visit-a' }))).toThrow(
      'without an event',
    );
  });
});
