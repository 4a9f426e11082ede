import type { DeviceKind } from './events.ts';

export interface DevicePlace {
  readonly merchant: string;
  readonly site: string;
  readonly kind: DeviceKind;
  readonly name: string;
  readonly nearInfrared: boolean;
}
/** Keys that once worked never work again: a clone may hold them. The last one is in force while the device is active. */
interface Known {
  readonly place: DevicePlace;
  readonly keys: readonly string[];
}
interface Activation {
  /** SHA-256 of the code, and the moment it lapses. */
  readonly activationHash: string;
  readonly activateBy: string;
}
export type DeviceState =
  | { readonly phase: 'none' }
  | (Known & Activation & { readonly phase: 'registered' })
  | (Known & Activation & { readonly phase: 'active'; readonly publicKey: string })
  | (Known & Activation & { readonly phase: 'suspected'; readonly reason: string })
  | (Known & Activation & { readonly phase: 'revoked'; readonly reason: string });

export const noDevice: DeviceState = { phase: 'none' };

/** The key whose signatures count; undefined where the device may not speak (not activated, suspected, revoked). */
export function keyInForce(state: DeviceState): string | undefined {
  return state.phase === 'active' ? state.publicKey : undefined;
}
