import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { start } from '#apps/palmledger/start.ts';
import { PersonApi } from '#libs/api-client/person-api.ts';
import { Phone } from '#libs/api-client/phone.ts';
import { recordingTerminal } from '#libs/command-line/terminal.fixture.ts';
import { clearOf } from '#libs/event-codec/codec.ts';
import { openEmbeddedLedger } from '#libs/ledger/embedded/open.ts';
import type { StoredRecord } from '#libs/ledger/port.ts';
import { readSettings } from '#libs/runtime/settings.ts';
import { run } from './run.ts';
import { openSeed } from './open-seed.ts';
import { timelineOf } from './timeline.ts';

let folder: string;
let told: Record<string, { principal: string; secret: string }> & { phone: string };
const settingsIn = (dir: string) => ({
  PORT: '0',
  PALMLEDGER_DATA: join(dir, 'data'),
  PALMLEDGER_KEYS: join(dir, 'keys'),
  PALMLEDGER_OUTBOX: join(dir, 'outbox'),
  PALMLEDGER_CARD_NETWORK: join(dir, 'card-network'),
  PALMLEDGER_WITNESS: join(dir, 'witness'),
});
const few = ['--members', '12', '--purchases', '3', '--json'];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'seed-'));
  const terminal = recordingTerminal();
  expect([await run(few, terminal, settingsIn(folder)), terminal.errors.at(-1)]).toEqual([0, 'filling the views']);
  told = JSON.parse(terminal.said[0]!) as typeof told;
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function records(dir: string): Promise<StoredRecord[]> {
  const ledger = await openEmbeddedLedger({ dir: join(dir, 'data') });
  const all: StoredRecord[] = [];
  for (let after = 0n; ;) {
    const page = await ledger.readAll({ after, limit: 500 });
    all.push(...page.records);
    if (page.next === after) break;
    after = page.next;
  }
  await ledger.close();
  return all;
}

describe('a seeded folder', () => {
  it('holds every member, enrolled to the end, with two years of what they did', async () => {
    const all = await records(folder);
    const count = (type: string) => all.filter((record) => record.type === type).length;
    expect(count('EnrolmentCompleted')).toBe(12);
    expect(count('TransactionOpened')).toBe(count('TransactionClosed'));
    expect(count('PaymentRequested')).toBeGreaterThan(10);
    const times = all.map(({ recordedAt }) => Date.parse(recordedAt));
    expect(Math.max(...times) - Math.min(...times)).toBeGreaterThan(700 * 86_400_000);
  });

  it('is refused to a second seeding, which changes nothing', async () => {
    const before = (await records(folder)).length;
    const terminal = recordingTerminal();
    expect(await run(few, terminal, settingsIn(folder))).toBe(1);
    expect(terminal.errors).toEqual([expect.stringContaining('seeded already')]);
    expect((await records(folder)).length).toBe(before);
  });

  it('given one that was cut off anywhere, goes on and does nothing twice', async () => {
    const file = join(folder, 'data', 'seed.json');
    const whole = readFileSync(file, 'utf8');
    const before = await records(folder);
    writeFileSync(file, JSON.stringify({ ...(JSON.parse(whole) as object), done: 3, finished: false }));
    // As if the process had ended before its last words: nobody has been invited since.
    const refused = recordingTerminal();
    expect(await run(few, refused, settingsIn(folder))).toBe(1);
    expect(refused.errors).toEqual([expect.stringContaining('started before')]);
    writeFileSync(
      file,
      JSON.stringify({ ...(JSON.parse(whole) as object), until: new Date().toISOString(), done: 3, finished: false }),
    );
    const terminal = recordingTerminal();
    expect([await run(few, terminal, settingsIn(folder)), terminal.errors.at(-1)]).toEqual([0, 'filling the views']);
    told = JSON.parse(terminal.said[0]!) as typeof told;
    const count = (all: readonly StoredRecord[], type: string) => all.filter((record) => record.type === type).length;
    const after = await records(folder);
    for (const type of [
      'EnrolmentCompleted',
      'PaymentRequested',
      'PaymentCaptured',
      'MerchantRegistered',
      'CardAdded',
      'PaymentRefunded',
    ])
      expect([type, count(after, type)]).toEqual([type, count(before, type)]);
  }, 60_000);

  it('is in use while somebody has it open', async () => {
    const { parts } = await openSeed(readSettings(settingsIn(folder)));
    const terminal = recordingTerminal();
    expect(await run(few, terminal, settingsIn(folder))).toBe(1);
    expect(terminal.errors).toHaveLength(1);
    await parts.close();
  });

  it('starts, and lets in whom it names: a member by phone, an admin, a merchant, an auditor', async () => {
    const settings = readSettings({
      ...settingsIn(folder),
      PALMLEDGER_PURPOSE: 'seed',
      PALMLEDGER_LOG_LEVEL: 'silent',
    });
    const running = await start(settings);
    try {
      const { url } = running;
      for (const who of ['admin', 'merchant', 'auditor'] as const) {
        const { principal, secret } = told[who]!;
        expect(await new PersonApi(url).post('/auth/v1/token', { principal, secret })).toHaveProperty('token');
      }
      const phone = new Phone(settings.PALMLEDGER_OUTBOX, told.phone);
      await new PersonApi(url).post('/auth/v1/member/codes', { phone: told.phone });
      const code = await phone.code('sign-in-code');
      const { token } = await new PersonApi(url).post<{ token: string }>('/auth/v1/member/token', {
        phone: told.phone,
        code,
      });
      const me = await new PersonApi(url, async () => token).get<{ palms: readonly unknown[] }>('/member/v1/me');
      expect(me.palms.length).toBeGreaterThan(0);
    } finally {
      await running.stop();
    }
  }, 60_000);
});

describe('a seeding', () => {
  const plan = {
    seed: 'a',
    members: 40,
    purchases: 5,
    from: '2024-01-01T00:00:00.000Z',
    until: '2026-01-01T00:00:00.000Z',
  };

  it('is the same years for the same word, in order of time', () => {
    const timeline = timelineOf(plan);
    expect(timelineOf(plan)).toEqual(timeline);
    expect(timelineOf({ ...plan, seed: 'b' })).not.toEqual(timeline);
    const times = timeline.map(({ at }) => at);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    for (const { at } of timeline) expect(at > Date.parse(plan.from) && at < Date.parse(plan.until)).toBe(true);
  });

  it.each([
    [['--members', '0'], {}, /--members/],
    [['--members', 'many'], {}, /--members/],
    [['--seed', 'A B'], {}, /--seed/],
    [['--what'], {}, /--what/],
    [[], { PALMLEDGER_DATTA: 'x' }, /PALMLEDGER_DATTA/],
  ])('given %j, says in one line what is wrong', async (args, environment, says) => {
    const terminal = recordingTerminal();
    expect(await run(args, terminal, environment)).toBe(1);
    expect(terminal.errors).toEqual([expect.stringMatching(says)]);
  });

  it('given a folder with members of its own, refuses it', async () => {
    const own = mkdtempSync(join(tmpdir(), 'seed-own-'));
    const ledger = await openEmbeddedLedger({ dir: join(own, 'data') });
    const [first] = (await records(folder)).filter(({ type }) => type === 'EnrolmentStarted');
    expect(clearOf(first!)).toHaveProperty('enrolBy');
    const { id, type, version, recordedAt, actor, clear, sealed } = first!;
    await ledger.append('oneId-x', 'none', [{ id, type, version, recordedAt, actor, clear, sealed }]);
    await ledger.close();
    writeFileSync(join(own, 'data', 'folder.json'), JSON.stringify({ format: 1, purpose: 'live', madeAt: recordedAt }));
    const terminal = recordingTerminal();
    expect(await run(few, terminal, settingsIn(own))).toBe(1);
    expect(terminal.errors).toEqual([expect.stringContaining('has members already')]);
    rmSync(own, { recursive: true, force: true });
  });
});
