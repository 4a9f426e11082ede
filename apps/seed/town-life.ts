import { newDeviceKeys } from '#libs/device-protocol/device-client.ts';
import { toBase64url } from '#libs/device-protocol/base64.ts';
import { Refused } from '#libs/domain/refused.ts';
import { callerId, type DeviceCaller, type PrincipalCaller } from '#libs/use-cases/callers.ts';
import type { Request } from '#libs/use-cases/claim/claim.ts';
import type { Deps } from '#libs/use-cases/deps.ts';
import { activateDevice } from '#libs/use-cases/party/activate-device.ts';
import { registerDevice, type RegisterDevice } from '#libs/use-cases/party/device.ts';
import { openSite, registerMerchant, signContract } from '#libs/use-cases/party/merchant.ts';
import { SHOPS, TOWNS, type Shop } from './merchants.ts';

/** A merchant with a device in each of its towns. */
export interface OpenShop {
  readonly merchant: string;
  readonly name: string;
  /** By the index of the town. */
  readonly devices: ReadonlyMap<number, DeviceCaller>;
}

/** A request whose key is made from what it does: the same seeding again, or one that was cut off, asks for nothing twice. */
export function requestOf(caller: DeviceCaller | PrincipalCaller, about: string): Request {
  return { caller: callerId(caller), idempotencyKey: about, digest: about };
}

export async function openShops(deps: Deps, caller: PrincipalCaller, seed: string): Promise<readonly OpenShop[]> {
  const shops: OpenShop[] = [];
  for (const [index, shop] of SHOPS.entries()) shops.push(await openOne(deps, caller, shop, `${seed}/shop/${index}`));
  return shops;
}

async function openOne(deps: Deps, caller: PrincipalCaller, shop: Shop, about: string): Promise<OpenShop> {
  const asked = (what: string) => ({ caller, request: requestOf(caller, `${about}/${what}`) });
  const { name, purposes } = shop;
  const { merchant } = await registerMerchant(deps, { ...asked('merchant'), name, country: 'DE', currency: 'EUR' });
  await signContract(deps, { ...asked('contract'), merchant, purposes });
  const devices = new Map<number, DeviceCaller>();
  for (const town of shop.towns) {
    const { name: place, timeZone } = TOWNS[town]!;
    const { site } = await openSite(deps, {
      ...asked(`site/${town}`),
      merchant,
      name: `${name}, ${place}`,
      place,
      timeZone,
    });
    const about = { merchant, site, kind: shop.device, name: `${shop.device} 1`, nearInfrared: true } as const;
    const device = await activeDevice(deps, { ...asked(`device/${town}`), ...about });
    const { kind: deviceKind, nearInfrared } = about;
    devices.set(town, { kind: 'device', device, merchant, site, deviceKind, nearInfrared });
  }
  return { merchant, name, devices };
}

/** Its id; a seeding that goes on finds it at work already. */
async function activeDevice(deps: Deps, registering: RegisterDevice): Promise<string> {
  try {
    const { device, activationCode } = await registerDevice(deps, registering);
    await activateDevice(deps, { code: activationCode, publicKey: await freshKey() });
    return device;
  } catch (error) {
    const device =
      error instanceof Refused && error.code === 'activation-code-used' ? error.extra['device'] : undefined;
    if (typeof device !== 'string') throw error;
    return device;
  }
}

/** Nobody holds its private half: a seeded device is history. A merchant registers another to try. */
async function freshKey(): Promise<string> {
  const { publicKey } = await newDeviceKeys();
  return toBase64url(new Uint8Array(await crypto.subtle.exportKey('raw', publicKey)));
}
