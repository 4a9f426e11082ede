import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { base32 } from '#libs/runtime/ids.ts';

/** A secret to be shown once, and what is kept of it: SHA-256, base64url. */
export interface FreshSecret {
  readonly secret: string;
  readonly hash: string;
}

/** A principal's credential: 256 random bits, base64url. It cannot be guessed, so a plain hash keeps it as well as a slow one. */
export function newSecret(): FreshSecret {
  const secret = randomBytes(32).toString('base64url');
  return { secret, hash: hashSecret(secret) };
}

export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}

/** Compares in constant time. False where nothing is kept. */
export function isSecret(presented: string, hash: string | undefined): boolean {
  const known = Buffer.from(hash ?? '', 'base64url');
  const asked = createHash('sha256').update(presented).digest();
  // The comparison is made in any case, so that time does not tell a principal without a credential.
  const equal = timingSafeEqual(asked, known.length === asked.length ? known : Buffer.alloc(asked.length));
  return equal && known.length === asked.length;
}

/**
 * A device's activation code: four groups of four base32 characters. Its hash stands in the clear in the ledger, so it has
 * 80 bits: too many to be searched before it lapses.
 */
export function newActivationCode(): FreshSecret {
  const code = base32(randomBytes(10)).toUpperCase();
  return { secret: code.match(/.{4}/g)!.join('-'), hash: hashActivationCode(code) };
}

/** As people type it: any case, any spaces and hyphens, and 0, 1, 8 for the letters that they are taken for. */
export function hashActivationCode(typed: string): string {
  const code = typed.toUpperCase().replace(/[\s-]/g, '').replaceAll('0', 'O').replaceAll('1', 'I').replaceAll('8', 'B');
  return hashSecret(code);
}
