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
}
