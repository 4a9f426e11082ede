import { describe, expect, it } from '@jest/globals';
import { hashActivationCode, hashSecret, isSecret, newActivationCode, newSecret } from './secrets.ts';

describe("A principal's secret", () => {
  it('has 256 bits, and is never the same', () => {
    const [one, two] = [newSecret(), newSecret()];
    expect(Buffer.from(one.secret, 'base64url')).toHaveLength(32);
    expect(one.secret).not.toBe(two.secret);
  });
  it('is known by its hash', () => {
    const { secret, hash } = newSecret();
    expect(hash).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(hash).toBe(hashSecret(secret));
    expect(isSecret(secret, hash)).toBe(true);
    expect(isSecret(newSecret().secret, hash)).toBe(false);
    expect(isSecret('', hash)).toBe(false);
  });
  it('is no secret where nothing is kept', () => {
    expect(isSecret('anything', undefined)).toBe(false);
    expect(isSecret('anything', '')).toBe(false);
    expect(isSecret('', undefined)).toBe(false);
    expect(isSecret('anything', 'AAAA')).toBe(false);
  });
});

describe('An activation code', () => {
  it('is made for people to type', () => {
    const { secret, hash } = newActivationCode();
    expect(secret).toMatch(/^([A-Z2-7]{4}-){3}[A-Z2-7]{4}$/);
    expect(newActivationCode().secret).not.toBe(secret);
    expect(hashActivationCode(secret)).toBe(hash);
    expect(hashActivationCode(` ${secret.toLowerCase().replaceAll('-', ' ')} `)).toBe(hash);
    expect(hashActivationCode(secret.replaceAll('O', '0').replaceAll('I', '1').replaceAll('B', '8'))).toBe(hash);
    expect(hashActivationCode(secret.slice(1))).not.toBe(hash);
  });
});
