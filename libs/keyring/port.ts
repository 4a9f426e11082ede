/** What destroying did, on one copy of the keyring. */
export interface DestroyedOn {
  /** The copy's name, as configured. */
  readonly name: string;
  /** What it lies on, in the operator's words: stands in the certificate beside what overwriting proves there. */
  readonly medium: string;
  readonly masterKeyOverwritten: true;
}

export interface Destruction {
  /** The walk that destroyed the keys: rises by one with each. */
  readonly epoch: number;
  /** Every copy that is not retired. */
  readonly copies: readonly DestroyedOn[];
}

export interface RetiredCopy {
  /** Principal ids of the two admins. */
  readonly by: readonly [string, string];
  /** The last epoch of the keyring before the copy was given up. */
  readonly epoch: number;
}

export interface CopyStatus {
  readonly name: string;
  readonly medium: string;
  /** `away`: has missed something, or cannot be reached, and is caught up as soon as it can. */
  readonly state: 'in-step' | 'away' | 'retired';
  /** Why it is away, in one line. */
  readonly reason?: string;
  readonly retired?: RetiredCopy;
}

export interface KeyringStatus {
  readonly epoch: number;
  /** Keys that live, ids made ahead included. */
  readonly keys: number;
  /** Names that are destroyed for good. */
  readonly destroyed: number;
  readonly pages: number;
  /** Copies that a new key must be on. */
  readonly quorum: number;
  readonly copies: readonly CopyStatus[];
}

export interface ToSeal {
  /** The key's name. */
  readonly key: string;
  readonly plaintext: Uint8Array;
  /** Authenticated with the ciphertext and needed again to open it. */
  readonly context: string;
}

export interface ToOpen {
  readonly key: string;
  readonly ciphertext: Uint8Array;
  readonly context: string;
}

/**
 * The data keys of the ledger, by name, and their destruction. No key ever leaves it.
 * Names are 1 to 256 characters, else BadKeyName. Errors: errors.ts. All calls may run at once, and while keys are destroyed.
 */
export interface Keyring {
  /**
   * Makes keys; they are durable on the quorum of copies before it resolves. A name whose key lives is left as it is;
   * a destroyed name stays destroyed: KeyGone, and none of the call's names is made. NoQuorum where too few copies can be written.
   */
  make(names: readonly string[]): Promise<void>;

  /**
   * Random ids (26 base32 characters) whose keys were made ahead, by the page: the key of each is named `${kind}-${id}`.
   * `kind` is 1 to 32 letters, `count` 1 to 4096. Writes nothing in the common case. A crash loses unused ids and nothing else.
   */
  reserve(kind: string, count?: number): Promise<string[]>;

  /** In the order asked. Never makes a key: KeyGone where it was destroyed, KeyUnknown where it never was. */
  seal(items: readonly ToSeal[]): Promise<Uint8Array[]>;

  /** In the order asked; `gone` where the key was destroyed or never was. SealBroken where a ciphertext or its context was altered. */
  open(items: readonly ToOpen[]): Promise<(Uint8Array | 'gone')[]>;

  /** Whether each key lives. */
  has(names: readonly string[]): Promise<boolean[]>;

  /** HKDF-SHA256 under the key, `length` bytes (1 to 8160); `gone` when the key is, or never was. */
  derive(key: string, info: string, length: number): Promise<Uint8Array | 'gone'>;

  /**
   * Destroys keys in one walk, which concurrent calls share; a name that never had a key will never get one.
   * Resolves only when every copy has taken it and the old master keys are overwritten. A repeat answers with the walk that did it
   * where that is still known, else with the current epoch. CopyAway where a copy cannot be reached: the others have taken it,
   * and the same call, repeated, goes on from there.
   */
  destroy(names: readonly string[]): Promise<Destruction>;

  status(): Promise<KeyringStatus>;

  /**
   * Gives a copy up by two different admins' principal ids (else ApprovalsRefused): destructions no longer wait for it.
   * Its master key is overwritten where it can be reached. The last copy in step is never retired (CopyRefused).
   */
  retireCopy(name: string, approvals: readonly [string, string]): Promise<void>;

  /** Ends what has begun, then forgets every key in memory. */
  close(): Promise<void>;
}
