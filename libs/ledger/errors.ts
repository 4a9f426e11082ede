/** The stream is not where the writer thought. Nothing was written: load again, decide again. `actual` is `none` for a missing stream. */
export class WrongExpectedRevision extends Error {
  override readonly name = 'WrongExpectedRevision';
  readonly stream: string;
  readonly expected: bigint | 'none';
  readonly actual: bigint | 'none';
  constructor(stream: string, expected: bigint | 'none', actual: bigint | 'none') {
    super(`stream is at revision ${actual}, not ${expected}`);
    this.stream = stream;
    this.expected = expected;
    this.actual = actual;
  }
}

/** It may have been written or not. Repeat it as it was: same stream, ids and expected revision. */
export class OutcomeUnknown extends Error {
  override readonly name = 'OutcomeUnknown';
  constructor(options?: ErrorOptions) {
    super('the outcome of this append is unknown: repeat it as it was', options);
  }
}

/** The stream's records were removed for good; it takes nothing more. */
export class StreamPruned extends Error {
  override readonly name = 'StreamPruned';
  constructor() {
    super('the stream has been pruned and takes no more records');
  }
}

/** The clear and sealed parts of one append are too much together. */
export class RecordTooLarge extends Error {
  override readonly name = 'RecordTooLarge';
  readonly bytes: number;
  readonly limit: number;
  constructor(bytes: number, limit: number) {
    super(`an append of ${bytes} bytes; the limit is ${limit}`);
    this.bytes = bytes;
    this.limit = limit;
  }
}

/** A record or a stream's name that no ledger takes. Names the field, never its value. */
export class RecordRefused extends Error {
  override readonly name = 'RecordRefused';
  readonly field: string;
  constructor(field: string) {
    super(`the ledger does not take this ${field}`);
    this.field = field;
  }
}

/** What is stored is not what was written. `position` is the damaged record's where it is known. */
export class LedgerDamaged extends Error {
  override readonly name = 'LedgerDamaged';
  readonly position: bigint | undefined;
  readonly what: string;
  constructor(position: bigint | undefined, what: string, options?: ErrorOptions) {
    super(
      position === undefined
        ? `the ledger is damaged: ${what}`
        : `the ledger is damaged at position ${position}: ${what}`,
      options,
    );
    this.what = what;
    this.position = position;
  }
}

/** Another process (or this one) has the folder open. */
export class LedgerLocked extends Error {
  override readonly name = 'LedgerLocked';
  constructor(folder: string) {
    super(`the ledger in ${folder} is in use by another process`);
  }
}

/** There is no room left. Nothing of the append was written. */
export class StorageFull extends Error {
  override readonly name = 'StorageFull';
  constructor(options?: ErrorOptions) {
    super('the ledger has no room left: nothing was written', options);
  }
}

/** What was to be removed is gone from the ledger but not yet from its log, because somebody reads it. Repeat the same call. */
export class RemovalUnfinished extends Error {
  override readonly name = 'RemovalUnfinished';
  constructor() {
    super('what was removed is still in the log: repeat the removal');
  }
}

/** It was closed, or closes. */
export class LedgerClosed extends Error {
  override readonly name = 'LedgerClosed';
  constructor() {
    super('the ledger is closed');
  }
}
