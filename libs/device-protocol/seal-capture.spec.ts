import { describe, expect, it } from '@jest/globals';
import { fromBase64url, toBase64url, utf8 } from './base64.ts';
import { openCard, sealCard } from './card.ts';
import { packCapture, unpackCapture } from './container.ts';
import { importPrivateKey, newKeyPair } from './hpke.ts';
import { openCapture } from './open-capture.ts';
import type { CaptureBinding } from './purpose.ts';
import { sealCapture } from './seal-capture.ts';

const pair = await newKeyPair();
const key = { keyId: 'day-1', publicKey: pair.publicKey };
const binding: CaptureBinding = {
  device: 'device1',
  merchant: 'merchant1',
  purpose: 'pay',
  amount: 1250,
  currency: 'EUR',
  request: 'key-1',
};
const capture = { visible: utf8('visible picture'), nearInfrared: utf8('infrared picture') };

describe('a capture', () => {
  it('opens for what it was sealed for, and can be wiped', async () => {
    const sealed = await sealCapture(capture, key, binding);
    const opened = await openCapture(sealed, binding, () => pair.privateKey);
    if (opened.outcome !== 'opened') throw new Error(opened.reason);
    expect(opened.capture.visible).toEqual(capture.visible);
    expect(opened.capture.nearInfrared).toEqual(capture.nearInfrared);
    opened.wipe();
    expect(opened.capture.visible!.every((byte) => byte === 0)).toBe(true);
  });

  it('opens with a private key that was kept raw', async () => {
    const sealed = await sealCapture({ visible: utf8('x') }, key, binding);
    const kept = await importPrivateKey(pair.privateRaw);
    expect((await openCapture(sealed, binding, () => kept)).outcome).toBe('opened');
  });

  it.each<[string, Partial<CaptureBinding>]>([
    ['device', { device: 'device2' }],
    ['merchant', { merchant: 'merchant2' }],
    ['purpose', { purpose: 'enter' }],
    ['amount', { amount: 1251 }],
    ['currency', { currency: 'USD' }],
    ['request', { request: 'key-2' }],
  ])('does not open for another %s', async (_part, changes) => {
    const sealed = await sealCapture(capture, key, binding);
    expect(await openCapture(sealed, { ...binding, ...changes }, () => pair.privateKey)).toEqual({
      outcome: 'refused',
      reason: 'context-altered',
    });
  });

  it('does not open altered in any part, without its key, or as another key’s', async () => {
    const sealed = await sealCapture(capture, key, binding);
    const bytes = fromBase64url(sealed)!;
    for (const at of [0, 1, 3, 8, 40, bytes.length - 1]) {
      const altered = bytes.slice();
      altered[at]! ^= 1;
      const opened = await openCapture(toBase64url(altered), binding, (id) =>
        id === 'day-1' ? pair.privateKey : undefined,
      );
      expect(opened.outcome).toBe('refused');
    }
    expect(await openCapture(sealed, binding, () => undefined)).toMatchObject({ reason: 'key-unknown' });
    expect(await openCapture('', binding, () => pair.privateKey)).toMatchObject({ reason: 'unreadable' });
  });

  it('is not sealed for a binding that could pass for another', async () => {
    await expect(sealCapture(capture, key, { ...binding, device: 'a\nb' })).rejects.toThrow(TypeError);
    const { currency: _currency, ...withoutCurrency } = binding;
    await expect(sealCapture(capture, key, withoutCurrency)).rejects.toThrow(TypeError);
    await expect(sealCapture(capture, key, { ...binding, amount: -1 })).rejects.toThrow(TypeError);
  });
});

describe('the container', () => {
  it('holds one picture or both', () => {
    expect(unpackCapture(packCapture(capture))).toEqual(capture);
    expect(unpackCapture(packCapture({ nearInfrared: capture.nearInfrared }))).toEqual({
      nearInfrared: capture.nearInfrared,
    });
  });

  it('holds at least one, none empty', () => {
    expect(() => packCapture({})).toThrow(RangeError);
    expect(() => packCapture({ visible: new Uint8Array() })).toThrow(RangeError);
  });

  it.each<[string, number[]]>([
    ['nothing', []],
    ['no picture', [0x50, 0x4c, 0x43, 0x31]],
    ['another mark', [0x50, 0x4c, 0x43, 0x32, 1, 0, 0, 0, 1, 9]],
    ['an unknown kind', [0x50, 0x4c, 0x43, 0x31, 3, 0, 0, 0, 1, 9]],
    ['an empty picture', [0x50, 0x4c, 0x43, 0x31, 1, 0, 0, 0, 0]],
    ['a length beyond its end', [0x50, 0x4c, 0x43, 0x31, 1, 0, 0, 0, 2, 9]],
    ['a length beyond all', [0x50, 0x4c, 0x43, 0x31, 1, 255, 255, 255, 255, 9]],
    ['something after its end', [0x50, 0x4c, 0x43, 0x31, 1, 0, 0, 0, 1, 9, 0]],
    ['a kind twice', [0x50, 0x4c, 0x43, 0x31, 1, 0, 0, 0, 1, 9, 1, 0, 0, 0, 1, 9]],
    ['kinds in the other order', [0x50, 0x4c, 0x43, 0x31, 2, 0, 0, 0, 1, 9, 1, 0, 0, 0, 1, 9]],
  ])('is refused with %s', (_what, bytes) => {
    expect(unpackCapture(new Uint8Array(bytes))).toBeUndefined();
  });
});

describe('a card number', () => {
  const card = { pan: '4242424242424242', expiry: '2031-04', holder: 'Ada Müller' };
  const about = { sender: 'device1', request: 'key-1' };

  it('opens for its sender and request alone', async () => {
    const sealed = await sealCard(card, key, about);
    expect(await openCard(sealed, about, () => pair.privateKey)).toEqual({ outcome: 'opened', card });
    for (const other of [
      { ...about, sender: 'device2' },
      { ...about, request: 'key-2' },
    ])
      expect(await openCard(sealed, other, () => pair.privateKey)).toMatchObject({ reason: 'unreadable' });
  });

  it('is as long as any other', async () => {
    const short = await sealCard({ pan: '676770000000', expiry: '2031-04' }, key, about);
    expect(short).toHaveLength((await sealCard(card, key, about)).length);
  });

  it('is no capture', async () => {
    const sealed = await sealCard(card, key, about);
    expect((await openCapture(sealed, binding, () => pair.privateKey)).outcome).toBe('refused');
  });
});
