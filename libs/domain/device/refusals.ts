import { Refused } from '../refused.ts';
import type { DeviceState } from './state.ts';

type KnownDevice = Extract<DeviceState, { phase: 'registered' | 'active' | 'suspected' }>;

export function requireKnown(state: DeviceState): KnownDevice {
  if (state.phase === 'none') throw new Refused('device-not-found', 'There is no such device.', 'missing');
  if (state.phase === 'revoked') throw new Refused('device-revoked', 'The device was revoked.', 'gone');
  return state;
}

export function requireActive(state: DeviceState): Extract<DeviceState, { phase: 'active' }> {
  const known = requireKnown(state);
  if (known.phase === 'registered') throw new Refused('device-not-active', 'The device is not activated.', 'forbidden');
  if (known.phase === 'suspected')
    throw new Refused('device-suspected', 'The device is suspected and needs a new activation code.', 'forbidden');
  return known;
}

/** A raw Ed25519 key: 32 bytes, base64url, in its one spelling. */
export function requireNewKey(publicKey: string, known: readonly string[]): void {
  const bytes = Buffer.from(publicKey, 'base64url');
  if (bytes.length !== 32 || bytes.toString('base64url') !== publicKey)
    throw new Refused('invalid-public-key', 'The key is no raw Ed25519 public key in base64url.', 'invalid');
  if (known.includes(publicKey))
    throw new Refused('device-key-used-before', 'A key that was in use before never works again.');
}
