/** A backup as its own manifest tells it: the ledger's ciphertext, its leaf hashes, a signed head; no key of anything. */
export interface BackupMade {
  readonly id: string;
  readonly madeAt: string;
  /** The signed head, as canonical JSON, that the copy holds at least. */
  readonly head: string;
  /** The ledger's last position in the copy. */
  readonly position: string;
  readonly bytes: number;
  /** Of the copied ledger; lower-case hex. */
  readonly sha256: string;
}

export interface BackupAsked {
  /** Names the backup; asked for once more, the same one is answered with. */
  readonly id: string;
  readonly at: string;
  /** Signs a head right before the copy is made. */
  readonly signHead: () => Promise<string>;
}

/** Where backups are kept, apart from the data. */
export interface Backups {
  /** Durable when it resolves; a backup that was cut off leaves nothing that looks like one. */
  make(asked: BackupAsked): Promise<BackupMade>;
  /** Newest first. */
  list(): Promise<readonly BackupMade[]>;
}
