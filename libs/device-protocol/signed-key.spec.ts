import { describe, expect, it } from '@jest/globals';
import { toBase64url } from './base64.ts';
import { newDeviceKeys } from './device-client.ts';
import { signKey, verifyTokeniserKey, verifyZoneKey, type SignedKey } from './signed-key.ts';

const root = await newDeviceKeys(true);
const rootKey = toBase64url(new Uint8Array(await crypto.subtle.exportKey('raw', root.publicKey)));
const key: SignedKey = await signKey(
  'capture',
  {
    keyId: 'day-1',
    publicKey: 'A'.repeat(43),
    notBefore: '2026-11-24T00:00:00.000Z',
    notAfter: '2026-11-25T00:00:00.000Z',
  },
  root.privateKey,
);
const noon = new Date('2026-11-24T12:00:00.000Z');

describe('a key of the day', () => {
  it('is believed within its day, by the root that signed it, for what it is for', async () => {
    expect(await verifyZoneKey(key, rootKey, noon)).toBe('valid');
    expect(await verifyTokeniserKey(key, rootKey, noon)).toBe('signature-invalid');
    expect(await verifyZoneKey(key, rootKey, new Date('2026-11-23T23:59:59.999Z'))).toBe('not-yet');
    expect(await verifyZoneKey(key, rootKey, new Date('2026-11-25T00:00:00.000Z'))).toBe('over');
  });

  it.each<[keyof SignedKey, string]>([
    ['keyId', 'day-2'],
    ['publicKey', 'B'.repeat(43)],
    ['notBefore', '2026-11-23T00:00:00.000Z'],
    ['notAfter', '2027-11-25T00:00:00.000Z'],
    ['signature', 'A'.repeat(86)],
  ])('is not believed with another %s', async (part, value) => {
    expect(await verifyZoneKey({ ...key, [part]: value }, rootKey, noon)).toBe('signature-invalid');
  });

  it('is malformed where a part could pass for two, or the signature or root is none', async () => {
    expect(await verifyZoneKey({ ...key, keyId: 'day\n1' }, rootKey, noon)).toBe('malformed');
    expect(await verifyZoneKey({ ...key, signature: '!' }, rootKey, noon)).toBe('malformed');
    expect(await verifyZoneKey(key, 'short', noon)).toBe('malformed');
  });
});
