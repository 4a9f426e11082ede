import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newDeviceKeys } from '#libs/device-protocol/device-client.ts';
import { proveKey } from '#libs/device-protocol/key-proof.ts';
import { newId } from '#libs/runtime/ids.ts';
import { asked, openTown, type Town } from '#libs/testing/town.ts';
import type { DeviceCaller, PrincipalCaller } from '../callers.ts';
import { devices } from '../stream/aggregates.ts';
import { load } from '../stream/load.ts';
import { activateDevice } from './activate-device.ts';
import { newActivation, registerDevice, revokeDevice, rotateDeviceKey } from './device.ts';
import { suspectDevice } from './suspect-device.ts';

let town: Town;
let shop: DeviceCaller;
let staff: PrincipalCaller;
beforeAll(async () => {
  town = await openTown();
  shop = await town.shop();
  staff = { kind: 'merchant', principal: newId(), merchant: shop.merchant };
});
afterAll(() => town.close());

const newKey = () => generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }).x!;
const registering = () => ({
  caller: staff,
  request: asked(staff),
  merchant: shop.merchant,
  site: shop.site,
  kind: 'till' as const,
  name: 'Till',
  nearInfrared: true,
});
const stateOf = async (device: string) => (await load(town.deps.ledger, devices, `device-${device}`)).state;
async function active(): Promise<{ device: string; code: string }> {
  const { device, activationCode: code } = await registerDevice(town.deps, registering());
  await activateDevice(town.deps, { code, publicKey: newKey() });
  return { device, code };
}

describe('registering a device', () => {
  it('given the request again before the code is used, gives a new code, and the old one is void', async () => {
    const input = registering();
    const first = await registerDevice(town.deps, input);
    const again = await registerDevice(town.deps, input);
    expect(again.device).toBe(first.device);
    const late = activateDevice(town.deps, { code: first.activationCode, publicKey: newKey() });
    await expect(late).rejects.toMatchObject({ code: 'wrong-activation-code' });
    expect(await activateDevice(town.deps, { code: again.activationCode, publicKey: newKey() })).toMatchObject({
      merchant: shop.merchant,
    });
  });

  it('given the request again after the code was used, leaves the device that is at work alone', async () => {
    const input = registering();
    const { device, activationCode: code } = await registerDevice(town.deps, input);
    await activateDevice(town.deps, { code, publicKey: newKey() });
    await expect(registerDevice(town.deps, input)).rejects.toMatchObject({ code: 'activation-code-used' });
    expect((await stateOf(device)).phase).toBe('active');
  });

  it('given a site that is not there, registers nothing', async () => {
    const nowhere = registerDevice(town.deps, { ...registering(), site: newId() });
    await expect(nowhere).rejects.toMatchObject({ code: 'site-unknown' });
  });

  it('a code works once, for one key; the same key again is the same activation', async () => {
    const { activationCode: code } = await registerDevice(town.deps, registering());
    const publicKey = newKey();
    const first = await activateDevice(town.deps, { code, publicKey });
    expect(await activateDevice(town.deps, { code, publicKey })).toEqual(first);
    const other = activateDevice(town.deps, { code, publicKey: newKey() });
    await expect(other).rejects.toMatchObject({ code: 'activation-code-used' });
  });

  it('a code for a device that is not there says no more than a wrong one', async () => {
    for (const code of [`${newId()}.x`, 'nonsense', '.', `${newId()}`])
      await expect(activateDevice(town.deps, { code, publicKey: newKey() })).rejects.toMatchObject({
        code: 'wrong-activation-code',
      });
  });
});

describe('a new activation', () => {
  it('lets a suspected device in again; asked again after that, it does not put it out', async () => {
    const { device } = await active();
    await suspectDevice(town.deps, device, 'chain-forked');
    const input = { caller: staff, request: asked(staff), device };
    const { activationCode } = await newActivation(town.deps, input);
    await activateDevice(town.deps, { code: activationCode, publicKey: newKey() });
    await expect(newActivation(town.deps, input)).rejects.toMatchObject({ code: 'activation-code-used' });
    expect((await stateOf(device)).phase).toBe('active');
  });

  it("given another merchant's device, finds none", async () => {
    const { device } = await active();
    const stranger: PrincipalCaller = { ...staff, merchant: newId() };
    const input = { caller: stranger, request: asked(stranger), device };
    await expect(newActivation(town.deps, input)).rejects.toMatchObject({ code: 'device-unknown' });
    await expect(revokeDevice(town.deps, { ...input, reason: 'stolen' })).rejects.toMatchObject({
      code: 'device-unknown',
    });
  });

  it('is not had for a device that was revoked; revoking twice is once', async () => {
    const { device } = await active();
    const revoking = { caller: staff, request: asked(staff), device, reason: 'stolen' };
    const { position } = await revokeDevice(town.deps, revoking);
    expect((await revokeDevice(town.deps, revoking)).position).toBe(position);
    const input = { caller: staff, request: asked(staff), device };
    await expect(newActivation(town.deps, input)).rejects.toMatchObject({ code: 'device-revoked' });
  });
});

describe('a key that takes the place of another', () => {
  it('is proved by the device that holds it, and taken once', async () => {
    const { device } = await active();
    const caller: DeviceCaller = { ...shop, device };
    const pair = await newDeviceKeys();
    const publicKey = Buffer.from(await crypto.subtle.exportKey('raw', pair.publicKey)).toString('base64url');
    const proof = await proveKey(pair.privateKey, device, publicKey);
    const input = { caller, request: asked(caller), publicKey, proof };
    const { position } = await rotateDeviceKey(town.deps, input);
    expect((await rotateDeviceKey(town.deps, input)).position).toBe(position);
    expect(await stateOf(device)).toMatchObject({ phase: 'active', publicKey });
  });

  it('without the proof, or with that of another device or key, is not', async () => {
    const { device } = await active();
    const caller: DeviceCaller = { ...shop, device };
    const pair = await newDeviceKeys();
    const publicKey = Buffer.from(await crypto.subtle.exportKey('raw', pair.publicKey)).toString('base64url');
    const elsewhere = await proveKey(pair.privateKey, newId(), publicKey);
    const foreign = await proveKey((await newDeviceKeys()).privateKey, device, publicKey);
    for (const proof of ['', 'x', elsewhere, foreign])
      await expect(
        rotateDeviceKey(town.deps, { caller, request: asked(caller), publicKey, proof }),
      ).rejects.toMatchObject({ code: 'key-not-proved' });
  });
});
