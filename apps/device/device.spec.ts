import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { recordingTerminal } from '#libs/command-line/terminal.fixture.ts';
import { startSystem, type Started } from '#libs/testing/started.ts';
import { run } from './run.ts';

let started: Started;
let file: string;
let palms: string;
beforeAll(async () => {
  started = await startSystem();
  file = join(started.folder, 'device.json');
  palms = join(started.folder, 'palms');
  await told('draw', '--people', '2', '--captures', '3', '--out', palms);
}, 60_000);
afterAll(() => started.stop());

interface Told {
  readonly code: number;
  readonly answer: Record<string, unknown>;
  readonly said: string;
  readonly errors: string;
}

async function told(...args: readonly string[]): Promise<Told> {
  const terminal = recordingTerminal();
  const code = await run(['--json', '--device', file ?? 'none', ...args], terminal);
  const said = terminal.said.join('\n');
  const answer = said.startsWith('{') ? (JSON.parse(said) as Record<string, unknown>) : {};
  return { code, answer, said, errors: terminal.errors.join('\n') };
}

function palm(name: string): string {
  return join(palms, `${name}.png`);
}

describe('a device on the command line', () => {
  it('draws several captures of each hand, named as palm:measure reads them', () => {
    expect(readdirSync(palms)).toHaveLength(12);
    expect(readdirSync(palms)).toContain('p1-left_1.png');
  });

  it('registers with an activation code, and keeps itself in a file that nobody else may read', async () => {
    const { code, errors } = await told(
      'register',
      '--url',
      started.running.url,
      '--code',
      await started.activationCode(),
    );
    expect([code, errors]).toEqual([0, '']);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ state: { merchant: started.merchant } });
  });

  it('given a file that is a device already, does not register over it', async () => {
    const { code, errors } = await told('register', '--url', started.running.url, '--code', 'x.y');
    expect(code).toBe(1);
    expect(errors).toContain('another file');
  });

  it('enrols a member with the code from the folder that stands for phones', async () => {
    const { code, answer, errors } = await told(
      ...['enrol', '--palm', palm('p1-left_1'), '--card', '4242 4242 4242 4242'],
      ...['--phone', '+49 170 1234567', '--sent', started.outboxDir],
    );
    expect([code, errors.split('\n').at(-1)]).toEqual([0, 'phone: verified']);
    expect(answer).toHaveProperty('completedAt');
  }, 20_000);

  it('takes a payment, gives part of it back, and tells what became of it', async () => {
    const paid = await told('pay', '12.50', '--palm', palm('p1-left_2'), '--last-four', '4567');
    expect(paid).toMatchObject({ code: 0, answer: { state: 'captured', amount: 1250, currency: 'EUR' } });
    const payment = String(paid.answer['payment']);
    expect(await told('refund', payment, '2.5')).toMatchObject({ code: 0, answer: { refunded: 250, left: 1000 } });
    expect(await told('payment', payment)).toMatchObject({ code: 0, answer: { captured: 1250, refunded: 250 } });
    const tooMuch = await told('refund', payment, '99');
    expect(tooMuch.code).toBe(1);
  });

  it('adds the other palm, which pays from then on', async () => {
    const added = await told(
      'add-palm',
      '--palm',
      palm('p1-left_3'),
      '--new',
      palm('p1-right_1'),
      '--last-four',
      '4567',
    );
    expect([added.code, added.errors]).toEqual([0, '']);
  });

  it('lets a member into a shop without checkout, and out again', async () => {
    const held = ['--palm', palm('p1-left_2'), '--last-four', '4567'];
    expect(await told('enter', ...held)).toMatchObject({ code: 0, answer: { visit: expect.any(String) } });
    expect(await told('leave', ...held)).toMatchObject({ code: 0, answer: { total: 0 } });
  });

  it('grants a badge and finds it again; another kind is a no', async () => {
    const held = ['--palm', palm('p1-left_1'), '--last-four', '4567'];
    const granted = await told('grant', 'badge', '--reference', 'B-17', '--fact', 'door=all', ...held);
    expect([granted.code, granted.errors]).toEqual([0, '']);
    expect(await told('check', 'badge', ...held)).toMatchObject({
      code: 0,
      answer: { answer: 'yes', reference: 'B-17' },
    });
    expect(await told('check', 'loyalty', ...held)).toMatchObject({ code: 2, answer: { answer: 'no' } });
  });

  it('given the palm of a stranger, says that nobody is known by it', async () => {
    const { code, errors } = await told('pay', '1', '--palm', palm('p2-left_1'));
    expect(code).toBe(1);
    expect(errors).toMatch(/nobody/);
  });

  it.each([
    [['pay', '12.505', '--palm', 'x'], /digits behind the point/],
    [['pay', '12,50', '--palm', 'x'], /no amount/],
    [['pay', '1', '--currency', 'EURO', '--palm', 'x'], /currency/],
    [['pay', '1'], /--palm/],
    [['pay', '1', '--palm', '/nowhere.png'], /cannot be read/],
    [['pay', '1', '--palm', '/nowhere.png', '--last-four', '12'], /four digits/],
    [['check', 'passport', '--palm', 'x'], /passport/],
    [['enrol', '--palm', '/nowhere.png', '--card', '12', '--phone', '+49'], /12 to 19 digits/],
    [['enrol', '--card', '4242424242424242', '--phone', '+49'], /--palm/],
    [['confirm', '12'], /six digits/],
    [['draw', '--people', '0', '--out', '/tmp/none'], /whole number/],
    [['register', '--url', 'nothing'], /address/],
    [['register', '--url', 'http://127.0.0.1:1'], /activation code/],
    [['conformance'], /--url/],
    [['dance'], /dance/],
    [[], /help/],
  ])('given %j, says in one line what is wrong', async (args, says) => {
    const { code, errors } = await told(...args);
    expect(code).not.toBe(0);
    expect(errors).toMatch(says);
    expect(errors.split('\n')).toHaveLength(1);
    expect(errors).not.toMatch(/ at .*\.(ts|js):/);
  });

  it('checks the test vectors, and says which do not hold', async () => {
    expect(await told('conformance', '--vectors')).toMatchObject({ code: 0 });
    const altered = join(started.folder, 'altered.json');
    const vectors = readFileSync('docs/device-test-vectors.json', 'utf8').replace('"amount\\":1250', '"amount\\":1251');
    writeFileSync(altered, vectors);
    expect(await told('conformance', '--vectors', altered)).toMatchObject({ code: 1 });
    writeFileSync(altered, '{}');
    expect((await told('conformance', '--vectors', altered)).errors).toContain('no test vectors');
  });

  it('stands in for a service, judges each request, and ends with what was wrong', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    const recorder = recordingTerminal();
    const ended = run(['conformance', '--url', url, '--requests', '4'], recorder);
    const other = join(started.folder, 'other-device.json');
    const device = (...args: string[]) => run(['--device', other, ...args], recordingTerminal());
    expect(await device('register', '--url', url, '--code', 'any')).toBe(0);
    expect(await device('enter', '--palm', palm('p1-left_1'))).toBe(0);
    expect(await ended).toBe(0);
    expect(recorder.said).toEqual(
      ['activations', 'keys', 'identifications', 'visits'].map((path) => expect.stringMatching(`^✓ .*${path}`)),
    );
  }, 20_000);

  it('given a file that others may read, or of another kind, refuses it', async () => {
    const other = join(started.folder, 'other.json');
    writeFileSync(other, '{}', { mode: 0o644 });
    const terminal = recordingTerminal();
    expect(await run(['--device', other, 'payment', 'x'], terminal)).toBe(1);
    expect(terminal.errors).toEqual([expect.stringContaining('0600')]);
  });

  it('given a service that is not there, says so', async () => {
    const lonely = join(started.folder, 'lonely.json');
    const terminal = recordingTerminal();
    const args = ['--device', lonely, 'register', '--url', 'http://127.0.0.1:9', '--code', 'a.b'];
    expect(await run(args, terminal)).toBe(3);
    expect(terminal.errors).toEqual([expect.stringContaining('no answer')]);
  }, 10_000);
});

async function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}
