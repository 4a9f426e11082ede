import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { generateKeyPairSync } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { start, type Running } from '#apps/palmledger/start.ts';
import { run as seed } from '#apps/seed/run.ts';
import { recordingTerminal } from '#libs/command-line/terminal.fixture.ts';
import { openFileKeyring } from '#libs/keyring/file/open.ts';
import { openEmbeddedLedger } from '#libs/ledger/embedded/open.ts';
import { newId } from '#libs/runtime/ids.ts';
import { readSettings } from '#libs/runtime/settings.ts';
import { invitePrincipal } from '#libs/use-cases/principal/invite.ts';
import { registerSubscriber } from '#libs/use-cases/subscriber/register.ts';
import { run } from './run.ts';

let folder: string;
let environment: Record<string, string>;
let running: Running | undefined;
let url = 'http://127.0.0.1:9';
const credentials: Record<string, string> = {};
const before = { ...process.env };

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'palmctl-'));
  environment = {
    PORT: '0',
    PALMLEDGER_DATA: join(folder, 'data'),
    PALMLEDGER_KEYS: join(folder, 'keys'),
    PALMLEDGER_OUTBOX: join(folder, 'outbox'),
    PALMLEDGER_CARD_NETWORK: join(folder, 'card-network'),
    PALMLEDGER_WITNESS: join(folder, 'witness'),
    PALMLEDGER_BACKUPS: join(folder, 'backups'),
    PALMLEDGER_LOG_LEVEL: 'silent',
  };
  const terminal = recordingTerminal();
  expect(await seed(['--members', '6', '--purchases', '3', '--json'], terminal, environment)).toBe(0);
  const told = JSON.parse(terminal.said[0]!) as Record<string, object>;
  for (const who of ['admin', 'auditor', 'merchant']) keep(who, told[who]!);
  Object.assign(process.env, environment, { PALMLEDGER_PURPOSE: 'seed' });
  running = await start(readSettings({ ...environment, PALMLEDGER_PURPOSE: 'seed' }));
  url = running.url;
  const { parts } = running;
  const { principal } = told['admin'] as { principal: string };
  const asked = () => ({
    caller: { kind: 'admin' as const, principal },
    request: { caller: 'test', idempotencyKey: newId(), digest: '' },
  });
  const { subscriber } = await registerSubscriber(parts, {
    ...asked(),
    name: 'Search',
    topics: ['merchants'],
    acknowledgesErasures: false,
  });
  keep(
    'service',
    await invitePrincipal(parts, { ...asked(), name: 'Search', contact: 'console', role: 'service', subscriber }),
  );
}, 60_000);
afterAll(async () => {
  await running?.stop();
  for (const name of Object.keys(environment)) delete process.env[name];
  Object.assign(process.env, before);
  delete process.env['PALMLEDGER_PURPOSE'];
  rmSync(folder, { recursive: true, force: true });
});

function keep(who: string, credential: object): void {
  const { principal, secret } = credential as { principal: string; secret: string };
  credentials[who] = join(folder, `${who}.json`);
  writeFileSync(credentials[who], JSON.stringify({ principal, secret }));
}

async function told(who: string | undefined, ...args: readonly string[]) {
  const terminal = recordingTerminal();
  const as = who === undefined ? [] : ['--credential', credentials[who]!];
  const code = await run(['--url', url, ...as, ...args], terminal);
  return { code, said: terminal.said.join('\n'), errors: terminal.errors.join('\n') };
}

/** With `--json`, read. */
async function json(who: string | undefined, ...args: readonly string[]): Promise<Record<string, unknown>> {
  const { code, said, errors } = await told(who, '--json', ...args);
  expect([code, errors]).toEqual([0, '']);
  return JSON.parse(said) as Record<string, unknown>;
}

async function aMember(): Promise<string> {
  const { records } = await running!.parts.ledger.readAll({ after: 0n, limit: 1, types: ['EnrolmentCompleted'] });
  const found = records[0] ?? (await all('EnrolmentCompleted'))[0]!;
  return found.stream.slice('oneId-'.length);
}

async function all(type: string) {
  const { records } = await running!.parts.ledger.readAll({ after: 0n, limit: 1_000, types: [type] });
  return records;
}

describe('palmctl, over the API', () => {
  it('tells the status, as a table and as JSON', async () => {
    const { code, said } = await told('admin', 'status');
    expect([code, said]).toEqual([0, expect.stringMatching(/^now .*\npart ledger +ready/)]);
    expect(await json('admin', 'status')).toMatchObject({ folder: { purpose: 'seed' }, keyring: { quorum: 1 } });
  });

  it('rebuilds the views and waits for the end', async () => {
    expect(await json('admin', 'views', 'status')).toMatchObject({ parked: 0, damaged: false });
    expect((await told('admin', 'views', 'rebuild')).said).toMatch(/rebuild +done/);
  }, 20_000);

  it('lists what is parked, and says of an unknown one that it is unknown', async () => {
    expect(await told('admin', 'parked', 'list')).toMatchObject({ code: 0, said: 'none' });
    expect(await told('admin', 'parked', 'show', 'purchases:x')).toMatchObject({
      code: 1,
      errors: expect.stringContaining('parked-unknown'),
    });
    expect((await told('admin', 'parked', 'skip', 'purchases:x')).code).toBe(1);
  });

  it('follows a topic from its beginning, and from a cursor', async () => {
    const { code, said } = await told('service', '--json', 'topics', 'tail', 'merchants', '--count', '2');
    expect(code).toBe(0);
    const [first, second] = said.split('\n').map((line) => JSON.parse(line) as { cursor: string; sequence: string });
    const again = await json('service', 'topics', 'tail', 'merchants', '--count', '1', '--after', first!.cursor);
    expect(again['sequence']).toBe(second!.sequence);
    expect(await told('service', 'topics', 'tail', 'secrets', '--count', '1')).toMatchObject({ code: 1 });
  });

  it('replays an account as of a moment, which is recorded as a look', async () => {
    const oneId = await aMember();
    const now = await json('auditor', 'replay', oneId, '--reason', 'complaint');
    expect(now).toMatchObject({ oneId, look: expect.any(String), state: expect.any(Object) });
    const [first] = now['events'] as { at: string; type: string }[];
    const then = await json('auditor', 'replay', oneId, '--at', first!.at, '--reason', 'complaint');
    expect((then['events'] as object[]).length).toBeLessThan((now['events'] as object[]).length);
    expect((await told('auditor', 'replay', oneId, '--reason', 'complaint')).said).toContain('EnrolmentStarted');
    expect((await told('merchant', 'replay', oneId, '--reason', 'complaint')).code).toBe(1);
  });

  it('lists erasures by their due date, and approves as a second admin only', async () => {
    const { PersonApi } = await import('#libs/api-client/person-api.ts');
    const { token } = await new PersonApi(url).post<{ token: string }>(
      '/auth/v1/token',
      JSON.parse(readFileSync(credentials['admin']!, 'utf8')) as object,
    );
    const api = new PersonApi(url, async () => token);
    await api.post(`/admin/v1/one-ids/${await aMember()}/erasures`);
    await running!.parts.views.waitFor(await running!.parts.ledger.head(), 5_000);
    const [due] = (await json('admin', 'erasures', 'due')) as unknown as { erasure: string; needsApproval: boolean }[];
    expect(due).toMatchObject({ needsApproval: true });
    expect((await told('admin', 'erasures', 'due')).said).toContain('a second admin');
    expect(await json('admin', 'erasures', 'show', due!.erasure)).not.toHaveProperty('oneId');
    expect(await json('admin', 'erasures', 'show', due!.erasure, '--reason', 'review')).toHaveProperty('oneId');
    expect((await told('admin', 'erasures', 'approve', due!.erasure)).code).toBe(1);
  });

  it('shows the signed head, and verifies it by the key that one learnt before', async () => {
    await running!.parts.ledger.head();
    await json('admin', 'backup');
    const { publicKey } = (await (await fetch(`${url}/evidence/v1/key`)).json()) as { publicKey: string };
    writeFileSync(join(folder, 'evidence.key'), publicKey);
    expect((await told(undefined, 'evidence', 'head')).said).toMatch(/treeSize/);
    expect((await told(undefined, 'evidence', 'verify', '--key', publicKey)).said).toMatch(/^valid/);
    const other = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }).x!;
    expect(await told(undefined, 'evidence', 'verify', '--key', other)).toMatchObject({
      code: 1,
      errors: expect.stringContaining('NOT VALID'),
    });
  });

  it('makes backups, which verify offline', async () => {
    const made = await json('admin', 'backup');
    expect((await told('admin', 'backup', '--list')).said).toContain(made['id']);
    const backup = join(folder, 'backups', made['id'] as string);
    expect(await json(undefined, 'status', '--offline', backup)).toMatchObject({ found: 'backup', damage: 'none' });
    expect(
      await json(undefined, 'evidence', 'verify', '--offline', backup, '--key', join(folder, 'evidence.key')),
    ).toMatchObject({ found: 'backup' });
  });

  it.each([
    [['status'], /credential/],
    [['--url', 'nowhere', 'status'], /--url/],
    [['--credential', '/nowhere.json', 'status'], /cannot be read/],
    [['replay', 'x', '--at', 'yesterday', '--reason', 'a'], /--at/],
    [['replay', 'x'], /--reason/],
    [['topics', 'tail', 'x', '--count', 'many'], /--count/],
    [['certificate', 'verify', '/nowhere', '--key', 'x'], /cannot be read|--key/],
    [['certificate', 'verify', 'package.json'], /--key/],
    [['evidence', 'verify', '--key', 'x'], /--key/],
    [['status', '--offline', '/nowhere'], /neither/],
    [['restore', '/nowhere'], /ledger|cannot be read/],
    [['fly'], /fly/],
    [[], /help/],
  ])('given %j, says in one line what is wrong', async (args, says) => {
    const terminal = recordingTerminal();
    expect(await run(args, terminal)).toBe(1);
    expect(terminal.errors).toEqual([expect.stringMatching(says)]);
  });

  it('given a certificate that is none, says that it is not valid', async () => {
    const file = join(folder, 'certificate.json');
    writeFileSync(file, '{"certificate":{},"signature":""}');
    const { publicKey } = generateKeyPairSync('ed25519');
    const pem = publicKey.export({ format: 'pem', type: 'spki' }).toString();
    writeFileSync(join(folder, 'key.pem'), pem);
    const { code, errors } = await told(undefined, 'certificate', 'verify', file, '--key', join(folder, 'key.pem'));
    expect([code, errors]).toEqual([1, expect.stringContaining('NOT VALID')]);
  });
});

describe('palmctl evidence', () => {
  it('exports a bundle that verifies with its file and the key alone, and fails where it was altered', async () => {
    const file = join(folder, 'evidence.jsonl');
    const { publicKey: key } = (await (await fetch(`${url}/evidence/v1/key`)).json()) as { publicKey: string };
    expect(await json('auditor', 'evidence', 'export', '--from', '1', '--to', '20', '--out', file)).toEqual({ file });
    expect(await json(undefined, 'evidence', 'check', file, '--key', key)).toMatchObject({ valid: true, events: 20 });
    const bytes = readFileSync(file);
    bytes[bytes.length >> 1]! ^= 1;
    writeFileSync(file, bytes);
    const { code, errors } = await told(undefined, 'evidence', 'check', file, '--key', key);
    expect([code, errors]).toEqual([1, expect.stringContaining('NOT VALID')]);
    const asked = ['--stream', 'visit-none', '--out', file];
    expect((await told('auditor', 'evidence', 'export', ...asked)).errors).toContain('events-unknown');
    expect((await told('merchant', 'evidence', 'export', ...asked)).code).toBe(1);
  });

  it('proves that an event is in the log', async () => {
    const [first] = await all('MerchantRegistered');
    const asked = ['--stream', first!.stream, '--id', first!.id];
    expect(await json('auditor', 'evidence', 'prove', ...asked)).toMatchObject({ leafIndex: expect.any(String) });
  });
});

describe('palmctl on a stopped folder', () => {
  it('restores an older ledger; who was erased since is erased again before anything is served', async () => {
    const gone = await aMember();
    await running!.stop();
    running = undefined;
    const made = await json(undefined, 'backup', '--offline');
    const backup = join(folder, 'backups', made['id'] as string);
    const data = environment['PALMLEDGER_DATA']!;
    expect(await told(undefined, 'restore', backup)).toMatchObject({
      code: 1,
      errors: expect.stringContaining('holds a ledger'),
    });

    const keyring = await openFileKeyring({ dataDir: data, keysDir: environment['PALMLEDGER_KEYS']! });
    await keyring.destroy([`oneId-${gone}`]);
    await keyring.close();
    rmSync(join(data, 'ledger'), { recursive: true });

    const looked = await told(undefined, '--json', 'restore', backup);
    expect(looked).toMatchObject({ code: 1, errors: expect.stringContaining('--yes') });
    expect(JSON.parse(looked.said)).toMatchObject({ restored: false, oneIds: 6, erasedAgain: 1 });
    expect(existsSync(join(data, 'ledger'))).toBe(false);

    expect(await json(undefined, 'restore', backup, '--yes')).toMatchObject({ restored: true, erasedAgain: 1 });
    expect(existsSync(join(data, 'restoring'))).toBe(false);
    const ledger = await openEmbeddedLedger({ dir: data });
    expect(await ledger.readStream(`oneId-${gone}`)).toEqual([]);
    await ledger.close();
    running = await start(readSettings({ ...environment, PALMLEDGER_PURPOSE: 'seed' }));
    url = running.url;
    expect((await told('admin', 'status')).code).toBe(0);
  }, 60_000);

  it('refuses a backup that was altered, or without the keyring', async () => {
    const [id] = readdirSync(join(folder, 'backups'));
    const altered = join(folder, 'altered');
    cpSync(join(folder, 'backups', id!), altered, { recursive: true });
    const file = join(altered, 'ledger.db');
    const bytes = readFileSync(file);
    bytes[bytes.length - 100]! ^= 1;
    writeFileSync(file, bytes);
    const empty = join(folder, 'empty');
    mkdirSync(empty, { recursive: true });
    process.env['PALMLEDGER_DATA'] = empty;
    expect((await told(undefined, 'restore', altered)).errors).toContain('damaged');
    expect((await told(undefined, 'restore', join(folder, 'backups', id!))).errors).toContain('no keyring');
    process.env['PALMLEDGER_DATA'] = environment['PALMLEDGER_DATA'];
  });
});
