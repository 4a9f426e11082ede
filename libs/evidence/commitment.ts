import { createHash, timingSafeEqual } from 'node:crypto';

const SALT_BYTES = 32;

/**
 * Stands for a One ID in an erasure and its certificate: SHA-256 over the salt's 32 bytes and the One ID in UTF-8, base64url.
 * `salt` is base64url too. Only who has the salt (it is in the receipt) can tell whose it is.
 */
export function commitmentTo(oneId: string, salt: string): string {
  const bytes = Buffer.from(salt, 'base64url');
  if (bytes.length !== SALT_BYTES) throw new RangeError('a salt has 32 bytes');
  return createHash('sha256').update(bytes).update(oneId, 'utf8').digest('base64url');
}

export function commitsTo(commitment: string, oneId: string, salt: string): boolean {
  const [a, b] = [Buffer.from(commitment), Buffer.from(commitmentTo(oneId, salt))];
  return a.length === b.length && timingSafeEqual(a, b);
}
