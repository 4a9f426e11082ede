import type { TokeniserKey } from '#libs/card-network/port.ts';
import type { Deps } from '../deps.ts';

export interface KeyForCards extends TokeniserKey {
  /** Signs it; raw Ed25519, base64url. */
  readonly rootKey: string;
}

/** The key that a member's browser encrypts card numbers to. */
export async function tokeniserKey(deps: Deps, _input: object): Promise<KeyForCards> {
  const [key, rootKey] = await Promise.all([deps.network.tokeniserKey(), deps.network.rootKey()]);
  return { ...key, rootKey };
}
