/* Messages carry no key's name: names hold ids, and messages reach logs. `index` is the item's place in the call. */

export class KeyGone extends Error {
  override readonly name = 'KeyGone';
  readonly index: number;
  constructor(index: number) {
    super('the key was destroyed');
    this.index = index;
  }
}

export class KeyUnknown extends Error {
  override readonly name = 'KeyUnknown';
  readonly index: number;
  constructor(index: number) {
    super('no key was made under this name');
    this.index = index;
  }
}

/** The ciphertext, its context or its key is not the one that it was sealed with. */
export class SealBroken extends Error {
  override readonly name = 'SealBroken';
  readonly index: number;
  constructor(index: number) {
    super('a sealed item does not open: it or its context was altered');
    this.index = index;
  }
}

export class BadKeyName extends Error {
  override readonly name = 'BadKeyName';
}

/** A copy could not take a destruction. The others have; the destruction repeated goes on from there. */
export class CopyAway extends Error {
  override readonly name = 'CopyAway';
  readonly copies: readonly string[];
  readonly epoch: number;
  constructor(copies: readonly string[], epoch: number) {
    super(
      `the keyring's copies are away: ${copies.join(', ')}; bring them back, or let two admins retire them, and repeat`,
    );
    this.copies = copies;
    this.epoch = epoch;
  }
}

/** Fewer copies can be written, or read at opening, than the quorum asks for. */
export class NoQuorum extends Error {
  override readonly name = 'NoQuorum';
}

export class CopyRefused extends Error {
  override readonly name = 'CopyRefused';
}

export class ApprovalsRefused extends Error {
  override readonly name = 'ApprovalsRefused';
}

export type MasterKeyFault = 'missing' | 'corrupt' | 'readable' | 'inside' | 'foreign' | 'mismatch';

/** One line that says what is wrong with the master key and what to do. */
export class MasterKeyRefused extends Error {
  override readonly name = 'MasterKeyRefused';
  readonly fault: MasterKeyFault;
  constructor(fault: MasterKeyFault, message: string) {
    super(message);
    this.fault = fault;
  }
}

export class KeyringMissing extends Error {
  override readonly name = 'KeyringMissing';
}

export class KeyringExists extends Error {
  override readonly name = 'KeyringExists';
}

/** Another process, or this one, has the keyring open. */
export class KeyringInUse extends Error {
  override readonly name = 'KeyringInUse';
}

/** Bytes on the disk are not what was written. Nothing of them is served. */
export class KeyringDamaged extends Error {
  override readonly name = 'KeyringDamaged';
}

/** Closed, or a write or sync failed so that what the disk holds is unknown: open it again. */
export class KeyringUnavailable extends Error {
  override readonly name = 'KeyringUnavailable';
}
