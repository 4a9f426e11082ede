import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeFileKeyring } from '#libs/keyring/file/open.ts';
import type { Keyring } from '#libs/keyring/port.ts';
import { asked, openTown, type Town } from '#libs/testing/town.ts';
import type { Deps } from '../deps.ts';
import { makeFirstAdmin } from '../principal/first-admin.ts';
import { invitePrincipal } from '../principal/invite.ts';
import { revokeRole } from '../principal/roles.ts';
import { proposeRetirement, retireCopy } from './retire-copy.ts';

let town: Town;
let folder: string;
let copies: Keyring;
let deps: Deps;
beforeAll(async () => {
  town = await openTown();
  folder = mkdtempSync(join(tmpdir(), 'copies-'));
  copies = await makeFileKeyring({
    dataDir: join(folder, 'data'),
    keysDir: join(folder, 'keys'),
    replicas: ['b', 'c'].map((name) => {
      return { name, dataDir: join(folder, name), keysDir: join(folder, `${name}-keys`), medium: 'disk' };
    }),
  });
  // The town's own keys seal its claims; the copies that are given up here are another keyring's.
  const { keyring } = town.deps;
  deps = {
    ...town.deps,
    keyring: {
      make: (names) => keyring.make(names),
      reserve: (kind, count) => keyring.reserve(kind, count),
      seal: (items) => keyring.seal(items),
      open: (items) => keyring.open(items),
      has: (names) => keyring.has(names),
      derive: (key, info, length) => keyring.derive(key, info, length),
      destroy: (names) => keyring.destroy(names),
      status: () => copies.status(),
      retireCopy: (name, by) => copies.retireCopy(name, by),
      close: () => keyring.close(),
    },
  };
});
afterAll(async () => {
  await copies.close();
  await town.close();
  rmSync(folder, { recursive: true, force: true });
});

const refused = (code: string) => expect.objectContaining({ code });

describe('Giving up a copy of the keyring', () => {
  it('takes two admins, both still admins; the copy is then named with them', async () => {
    const first = { kind: 'admin', principal: (await makeFirstAdmin(deps))!.principal } as const;
    const invitation = { name: 'Second', contact: 'x', role: 'admin' } as const;
    const invited = await invitePrincipal(deps, { caller: first, request: asked(first), ...invitation });
    const second = { kind: 'admin', principal: invited.principal } as const;
    const unknown = proposeRetirement(deps, { caller: first, request: asked(first), copy: 'nowhere' });
    await expect(unknown).rejects.toEqual(refused('copy-unknown'));
    const { proposal } = await proposeRetirement(deps, { caller: first, request: asked(first), copy: 'b' });
    const alone = retireCopy(deps, { caller: first, request: asked(first), proposal });
    await expect(alone).rejects.toEqual(refused('four-eyes'));
    const altered = retireCopy(deps, { caller: second, request: asked(second), proposal: `${proposal}AAAA` });
    await expect(altered).rejects.toEqual(refused('proposal-invalid'));
    await retireCopy(deps, { caller: second, request: asked(second), proposal });
    const { copies: listed } = await deps.keyring.status();
    const given = listed.find(({ name }) => name === 'b');
    expect(given).toMatchObject({ state: 'retired', retired: { by: [first.principal, second.principal] } });
    const later = await proposeRetirement(deps, { caller: second, request: asked(second), copy: 'c' });
    const takenAway = { caller: first, request: asked(first), principal: second.principal, role: 'admin' } as const;
    await revokeRole(deps, takenAway);
    const noLonger = retireCopy(deps, { caller: first, request: asked(first), proposal: later.proposal });
    await expect(noLonger).rejects.toEqual(refused('proposal-invalid'));
  });
});
