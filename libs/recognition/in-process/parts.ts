import type { SignedKey } from '#libs/device-protocol/signed-key.ts';
import type { Clock } from '#libs/runtime/clock.ts';
import type { ModelShape } from '../matching/entry.ts';
import type { MatchingIndex } from '../matching/matching-index.ts';
import type { PalmReader } from '../palm/port.ts';
import type { PalmEntry, SealingPlace } from '../port.ts';
import type { RecognitionPolicy } from './policy.ts';

/** What the zone is put together from. Whoever hands these in keeps and closes them, but for the readers and the index. */
export interface ZoneParts {
  readonly clock: Clock;
  /** Started with the shapes of all `models`. */
  readonly index: MatchingIndex;
  /** The live model versions, newest first: palms are enrolled by the first and looked for by all. */
  readonly models: readonly [LiveModel, ...LiveModel[]];
  readonly vault: SignatureVault;
  /** Fed from the device streams, as the zone itself has read them. */
  readonly deviceOf: (device: string) => Promise<ZoneDevice | undefined> | ZoneDevice | undefined;
  /** Last four digits of each verified phone. */
  readonly phoneLastFour: (oneId: string) => Promise<readonly string[]>;
  /** Signs a key of the day with the service's root key (`signKey('capture', key, rootKey)`). */
  readonly signKey: (key: Omit<SignedKey, 'signature'>) => Promise<SignedKey>;
  readonly policy: RecognitionPolicy;
  /** Hosts (with port) that devices may have called; without it any. */
  readonly authorities?: readonly string[];
  /** Monotonic milliseconds. Default: performance.now. */
  readonly elapsed?: () => number;
}

export interface LiveModel {
  readonly shape: ModelShape;
  readonly reader: PalmReader;
}

/** Seals and opens a signature's bytes. The keys stay with the vault; the bytes are the zone's, to overwrite. */
export interface SignatureVault {
  /** Does not make the palm's key: throws where it is missing. */
  seal(place: SealingPlace, bytes: Uint8Array): Promise<Uint8Array>;
  /** `gone`: the key is destroyed. */
  open(entry: Pick<PalmEntry, 'place' | 'sealed'>): Promise<Uint8Array | 'gone'>;
}

export interface ZoneDevice {
  /** Raw Ed25519, base64url. */
  readonly publicKey: string;
  readonly merchant: string;
  /** Neither revoked nor suspected, and activated. */
  readonly active: boolean;
}
