import type { DomainEvent } from '../event.ts';

export type DeviceKind = 'till' | 'gate' | 'door' | 'reader';
/** `activationHash`: SHA-256 of the activation code, which is shown once. Keys are raw Ed25519 public keys, base64url. */
export type DeviceRegistered = DomainEvent<
  'DeviceRegistered',
  {
    merchant: string;
    site: string;
    kind: DeviceKind;
    name: string;
    nearInfrared: boolean;
    activationHash: string;
    activateBy: string;
  }
>;
export type DeviceActivated = DomainEvent<'DeviceActivated', { publicKey: string }>;
export type DeviceKeyRotated = DomainEvent<'DeviceKeyRotated', { publicKey: string }>;
export type DeviceSuspected = DomainEvent<'DeviceSuspected', { reason: string }>;
export type DeviceRevoked = DomainEvent<'DeviceRevoked', { reason: string }>;

export type DeviceEvent = DeviceRegistered | DeviceActivated | DeviceKeyRotated | DeviceSuspected | DeviceRevoked;
