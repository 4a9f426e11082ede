import { Refused } from '#libs/domain/refused.ts';
import { hashActivationCode } from '#libs/identity/secrets.ts';
import { isoNow } from '#libs/runtime/clock.ts';
import type { Deps } from '../deps.ts';
import { devices } from '../stream/aggregates.ts';
import { decideOn } from '../stream/decide.ts';

export interface ActivateDevice {
  /** As it was shown: the device's id, a dot, the secret part. */
  readonly code: string;
  /** Raw Ed25519, base64url; the request is signed with its private half. */
  readonly publicKey: string;
}

export interface Activated {
  readonly device: string;
  readonly merchant: string;
  readonly site: string;
  readonly nearInfrared: boolean;
  /** By these the device believes the keys of the day from now on: raw Ed25519, base64url. */
  readonly rootKeys: { readonly service: string; readonly cardNetwork: string };
  readonly position: bigint;
}

/** A device shows its activation code once and is known by its key from then on. */
export async function activateDevice(deps: Deps, { code, publicKey }: ActivateDevice): Promise<Activated> {
  const dot = code.indexOf('.');
  const device = code.slice(0, dot);
  if (dot < 0 || !/^[a-z2-7]{26}$/.test(device)) throw wrongCode();
  const activationHash = hashActivationCode(code.slice(dot + 1));
  const command = { type: 'ActivateDevice', at: isoNow(deps.clock), activationHash, publicKey } as const;
  const who = { actor: 'device', about: { who: `device-${device}`, device } } as const;
  const decided = await decideOn(deps, devices, `device-${device}`, command, who).catch((error: unknown) => {
    // Whether a device exists is nobody's business who has no code for it.
    if (error instanceof Refused && error.kind === 'missing') throw wrongCode();
    throw error;
  });
  if (decided.state.phase !== 'active') throw wrongCode();
  const { merchant, site, nearInfrared } = decided.state.place;
  const service = rawPublicKey(deps);
  const rootKeys = { service, cardNetwork: await deps.network.rootKey() };
  return { device, merchant, site, nearInfrared, rootKeys, position: decided.position };
}

function rawPublicKey({ keys }: Pick<Deps, 'keys'>): string {
  const { x } = keys.root.publicKey.export({ format: 'jwk' });
  if (x === undefined) throw new Error('the root key is no Ed25519 key');
  return x;
}

function wrongCode(): Refused {
  return new Refused('wrong-activation-code', 'The activation code is not the one in force.', 'forbidden');
}
