import { isDeepStrictEqual } from 'node:util';
import { fromBase64, fromBase64url, utf8 } from '#libs/device-protocol/base64.ts';
import { openCard } from '#libs/device-protocol/card.ts';
import { unpackCapture } from '#libs/device-protocol/container.ts';
import { importPrivateKey } from '#libs/device-protocol/hpke.ts';
import { openCapture } from '#libs/device-protocol/open-capture.ts';
import { verifyZoneKey } from '#libs/device-protocol/signed-key.ts';
import { makeVectors, type Vectors } from '#libs/device-protocol/vectors/make-vectors.ts';
import { verifyRequest } from '#libs/device-protocol/verify-request.ts';

export interface VectorResult {
  readonly name: string;
  readonly ok: boolean;
}

/** Each vector, by what the service itself verifies and opens with; and whether making them anew comes out at the same bytes. */
export async function checkVectors(vectors: Vectors): Promise<readonly VectorResult[]> {
  const now = new Date('2026-11-24T15:00:00.000Z');
  const zoneKey = await importPrivateKey(fromBase64url(vectors.keys.zone.privateKey) ?? new Uint8Array(32));
  const results: VectorResult[] = [];
  for (const { name, method, url, body, headers, requestPrint } of vectors.requests) {
    const publicKeyOf = (): string => vectors.keys.device.publicKey;
    const verdict = await verifyRequest({ method, url, headers, body: utf8(body) }, { now, publicKeyOf });
    results.push({ name: `request: ${name}`, ok: verdict.outcome === 'verified' && verdict.print === requestPrint });
  }
  const keyVerdict = await verifyZoneKey(vectors.keyOfTheDay.key, vectors.keys.root.publicKey, now);
  results.push({ name: 'key of the day', ok: keyVerdict === 'valid' });
  for (const [at, { container }] of vectors.containers.valid.entries())
    results.push({
      name: `container ${at + 1}`,
      ok: unpackCapture(fromBase64(container) ?? new Uint8Array()) !== undefined,
    });
  for (const { why, container } of vectors.containers.refused)
    results.push({
      name: `container refused: ${why}`,
      ok: unpackCapture(fromBase64(container) ?? new Uint8Array()) === undefined,
    });
  for (const { sealed, binding } of vectors.captures)
    results.push({
      name: `capture: ${binding.purpose}`,
      ok: (await openCapture(sealed, binding, () => zoneKey)).outcome === 'opened',
    });
  const { sealed, binding } = vectors.card;
  results.push({ name: 'card', ok: (await openCard(sealed, binding, () => zoneKey)).outcome === 'opened' });
  results.push({
    name: 'made anew, the same bytes',
    ok: isDeepStrictEqual(JSON.parse(JSON.stringify(await makeVectors())), vectors),
  });
  return results;
}
