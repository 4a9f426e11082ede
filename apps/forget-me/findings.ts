/** What one attack got. */
export interface Got {
  /** Sealed fields of the person that some key opened. */
  readonly fields: number;
  /** Planted values that stand in what was opened, of whomever. */
  readonly valuesRead: number;
  /** Purchases of the person that something ties to another one. */
  readonly tied: number;
}

/** One moment of the system, as somebody who holds all of it finds it. */
export interface Moment extends Got {
  /** Planted values that stand in files as they are, in whatever encoding. */
  readonly valuesInFiles: number;
  /** Pieces of the person's own stream, and of what views held of the person, in files in use. */
  readonly remains: number;
  readonly signatureBytes: number;
  readonly proofs: number;
}

export interface Findings {
  /** With the master keys of that day. */
  readonly before: Moment;
  /** With all copies, and the master keys of the day after. */
  readonly after: Moment;
  /** The same attack where keys are wrapped one by one under a master key that stays. */
  readonly ordinary: Got;
  /** How many there are to get. */
  readonly of: Got & { readonly proofs: number };
  readonly looked: {
    readonly keys: number;
    readonly ciphertexts: number;
    readonly files: number;
    readonly needles: number;
    readonly memoryBytes: number;
  };
  /** Where something was found that should not be there: one line each, without the value. */
  readonly broken: readonly string[];
  readonly limits: {
    /** Purchases that the order of records in the copy from before ties to the One ID. */
    readonly byOrder: number;
    /** Purchases that begin right behind a place that is empty today. */
    readonly besideGaps: number;
    /** Fields that would open with one master key of that day. */
    readonly withOldKey: number;
    /** Places in the process's memory with a planted value, as text, and with a piece of a picture. */
    readonly valuesInMemory: number;
    readonly picturesInMemory: number;
  };
}
