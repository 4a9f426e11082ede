import { describe, expect, it } from '@jest/globals';
import { issueCode, sendLimits, verifyCode } from './codes.ts';
import type { CodeIssued, CodeRequest, Codes, CodeStore, StoredCode } from './codes.ts';
import { InMemoryCodeStore } from './in-memory/code-store.ts';

let now = new Date('2026-11-24T15:00:00.000Z');
const request: CodeRequest = {
  purpose: 'sign-in',
  subject: 'someone',
  phone: '+4915112345678',
  caller: '192.0.2.1',
  known: true,
};

function codesOf(codes: CodeStore = new InMemoryCodeStore()): Codes {
  now = new Date('2026-11-24T15:00:00.000Z');
  return { codes, keys: { handleSecret: new Uint8Array(32).fill(1) }, clock: { now: () => now } };
}

async function codeFrom(issued: Promise<CodeIssued>): Promise<string> {
  const one = await issued;
  if (one.status !== 'issued' || one.code === undefined) throw new Error('no code was issued');
  return one.code;
}

const other = (code: string) => ((Number(code) + 1) % 1_000_000).toString().padStart(6, '0');

describe('A one-time code', () => {
  it('has six digits and lets in once', async () => {
    const codes = codesOf();
    const code = await codeFrom(issueCode(codes, request));
    expect(code).toMatch(/^\d{6}$/);
    expect(await verifyCode(codes, { ...request, code })).toEqual({ result: 'right' });
    expect(await verifyCode(codes, { ...request, code })).toEqual({ result: 'none' });
  });

  it('lets in one of many that know it', async () => {
    const codes = codesOf();
    const code = await codeFrom(issueCode(codes, request));
    const answers = await Promise.all([1, 2, 3, 4].map(async () => verifyCode(codes, { ...request, code })));
    expect(answers.filter(({ result }) => result === 'right')).toHaveLength(1);
  });

  it('lasts ten minutes', async () => {
    const codes = codesOf();
    const issued = await issueCode(codes, request);
    expect(issued).toMatchObject({ expiresAt: '2026-11-24T15:10:00.000Z' });
    now = new Date('2026-11-24T15:10:00.000Z');
    const code = await codeFrom(Promise.resolve(issued));
    expect(await verifyCode(codes, { ...request, code })).toEqual({ result: 'none' });
  });

  it('is void after five tries', async () => {
    const codes = codesOf();
    const code = await codeFrom(issueCode(codes, request));
    const wrong = { ...request, code: other(code) };
    for (const triesLeft of [4, 3, 2, 1, 0])
      expect(await verifyCode(codes, wrong)).toEqual({ result: 'wrong', triesLeft });
    expect(await verifyCode(codes, { ...request, code })).toEqual({ result: 'none' });
  });

  it('is void once a new one is asked for', async () => {
    const codes = codesOf();
    const first = await codeFrom(issueCode(codes, request));
    const second = await codeFrom(issueCode(codes, request));
    if (first !== second)
      expect(await verifyCode(codes, { ...request, code: first })).toEqual({ result: 'wrong', triesLeft: 4 });
    expect(await verifyCode(codes, { ...request, code: second })).toEqual({ result: 'right' });
  });

  it('is worth nothing for another purpose or subject', async () => {
    const codes = codesOf();
    const code = await codeFrom(issueCode(codes, request));
    expect(await verifyCode(codes, { ...request, purpose: 'verify-phone', code })).toEqual({ result: 'none' });
    expect(await verifyCode(codes, { ...request, subject: 'another', code })).toEqual({ result: 'none' });
    const elsewhere = await codeFrom(issueCode(codes, { ...request, subject: 'another' }));
    if (elsewhere !== code)
      expect(await verifyCode(codes, { ...request, subject: 'another', code })).toMatchObject({ result: 'wrong' });
  });

  it.each(['', '12345', '1234567', 'abcdef', '１２３４５６'])('is not %p', async (code) => {
    const codes = codesOf();
    await issueCode(codes, request);
    expect(await verifyCode(codes, { ...request, code })).toEqual({ result: 'wrong', triesLeft: 4 });
  });

  it('is held as an HMAC, and so is whom it is about', async () => {
    const seen: unknown[] = [];
    const store = new InMemoryCodeStore();
    const watched: CodeStore = {
      put: async (key: string, code: StoredCode) => {
        seen.push(key, Buffer.from(code.hash).toString('latin1'));
        return store.put(key, code);
      },
      tryOnce: store.tryOnce.bind(store),
      drop: store.drop.bind(store),
      count: async (limit, key) => {
        seen.push(key);
        return store.count(limit, key);
      },
    };
    const code = await codeFrom(issueCode(codesOf(watched), request));
    const text = JSON.stringify(seen);
    for (const secret of [code, request.phone, request.subject, request.caller]) expect(text).not.toContain(secret);
  });
});

describe('A code for a phone that nobody has', () => {
  it('answers the same, and is never right', async () => {
    const codes = codesOf();
    const known = await issueCode(codes, request);
    const unknown = await issueCode(codes, { ...request, subject: 'nobody', known: false });
    const { code: _sent, ...answer } = known as Extract<CodeIssued, { status: 'issued' }>;
    expect(unknown).toEqual(answer);
    for (const triesLeft of [4, 3, 2, 1, 0])
      expect(await verifyCode(codes, { ...request, subject: 'nobody', code: '123456' })).toEqual({
        result: 'wrong',
        triesLeft,
      });
    expect(await verifyCode(codes, { ...request, subject: 'nobody', code: '123456' })).toEqual({ result: 'none' });
  });
});

describe('Codes that are sent', () => {
  async function until(codes: Codes, request_: (n: number) => CodeRequest): Promise<number> {
    for (let n = 0; n < 100; n += 1) {
      const issued = await issueCode(codes, request_(n));
      if (issued.status === 'too-many') {
        expect(issued.retryAfterSeconds).toBeGreaterThan(0);
        return n;
      }
    }
    return 100;
  }
  it('are limited for a phone, known or not, whoever asks', async () => {
    for (const known of [true, false]) {
      const sent = await until(codesOf(), (n) => ({ ...request, subject: `s${n}`, caller: `c${n}`, known }));
      expect(sent).toBe(sendLimits.phone.times);
    }
  });
  it('are limited for a subject', async () => {
    const sent = await until(codesOf(), (n) => ({ ...request, phone: `+49${n}`, caller: `c${n}` }));
    expect(sent).toBe(sendLimits.subject.times);
  });
  it('are limited for a caller', async () => {
    const sent = await until(codesOf(), (n) => ({ ...request, phone: `+49${n}`, subject: `s${n}` }));
    expect(sent).toBe(sendLimits.caller.times);
  });
  it('are limited for each purpose alone: who floods the sign-in stops no other code', async () => {
    const codes = codesOf();
    await until(codes, (n) => ({ ...request, caller: `c${n}` }));
    expect(await issueCode(codes, { ...request, purpose: 'verify-phone' })).toMatchObject({ status: 'issued' });
  });
});
