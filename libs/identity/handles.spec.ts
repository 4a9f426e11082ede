import { describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { openHandle, sealHandle } from './handles.ts';

const secret = randomBytes(32);

describe('a handle', () => {
  it('given back by its holder for its purpose, opens to what was put in', () => {
    const handle = sealHandle(secret, 'enrolment', 'device-1', { oneId: 'abc' });
    expect(openHandle(secret, 'enrolment', 'device-1', handle)).toEqual({ oneId: 'abc' });
    expect(Buffer.from(handle, 'base64url').toString('latin1')).not.toContain('abc');
  });

  it('given by another holder, for another purpose, under another secret or altered, opens to nothing', () => {
    const handle = sealHandle(secret, 'enrolment', 'device-1', { oneId: 'abc' });
    expect(openHandle(secret, 'enrolment', 'device-2', handle)).toBeUndefined();
    expect(openHandle(secret, 'cursor', 'device-1', handle)).toBeUndefined();
    expect(openHandle(randomBytes(32), 'enrolment', 'device-1', handle)).toBeUndefined();
    const bytes = Buffer.from(handle, 'base64url');
    for (let at = 0; at < bytes.length; at += 1) {
      const altered = Buffer.from(bytes);
      altered[at]! ^= 1;
      expect(openHandle(secret, 'enrolment', 'device-1', altered.toString('base64url'))).toBeUndefined();
    }
  });

  it.each(['', 'x', '!!!!', 'a'.repeat(10_000)])('given nonsense, opens to nothing', (nonsense) => {
    expect(openHandle(secret, 'enrolment', 'device-1', nonsense)).toBeUndefined();
  });
});
