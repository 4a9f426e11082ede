import { cp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { KeyringUnavailable } from '../errors.ts';
import type { Keyring } from '../port.ts';
import { masterKeysIn, opensWithAny, reachableKeys } from './attacker.ts';
import { fileDisk } from './disk.ts';
import { Crashed, type Fault, type FaultyDisk, faultyDisk, filesUnder, stolen } from './faulty-disk.ts';
import { type FileKeyringOptions, makeFileKeyring, openFileKeyring } from './open.ts';
import { drawFolder } from './testing.ts';

const OTHERS = Array.from({ length: 600 }, (_, i) => `oneId-${i}`);
const CONTEXT = 'stream/event/field';

interface Scene {
  readonly folder: string;
  readonly options: FileKeyringOptions;
  readonly disk: FaultyDisk;
  readonly keyring: Keyring;
  readonly sealed: { doomed: Uint8Array; stays: Uint8Array };
  readonly remove: () => Promise<void>;
}

type Template = Awaited<ReturnType<typeof drawFolder>> & Pick<Scene, 'sealed'>;
const templates = new Map<number, Template>();
afterAll(async () => {
  for (const template of templates.values()) await template.remove();
});

/** A keyring with several pages, one key to be destroyed and one that stays; made once, copied for each scene. */
async function template(replicas: number): Promise<Template> {
  const known = templates.get(replicas);
  if (known) return known;
  const drawn = await drawFolder(replicas);
  const first = await makeFileKeyring(drawn.options);
  await first.make([...OTHERS, 'doomed', 'stays']);
  const items = ['doomed', 'stays'].map((key) => ({ key, plaintext: Buffer.from(key), context: CONTEXT }));
  const [doomed, stays] = (await first.seal(items)) as [Uint8Array, Uint8Array];
  await first.close();
  const made = { ...drawn, sealed: { doomed, stays } };
  templates.set(replicas, made);
  return made;
}

/** The template's keyring, on a disk that can be stopped. */
async function scene(replicas: number): Promise<Scene> {
  const { folder, sealed } = await template(replicas);
  const drawn = await drawFolder(replicas);
  await cp(folder, drawn.folder, { recursive: true });
  const disk = faultyDisk(fileDisk());
  const keyring = await openFileKeyring({ ...drawn.options, disk });
  return { ...drawn, disk, keyring, sealed };
}

const openBoth = async (keyring: Keyring, { doomed, stays }: Scene['sealed']): Promise<string[]> => {
  const opened = await keyring.open([
    { key: 'doomed', ciphertext: doomed, context: CONTEXT },
    { key: 'stays', ciphertext: stays, context: CONTEXT },
  ]);
  return opened.map((value) => Buffer.from(value).toString());
};

async function stepsOf(replicas: number, act: (keyring: Keyring) => Promise<unknown>): Promise<string[]> {
  const { disk, keyring, remove } = await scene(replicas);
  disk.crashAt(Infinity, 'before');
  await act(keyring);
  const steps = [...disk.steps];
  await keyring.close();
  await remove();
  return steps;
}

/** Runs `act` once for every step that it takes, stops it there, starts again from what lies on the disk, and looks. */
async function atEveryStep(
  replicas: number,
  fault: Fault,
  act: (keyring: Keyring) => Promise<unknown>,
  look: (at: Scene, before: string, reopened: Keyring) => Promise<void>,
): Promise<number> {
  const steps = await stepsOf(replicas, act);
  for (const [step, what] of steps.entries()) {
    if (fault === 'torn' && what !== 'write') continue;
    const at = await scene(replicas);
    const before = await stolen(at.folder);
    at.disk.crashAt(step, fault);
    await act(at.keyring).catch((error: unknown) => expect(rootCause(error)).toBeInstanceOf(Crashed));
    await at.keyring.close();
    if (fault === 'power') await at.disk.losePower();
    const reopened = await openFileKeyring(at.options);
    try {
      await look(at, before, reopened);
    } finally {
      await reopened.close();
      await at.remove();
      await rm(before, { recursive: true });
    }
  }
  return steps.length;
}

function rootCause(error: unknown): unknown {
  return error instanceof Error && error.cause ? rootCause(error.cause) : error;
}

const FAULTS: Fault[] = ['before', 'torn', 'power'];

describe('a destruction that is cut off', () => {
  it.each(FAULTS)(
    'at any step (%s): the old tree or the new one, and once repeated, nothing opens what is destroyed',
    async (fault) => {
      const outcomes = new Set<string>();
      const steps = await atEveryStep(
        0,
        fault,
        (keyring) => keyring.destroy(['doomed']),
        async (at, before, reopened) => {
          const [doomed, stays] = await openBoth(reopened, at.sealed);
          expect(['doomed', 'gone']).toContain(doomed);
          expect(stays).toBe('stays');
          outcomes.add(doomed as string);
          expect(await reopened.has(OTHERS)).not.toContain(false);
          const keysLeft = (await filesUnder(at.options.keysDir)).map((file) =>
            file.slice(at.options.keysDir.length + 1),
          );
          expect(keysLeft).toEqual(['master.key']);

          const between = await stolen(at.folder);
          await reopened.destroy(['doomed']);
          expect(await openBoth(reopened, at.sealed)).toEqual(['gone', 'stays']);
          const today = await masterKeysIn([at.options.keysDir]);
          const reached = await reachableKeys([before, between, at.folder], today);
          expect(opensWithAny(reached, at.sealed.doomed, CONTEXT)).toBe(false);
          expect(opensWithAny(reached, at.sealed.stays, CONTEXT)).toBe(true);
          await rm(between, { recursive: true });
        },
      );
      expect(steps).toBeGreaterThan(12);
      expect([...outcomes].sort()).toEqual(['doomed', 'gone']);
    },
  );

  it('on copies at any step: they agree again at the next start, and nothing opens what is destroyed', async () => {
    await atEveryStep(
      1,
      'before',
      (keyring) => keyring.destroy(['doomed']),
      async (at, before, reopened) => {
        expect((await reopened.status()).copies.map(({ state }) => state)).toEqual(['in-step', 'in-step']);
        expect((await openBoth(reopened, at.sealed))[1]).toBe('stays');
        const done = await reopened.destroy(['doomed']);
        expect(done.copies).toHaveLength(2);
        const reached = await reachableKeys([before, at.folder], await masterKeysIn([at.folder]));
        expect(opensWithAny(reached, at.sealed.doomed, CONTEXT)).toBe(false);
        expect(opensWithAny(reached, at.sealed.stays, CONTEXT)).toBe(true);
      },
    );
  });

  it('shows the attacker at work: with the old master key it does open what was destroyed', async () => {
    const at = await scene(0);
    const before = await stolen(at.folder);
    const old = await masterKeysIn([at.options.keysDir]);
    await at.keyring.destroy(['doomed']);
    const reached = await reachableKeys([before], old);
    expect(opensWithAny(reached, at.sealed.doomed, CONTEXT)).toBe(true);
    await at.keyring.close();
    await at.remove();
    await rm(before, { recursive: true });
  });

  it('leaves no byte of the old master key, and no old page, in the files', async () => {
    const at = await scene(0);
    const [old] = await masterKeysIn([at.options.keysDir]);
    const pages = await readFile(join(at.options.dataDir, 'keyring', 'pages'));
    await at.keyring.destroy(['doomed']);
    const after = await readFile(join(at.options.dataDir, 'keyring', 'pages'));
    for (const file of await filesUnder(at.folder)) expect((await readFile(file)).includes(old as Buffer)).toBe(false);
    const rewritten = [];
    for (let i = 0; i + 16_384 <= pages.length; i += 16_384) {
      const page = pages.subarray(i, i + 16_384);
      if (!after.includes(page.subarray(0, 64))) rewritten.push(i);
    }
    expect(rewritten.length).toBeGreaterThanOrEqual(2);
    await at.keyring.close();
    await at.remove();
  });
});

describe('making keys that is cut off', () => {
  it.each(FAULTS)('at any step (%s): all of the new keys or none, and every old one', async (fault) => {
    const fresh = ['new-1', 'new-2', 'new-3'];
    await atEveryStep(
      0,
      fault,
      (keyring) => keyring.make(fresh),
      async (at, _before, reopened) => {
        expect(new Set(await reopened.has(fresh)).size).toBe(1);
        expect(await openBoth(reopened, at.sealed)).toEqual(['doomed', 'stays']);
        await reopened.make(fresh);
        expect(await reopened.has([...fresh, ...OTHERS])).not.toContain(false);
      },
    );
  });

  it('by a full disk: refused, nothing is changed, and it goes on once there is room', async () => {
    const drawn = await drawFolder();
    await (await makeFileKeyring(drawn.options)).close();
    let full = false;
    const real = fileDisk();
    const write = async (path: string, offset: number, bytes: Uint8Array): Promise<void> => {
      if (full) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
      return real.write(path, offset, bytes);
    };
    const keyring = await openFileKeyring({ ...drawn.options, disk: { ...real, write } });
    await keyring.make(['old']);
    full = true;
    await expect(keyring.make(['new'])).rejects.toMatchObject({ code: 'ENOSPC' });
    await expect(keyring.destroy(['old'])).rejects.toMatchObject({ code: 'ENOSPC' });
    expect(await keyring.has(['old', 'new'])).toEqual([true, false]);
    full = false;
    await keyring.make(['new']);
    await keyring.destroy(['old']);
    expect(await keyring.has(['old', 'new'])).toEqual([false, true]);
    await keyring.close();
    await drawn.remove();
  });

  it('by a sync that fails: takes no more changes until it is opened again, and still opens what it has', async () => {
    const drawn = await drawFolder();
    await (await makeFileKeyring(drawn.options)).close();
    let broken = false;
    const real = fileDisk();
    const sync = async (path: string): Promise<void> => {
      if (broken) throw Object.assign(new Error('input/output error'), { code: 'EIO' });
      return real.sync(path);
    };
    const keyring = await openFileKeyring({ ...drawn.options, disk: { ...real, sync } });
    await keyring.make(['old']);
    broken = true;
    await expect(keyring.make(['new'])).rejects.toMatchObject({ code: 'EIO' });
    broken = false;
    await expect(keyring.make(['new'])).rejects.toThrow(KeyringUnavailable);
    expect(await keyring.has(['old'])).toEqual([true]);
    await keyring.close();
    const reopened = await openFileKeyring(drawn.options);
    await reopened.make(['new']);
    expect(await reopened.has(['old', 'new'])).toEqual([true, true]);
    await reopened.close();
    await drawn.remove();
  });

  it('acknowledged, then without power: the keys are there', async () => {
    const at = await scene(0);
    at.disk.crashAt(Infinity, 'power');
    await at.keyring.make(['new']);
    const [id] = await at.keyring.reserve('payment');
    await at.keyring.close();
    await at.disk.losePower();
    const reopened = await openFileKeyring(at.options);
    expect(await reopened.has(['new', `payment-${id}`, 'stays'])).toEqual([true, true, true]);
    await reopened.close();
    await at.remove();
  });
});

describe('a first start that is cut off', () => {
  it('at any step begins again, or is complete', async () => {
    for (let step = 0; step < 60; step++) {
      const { options, remove } = await drawFolder(1);
      const disk = faultyDisk(fileDisk());
      disk.crashAt(step, 'before');
      const made = await makeFileKeyring({ ...options, disk }).catch(() => undefined);
      await made?.close();
      const keyring = await openFileKeyring(options).catch(() => makeFileKeyring(options));
      await keyring.make(['k']);
      expect((await keyring.status()).copies.map(({ state }) => state)).toEqual(['in-step', 'in-step']);
      await keyring.close();
      await remove();
      if (made) return;
    }
    throw new Error('never complete');
  });
});
