import { createHash, randomBytes } from 'node:crypto';

/** What is made once for an erasure, before its first event, and kept in the plan of whoever asks for it. */
export interface ErasureSeed {
  /** Its id, without the kind. */
  readonly erasure: string;
  /** 32 random bytes, base64url: hides the One ID in the commitment. */
  readonly salt: string;
}

export function erasureSeed(erasure: string): ErasureSeed {
  return { erasure, salt: randomBytes(32).toString('base64url') };
}

/** The random word that reads the state and the certificate: the erasure's id, a dot, the salt. Its hash is kept. */
export function receiptOf({ erasure, salt }: ErasureSeed): string {
  return `${erasure}.${salt}`;
}

export function receiptHash(receipt: string): string {
  return createHash('sha256').update(receipt).digest('base64url');
}

/** The erasure's id in a receipt; undefined where it is none. */
export function erasureIn(receipt: string): string | undefined {
  return /^([a-z2-7]{26})\.[A-Za-z0-9_-]{43}$/.exec(receipt)?.[1];
}
