/** A proof, a head or a certificate that does not hold. Says what about it, never what it was about. */
export class EvidenceInvalid extends Error {
  override readonly name = 'EvidenceInvalid';
  readonly what: string;
  constructor(what: string, options?: ErrorOptions) {
    super(`the evidence does not hold: ${what}`, options);
    this.what = what;
  }
}

/** The stored tree is not over the ledger's leaves. It can be rebuilt from them. */
export class TreeDamaged extends Error {
  override readonly name = 'TreeDamaged';
  constructor(what: string) {
    super(`the stored tree is damaged: ${what}`);
  }
}

/** The ledger is not the one that its heads, or their witness, speak for. One line that says what to do. */
export class LedgerContradicted extends Error {
  override readonly name = 'LedgerContradicted';
}

/** A witness has seen a head that this one does not extend. */
export class HeadRefused extends Error {
  override readonly name = 'HeadRefused';
  constructor(what: string) {
    super(`the witness refuses the head: ${what}`);
  }
}
