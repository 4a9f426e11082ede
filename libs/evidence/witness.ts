/** Two admins who accept that what was witnessed is lost, since an older ledger was restored. */
export interface LossAccepted {
  /** Principal ids. */
  readonly by: readonly [string, string];
  /** ISO 8601, UTC, milliseconds. */
  readonly at: string;
}

/**
 * Somebody apart who remembers the last head that he was shown and takes only one that extends it, so that the log cannot be told in two ways.
 * It holds the log's public key, and none of its data.
 */
export interface Witness {
  /** The last signed head; undefined before the first. */
  last(): Promise<string | undefined>;
  /**
   * Takes a signed head, with the proof (RFC 9162 consistency, from the last head's size to this one's; empty for the first).
   * The last one once more is taken. Throws `HeadRefused`; `EvidenceInvalid` where the signature does not hold.
   */
  witness(signedHead: string, consistency: readonly Uint8Array[]): Promise<void>;
  /**
   * Begins anew with a head that need not extend the last, and keeps for good that it did, by whom, and which head was lost.
   * Whoever calls has made sure that both are admins. Throws `HeadRefused` where they are one person.
   */
  beginAnew(signedHead: string, accepted: LossAccepted): Promise<void>;
}
