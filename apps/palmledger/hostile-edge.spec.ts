import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import { rawHttp, type RawAnswer } from '#libs/testing/raw-http.ts';
import { startSystem, type Started } from '#libs/testing/started.ts';

let system: Started;
let url: string;
beforeAll(async () => {
  system = await startSystem();
  url = system.running.url;
});
afterAll(() => system.stop());

const QUICK_MS = 2_000;

/** What every answer to nonsense is: a refusal, as problem details, with nothing of ours in it. */
function expectRefusal(answer: RawAnswer, ...statuses: readonly number[]): void {
  const about = JSON.stringify(answer).slice(0, 600);
  expect([about, answer.status >= 400 && answer.status < 500]).toEqual([about, true]);
  if (statuses.length > 0) expect([about, statuses.includes(answer.status)]).toEqual([about, true]);
  expect([about, /content-type: application\/problem\+json/i.test(answer.headers)]).toEqual([about, true]);
  expect(JSON.parse(answer.body)).toMatchObject({ type: expect.stringMatching(/^urn:palmledger:problem:/) });
  expect(answer.body).not.toMatch(/node_modules|file:|\.ts\b|\.js\b|\bat \w+ \(/);
  expect(answer.ms).toBeLessThan(QUICK_MS);
}

/** One request in which everything can be set. */
function request(
  method: string,
  path: string,
  headers: Readonly<Record<string, string>> = {},
  body: string | Buffer = '',
): (string | Buffer)[] {
  const length = Buffer.byteLength(body) > 0 ? { 'content-length': String(Buffer.byteLength(body)) } : {};
  const all = { host: new URL(url).host, ...length, ...headers };
  const head = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return [`${method} ${path} HTTP/1.1\r\n${head.join('')}\r\n`, body];
}

const json = { 'content-type': 'application/json' };
const ACTIVATE = '/device/v1/activations';
const post = (body: string | Buffer, headers: Readonly<Record<string, string>> = json, path = ACTIVATE) =>
  rawHttp(url, request('POST', path, headers, body));

describe('the edge, given what is no request', () => {
  it.each([
    ['no HTTP at all', 'hello\r\n\r\n'],
    ['another protocol version', 'GET / HTTP/9.9\r\nhost: x\r\n\r\n'],
    ['no host', 'GET /health/live HTTP/1.1\r\n\r\n'],
    ['two lengths', 'POST /auth/v1/token HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\ncontent-length: 4\r\n\r\nabcd'],
    [
      'a length and chunks',
      'POST /auth/v1/token HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['a length below nothing', 'POST /auth/v1/token HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n'],
    ['a header without a name', 'GET /health/live HTTP/1.1\r\nhost: x\r\n: y\r\n\r\n'],
    ['headers of 100 kB', `GET /health/live HTTP/1.1\r\nhost: x\r\nx-long: ${'y'.repeat(100_000)}\r\n\r\n`],
    ['5,000 headers', `GET /health/live HTTP/1.1\r\nhost: x\r\n${'x-a: b\r\n'.repeat(5_000)}\r\n`],
    ['a path of 60 kB', `GET /${'a'.repeat(60_000)} HTTP/1.1\r\nhost: x\r\n\r\n`],
    ['a method of its own', 'PALM /health/live HTTP/1.1\r\nhost: x\r\n\r\n'],
  ])('%s, refuses it', async (_what, bytes) => {
    expectRefusal(await rawHttp(url, [bytes]));
  });

  it.each(['TRACE', 'PUT', 'PATCH', 'OPTIONS', 'PROPFIND'])(
    '%s where nobody waits for it, refuses it',
    async (method) => {
      expectRefusal(await rawHttp(url, request(method, '/auth/v1/token')), 404, 405);
    },
  );
});

describe('the edge, given a path that leads elsewhere', () => {
  it.each([
    '/../../etc/passwd',
    '/docs/../../package.json',
    '/docs/..%2f..%2f..%2f..%2fetc%2fpasswd',
    '/docs/%2e%2e/%2e%2e/package.json',
    '/docs/..%5c..%5cpackage.json',
    '/docs/%00',
    '/%ff%fe',
    '/%',
    '/device/v1/payments/%2e%2e%2fadmin',
    '/device/v1/payments/..%00',
    '/merchant/v1/payments/%E0%A4%A',
    '/device/v1/payments/' + 'a'.repeat(5_000),
    '//evil.test/health',
    '/service/v1/topics/..%2f..%2fledger',
    '/evidence/v1/heads/9999999999999999999999999999',
    '/evidence/v1/heads/-1',
    '/evidence/v1/heads/1e9',
  ])('%.60s, finds nothing there', async (path) => {
    expectRefusal(await rawHttp(url, request('GET', path)), 400, 401, 404, 414, 422);
  });
});

describe('the edge, given a body that is none', () => {
  it.each([
    ['cut off', '{"code":"x"'],
    ['no JSON', 'not json at all'],
    ['empty though it says JSON', ' '],
    ['a list', '[]'],
    ['null', 'null'],
    ['a number', '1'],
    ['a text', '"code"'],
    ['JSON in UTF-16', Buffer.from('\ufeff{"code":"x"}', 'utf16le')],
    ['no UTF-8', Buffer.concat([Buffer.from('{"code":"'), Buffer.from([0xff, 0xfe, 0xc0]), Buffer.from('"}')])],
    ['lists in lists, 100,000 deep', '['.repeat(100_000) + ']'.repeat(100_000)],
    ['things in things, 20,000 deep', '{"code":'.repeat(20_000) + '1' + '}'.repeat(20_000)],
    ['numbers beyond all bounds', '{"code":1e999,"publicKey":-1e999}'],
    ['a prototype', '{"__proto__":{"isAdmin":true},"code":"x"}'],
    ['a constructor', '{"constructor":{"prototype":{"isAdmin":true}},"code":"x"}'],
    ['an escaped prototype', '{"\\u005f_proto__":{"isAdmin":true}}'],
    ['names that everybody has', '{"toString":1,"valueOf":2,"hasOwnProperty":3,"then":4}'],
    ['a list for a text', '{"code":["x"],"publicKey":{"length":43}}'],
  ])('%s, refuses it', async (_what, body) => {
    expectRefusal(await post(body), 400, 422);
    expect(({} as { isAdmin?: unknown }).isAdmin).toBeUndefined();
  });

  it.each([
    ['an unknown type', { 'content-type': 'application/x-palm' }],
    ['a type that is none', { 'content-type': ';;;' }],
    ['XML', { 'content-type': 'application/xml' }],
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['several parts', { 'content-type': 'multipart/form-data; boundary=x' }],
    ['no type', {}],
    ['text', { 'content-type': 'text/plain' }],
    ['another charset', { 'content-type': 'application/json; charset=utf-7' }],
    ['compressed by gzip', { ...json, 'content-encoding': 'gzip' }],
  ])('%s, refuses it', async (_what, headers) => {
    expectRefusal(await post('{"code":"x"}', headers), 400, 415, 422);
  });
});

describe('the edge, given too much', () => {
  const head = (path: string, more: string): string =>
    `POST ${path} HTTP/1.1\r\nhost: ${new URL(url).host}\r\ncontent-type: application/json\r\n${more}\r\n`;
  function* megabytes(count: number): Generator<Buffer> {
    for (let sent = 0; sent < count; sent++) yield Buffer.alloc(1024 * 1024, 'a');
  }

  it.each(['/auth/v1/token', '/device/v1/identifications', '/device/v1/enrolments/x/palms'])(
    '100 MB for %s, refuses it by its length, unread',
    async (path) => {
      const length = 100 * 1024 * 1024;
      const answer = await rawHttp(url, [head(path, `content-length: ${length}\r\n`)]);
      expectRefusal(answer, 413);
    },
  );

  it('100 MB in chunks without a length, ends it early with its memory bounded', async () => {
    const before = process.memoryUsage().rss;
    function* chunks(): Generator<string | Buffer> {
      yield head('/device/v1/identifications', 'transfer-encoding: chunked\r\n');
      for (const some of megabytes(100)) {
        yield `${some.length.toString(16)}\r\n`;
        yield some;
        yield '\r\n';
      }
      yield '0\r\n\r\n';
    }
    const answers = await Promise.all([1, 2, 3].map(() => rawHttp(url, chunks(), 15_000)));
    for (const { status } of answers) expect([0, 401, 411, 413]).toContain(status);
    expect(process.memoryUsage().rss - before).toBeLessThan(400 * 1024 * 1024);
  });

  it('chunks where a length is wanted, says so', async () => {
    expectRefusal(await rawHttp(url, [head('/auth/v1/token', 'transfer-encoding: chunked\r\n'), '1\r\na\r\n']), 411);
  });

  it('60 unsigned bodies of 20 MB at once, reads none of them', async () => {
    const before = process.memoryUsage().rss;
    const length = 20 * 1024 * 1024;
    function* body(): Generator<string | Buffer> {
      yield head('/device/v1/identifications', `content-length: ${length}\r\n`);
      yield* megabytes(19);
    }
    const answers = await Promise.all(Array.from({ length: 60 }, () => rawHttp(url, body(), 4_000)));
    // Read, they would be 1,200 MB. The senders live in this process too, so their own buffers count.
    expect(process.memoryUsage().rss - before).toBeLessThan(600 * 1024 * 1024);
    for (const { status } of answers) expect(status).not.toBe(500);
  });
});

describe('the edge, given a client that takes its time', () => {
  it('answers others meanwhile', async () => {
    async function* trickle(): AsyncGenerator<string> {
      yield `POST /auth/v1/token HTTP/1.1\r\nhost: ${new URL(url).host}\r\n`;
      for (let n = 0; n < 40; n++) {
        await pause(50);
        yield `x-slow-${n}: y\r\n`;
      }
    }
    const slow = Array.from({ length: 300 }, () => rawHttp(url, trickle(), 2_500));
    await pause(500);
    const from = performance.now();
    const answer = await fetch(`${url}/health/live`);
    expect(answer.status).toBe(200);
    expect(performance.now() - from).toBeLessThan(QUICK_MS);
    await Promise.all(slow);
  });
});
