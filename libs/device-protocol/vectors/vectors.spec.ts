import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { fromBase64, fromBase64url, utf8 } from '../base64.ts';
import { openCard } from '../card.ts';
import { unpackCapture } from '../container.ts';
import { importPrivateKey } from '../hpke.ts';
import { openCapture } from '../open-capture.ts';
import { verifyZoneKey } from '../signed-key.ts';
import { verifyRequest } from '../verify-request.ts';
import { makeVectors, type Vectors } from './make-vectors.ts';

const file = new URL('../../../docs/device-test-vectors.json', import.meta.url);
const vectors = JSON.parse(await readFile(file, 'utf8')) as Vectors;
const zoneKey = await importPrivateKey(fromBase64url(vectors.keys.zone.privateKey)!);
const now = new Date('2026-11-24T15:00:00.000Z');

describe('the test vectors in docs/', () => {
  it('are what the protocol comes out at today', async () => {
    expect(vectors).toEqual(await makeVectors());
  });

  it.each(vectors.requests)('$name is verified', async ({ method, url, body, headers, requestPrint }) => {
    const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
    const request = { method, url, headers: lower, body: utf8(body) };
    const verdict = await verifyRequest(request, { now, publicKeyOf: () => vectors.keys.device.publicKey });
    expect(verdict).toMatchObject({ outcome: 'verified', print: requestPrint });
  });

  it('have a key of the day that its root signed', async () => {
    expect(await verifyZoneKey(vectors.keyOfTheDay.key, vectors.keys.root.publicKey, now)).toBe('valid');
  });

  it('have containers that are read, and such that are refused', () => {
    for (const { container, visible } of vectors.containers.valid)
      expect(unpackCapture(fromBase64(container)!)!.visible).toEqual(fromBase64(visible));
    for (const { container } of vectors.containers.refused)
      expect(unpackCapture(fromBase64(container)!)).toBeUndefined();
  });

  it('have captures and a card that open', async () => {
    for (const { sealed, binding } of vectors.captures)
      expect(await openCapture(sealed, binding, () => zoneKey)).toMatchObject({ outcome: 'opened', keyId: 'day-1' });
    const { sealed, binding } = vectors.card;
    expect(await openCard(sealed, binding, () => zoneKey)).toMatchObject({ card: { pan: '4242424242424242' } });
  });
});
