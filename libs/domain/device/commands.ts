import type { DeviceKind } from './events.ts';

export type DeviceCommand =
  RegisterDevice | IssueActivationCode | ActivateDevice | RotateDeviceKey | SuspectDevice | RevokeDevice;

/** `activationHash`: SHA-256 of the code that was shown once. */
export interface RegisterDevice {
  readonly type: 'RegisterDevice';
  readonly at: string;
  readonly merchant: string;
  readonly site: string;
  readonly kind: DeviceKind;
  readonly name: string;
  readonly nearInfrared: boolean;
  readonly activationHash: string;
  readonly activateBy: string;
}
/** A new code for a device that is suspected, was reset, or let its first code lapse. Its old key stops working at once. */
export interface IssueActivationCode {
  readonly type: 'IssueActivationCode';
  readonly at: string;
  readonly activationHash: string;
  readonly activateBy: string;
}
/** `activationHash`: SHA-256 of the code that the device presents; `publicKey`: raw Ed25519, base64url. */
export interface ActivateDevice {
  readonly type: 'ActivateDevice';
  readonly at: string;
  readonly activationHash: string;
  readonly publicKey: string;
}
/** The use case has verified that the request is signed by the key in force. */
export interface RotateDeviceKey {
  readonly type: 'RotateDeviceKey';
  readonly at: string;
  readonly publicKey: string;
}
export interface SuspectDevice {
  readonly type: 'SuspectDevice';
  readonly at: string;
  readonly reason: string;
}
export interface RevokeDevice {
  readonly type: 'RevokeDevice';
  readonly at: string;
  readonly reason: string;
}
