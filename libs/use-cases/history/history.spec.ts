import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '#libs/runtime/ids.ts';
import { isoNow } from '#libs/runtime/clock.ts';
import { asked, openTown, type Town, type TownMember } from '#libs/testing/town.ts';
import { pauseOneId, unpauseOneId } from '../standing/pause.ts';
import { looks, oneIds } from '../stream/aggregates.ts';
import { decideOn } from '../stream/decide.ts';
import { ownLooks } from './looks.ts';
import { ownHistory } from './own.ts';

let town: Town;
let ada: TownMember;
beforeAll(async () => {
  town = await openTown();
  ada = await town.member();
});
afterAll(() => town.close());

const history = (more: object = {}) => ownHistory(town.deps, { caller: ada.caller, limit: 50, ...more });

describe("a member's history", () => {
  it('tells what changed, when and by whom, newest first, without token, signature or other people', async () => {
    await pauseOneId(town.deps, { caller: ada.caller, request: asked(ada.caller) });
    const { items } = await history();
    expect(items[0]).toMatchObject({ what: 'Paused', by: { kind: 'member' }, details: { reason: 'member' } });
    const added = items.find(({ what }) => what === 'CardAdded')!;
    expect(added.details).toMatchObject({ brand: 'visa', lastFour: '1111' });
    expect(items.map(({ what }) => what)).not.toContain('TransactionOpened');
    expect(JSON.stringify(items)).not.toMatch(/token|vector|signature/);
  });

  it('comes page by page', async () => {
    const all = (await history()).items;
    const first = await history({ limit: 4 });
    const rest = await history({ limit: 50, cursor: first.next });
    expect([...first.items, ...rest.items]).toEqual(all);
  });
});

describe('a pause that is asked for again', () => {
  it('given that it was ended meanwhile, does not begin anew', async () => {
    const bob = await town.member();
    const pausing = { caller: bob.caller, request: asked(bob.caller) };
    await pauseOneId(town.deps, pausing);
    await unpauseOneId(town.deps, { caller: bob.caller, request: asked(bob.caller) });
    await pauseOneId(town.deps, pausing);
    const { items } = await ownHistory(town.deps, { caller: bob.caller, limit: 1 });
    expect(items[0]!.what).toBe('Unpaused');
  });
});

describe('who looked', () => {
  it('is told with the reason and what was asked for', async () => {
    const [look] = await town.deps.keyring.reserve('look');
    const who = { actor: 'auditor', about: { who: 'principal-eve' } } as const;
    const at = isoNow(town.deps.clock);
    const sealed = { look: `look-${look!}` };
    await decideOn(town.deps, oneIds, ada.stream, { type: 'RecordLook', at, sealed }, who);
    // Announced and never done: nobody saw anything.
    const never = { type: 'RecordLook', at, sealed: { look: `look-${newId()}` } } as const;
    await decideOn(town.deps, oneIds, ada.stream, never, who);
    const asking = { principal: 'eve', reason: 'complaint', askedFor: 'replay', oneId: ada.oneId };
    await decideOn(town.deps, looks, `look-${look!}`, { type: 'RecordLook', at, ...asking }, who);
    const { items } = await ownLooks(town.deps, { caller: ada.caller, limit: 10 });
    const by = { kind: 'auditor', principal: 'eve' };
    expect(items).toEqual([{ at, by, reason: 'complaint', askedFor: 'replay' }]);
  });
});
