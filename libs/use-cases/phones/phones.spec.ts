import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { asked, openTown, type Town, type TownMember } from '#libs/testing/town.ts';
import { letChangeTakeEffect } from '../changes/take-effect.ts';
import { whoOf } from '../callers.ts';
import { overview } from '../one-id/overview.ts';
import { addOwnPhone, verifyOwnPhone } from './add.ts';
import { removePhone, replacePhone } from './remove.ts';

let town: Town;
beforeAll(async () => {
  town = await openTown();
});
afterAll(() => town.close());

const phonesOf = async ({ caller }: TownMember) => (await overview(town.deps, { caller })).phones;

async function withSecondPhone(member: TownMember, number: string): Promise<string> {
  const { caller } = member;
  const { phone } = await addOwnPhone(town.deps, { caller, request: asked(caller), number });
  const [sent] = (await town.messages()).filter(({ to }) => to === number);
  const code = /\b\d{6}\b/.exec(sent!.text)![0];
  await verifyOwnPhone(town.deps, { caller, request: asked(caller), phone, code });
  return phone;
}

describe("a member's phones", () => {
  it('a second one counts once its code came back; the first is told; nobody reads a whole number', async () => {
    const ada = await town.member();
    await withSecondPhone(ada, '+41795557001');
    expect(await phonesOf(ada)).toMatchObject([{ verified: true }, { verified: true }]);
    expect((await phonesOf(ada))[1]!.number).toBe('+41•••••••01');
    const told = (await town.messages()).filter(({ template, to }) => template === 'phone-added' && to === ada.number);
    expect(told).toHaveLength(1);
  });

  it('one that was never verified goes at once', async () => {
    const { caller, ...bob } = await town.member();
    const { phone } = await addOwnPhone(town.deps, { caller, request: asked(caller), number: '+41795557002' });
    const gone = await removePhone(town.deps, { caller, request: asked(caller), phone });
    expect(gone.state).toBe('removed');
    expect(await phonesOf({ caller, ...bob })).toHaveLength(1);
  });

  it('a verified one waits for 72 hours, every contact is told, and then it goes', async () => {
    const carla = await town.member();
    const { caller, stream } = carla;
    const second = await withSecondPhone(carla, '+41795557003');
    const going = await removePhone(town.deps, { caller, request: asked(caller), phone: carla.phone });
    if (going.state !== 'waiting') throw new Error('it waits');
    const told = (await town.messages()).filter(({ template }) => template === 'change-announced');
    expect(told.map(({ to }) => to).sort()).toEqual([carla.number, '+41795557003'].sort());
    const who = whoOf({ kind: 'system', part: 'test' });
    const early = letChangeTakeEffect(town.deps, { stream, change: going.change }, who);
    await expect(early).rejects.toMatchObject({ code: 'change-not-due' });
    town.house.clock.moveTo(new Date(going.takesEffectAt));
    await letChangeTakeEffect(town.deps, { stream, change: going.change }, who);
    await letChangeTakeEffect(town.deps, { stream, change: going.change }, who);
    expect(await phonesOf(carla)).toMatchObject([{ phone: second }]);
  });

  it('is replaced only by one that is verified already', async () => {
    const dora = await town.member();
    const { caller } = dora;
    const { phone } = await addOwnPhone(town.deps, { caller, request: asked(caller), number: '+41795557004' });
    const replacing = replacePhone(town.deps, { caller, request: asked(caller), phone: dora.phone, by: phone });
    await expect(replacing).rejects.toMatchObject({ code: 'phone-not-verified' });
    const removing = removePhone(town.deps, { caller, request: asked(caller), phone: dora.phone });
    await expect(removing).rejects.toMatchObject({ code: 'last-phone' });
  });
});

describe('a removal that is asked for again', () => {
  it('given that the phone is gone by then, gets the answer of the first time', async () => {
    const eva = await town.member();
    const { caller, stream } = eva;
    await withSecondPhone(eva, '+41795557005');
    const removal = { caller, request: asked(caller), phone: eva.phone };
    const first = await removePhone(town.deps, removal);
    if (first.state !== 'waiting') throw new Error('it waits');
    town.house.clock.moveTo(new Date(first.takesEffectAt));
    const who = whoOf({ kind: 'system', part: 'test' });
    await letChangeTakeEffect(town.deps, { stream, change: first.change }, who);
    expect(await removePhone(town.deps, removal)).toMatchObject({ state: 'waiting', change: first.change });
    expect(await phonesOf(eva)).toHaveLength(1);
  });
});
