import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import canonicalize from 'canonicalize';
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { erasureFacts } from './certificate.fixture.ts';
import { issueCertificate } from './certificate.ts';
import { aKey, aLog, type LogUnderTest } from './log.fixture.ts';
import { aPython } from './python.fixture.ts';
import { signBody } from './signing.ts';

const SCRIPT = join(import.meta.dirname, '..', '..', 'docs', 'examples', 'verify_certificate.py');
const { privateKey, publicKey } = aKey();
const key = publicKey.export({ format: 'jwk' }).x!;

let log: LogUnderTest;
let file: Buffer;
let python: string | undefined;
beforeAll(async () => {
  log = await aLog();
  file = issueCertificate(await erasureFacts(log, privateKey, randomBytes(32).toString('base64url')), privateKey);
  const found = aPython();
  if ('python' in found) python = found.python;
  else if (process.env['CI'] === 'true') throw new Error(found.none);
  else process.stderr.write(`${found.none}\n`);
}, 240_000);
afterAll(() => log.end());

/** What another's program, written by docs/certificate.md, says of a certificate; undefined without Python. */
function said(certificate: Uint8Array, by = key): { status: number | null; text: string } | undefined {
  if (python === undefined) return undefined;
  const path = join(log.folder, 'certificate.json');
  writeFileSync(path, certificate);
  const { status, stdout, stderr } = spawnSync(python, [SCRIPT, path, by], { encoding: 'utf8' });
  return { status, text: stdout + stderr };
}
const without = (status: number, text: RegExp) =>
  python === undefined ? undefined : { status, text: expect.stringMatching(text) };

/** Changed, and signed anew by the right key. */
function resigned(change: (body: { anchor: { proof: string[] }; requestedAt: string }) => void): Buffer {
  const { certificate } = JSON.parse(file.toString()) as { certificate: Parameters<typeof change>[0] };
  change(certificate);
  const signature = signBody('palmledger erasure certificate 1', certificate, privateKey);
  return Buffer.from(canonicalize({ certificate, signature })!);
}

describe('A verifier in Python, written by docs/certificate.md alone', () => {
  it('takes a certificate that was issued', () => {
    expect(said(file)).toEqual(without(0, /^valid: 12 keys/));
  });

  it('refuses one that was altered, at any of some dozen places, or has another form', () => {
    for (let at = 5; at < file.length; at += Math.ceil(file.length / 14)) {
      const altered = Buffer.from(file);
      altered[at]! ^= 1;
      expect(said(altered)).toEqual(without(1, /^NOT VALID/));
    }
    expect(said(Buffer.concat([file, Buffer.from('\n')]))).toEqual(without(1, /canonical/));
    expect(said(Buffer.from(JSON.stringify(JSON.parse(file.toString()), null, 1)))).toEqual(without(1, /canonical/));
  });

  it('refuses one of another key, with a proof that lacks a part, or with times out of order', () => {
    expect(said(file, aKey().publicKey.export({ format: 'jwk' }).x)).toEqual(without(1, /signature/));
    expect(said(resigned(({ anchor }) => void anchor.proof.pop()))).toEqual(without(1, /proof/));
    expect(said(resigned((body) => void (body.requestedAt = '2030-01-01T00:00:00.000Z')))).toEqual(without(1, /times/));
    expect(said(resigned(() => {}))).toEqual(without(0, /^valid/));
  });
});
