import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { asked, openTown, type Town, type TownMember } from '#libs/testing/town.ts';
import { tellOf } from '#libs/workflows/one-id/tell.ts';
import { whoOf } from '../callers.ts';
import { announceDownload } from '../download/ask.ts';
import { everythingHeld } from '../download/everything.ts';
import { erasureStatus } from '../erasure/status.ts';
import { announceLeaving, withdrawConsent } from '../leaving/leave.ts';
import { stay } from '../leaving/stay.ts';
import { giveConsent } from '../consent/give.ts';
import { overview } from '../one-id/overview.ts';
import { confirmAtDevice } from './confirm-at-device.ts';
import { listChanges } from './list.ts';
import { letChangeTakeEffect } from './take-effect.ts';
import { withdrawChange } from './withdraw.ts';

let town: Town;
beforeAll(async () => {
  town = await openTown();
});
afterAll(() => town.close());

async function confirmed(member: TownMember, code: string) {
  const shop = await town.shop();
  const request = asked(shop);
  const input = { caller: shop, request, ticket: town.ticket(member, 'confirm', request), code };
  const first = await confirmAtDevice(town.deps, input);
  expect((await confirmAtDevice(town.deps, input)).kind).toBe(first.kind);
  return first;
}

async function downloaded(member: TownMember, change: string): Promise<Record<string, unknown>> {
  let text = '';
  for await (const piece of await everythingHeld(town.deps, { caller: member.caller, change })) text += piece;
  return JSON.parse(text) as Record<string, unknown>;
}

describe('a change that was announced', () => {
  it('is shown with its code, and whoever sees it can stop it', async () => {
    const { caller } = await town.member();
    const { change, confirmationCode } = await announceDownload(town.deps, { caller, request: asked(caller) });
    expect((await listChanges(town.deps, { caller })).items).toMatchObject([
      { change, kind: 'download', state: 'waiting', confirmationCode },
    ]);
    await withdrawChange(town.deps, { caller, request: asked(caller), change });
    expect((await listChanges(town.deps, { caller })).items).toMatchObject([{ change, state: 'withdrawn' }]);
  });

  it('is told to every contact once, by whoever announced it or, after a crash, by who finds it', async () => {
    const { caller, stream, number } = await town.member();
    const { outbox } = town.deps;
    const cutOff = { ...town.deps, outbox: { ...outbox, enqueue: () => Promise.reject(new Error('cut off')) } };
    await expect(announceDownload(cutOff, { caller, request: asked(caller) })).rejects.toThrow('cut off');
    const [record] = await town.deps.ledger.readStream(stream, { backwards: true, limit: 1 });
    for (let round = 0; round < 2; round += 1) await tellOf(town.deps, stream, record!.revision);
    const told = (await town.messages()).filter(({ to, template }) => to === number && template === 'change-announced');
    expect(told).toHaveLength(1);
  });

  it('asked for twice under one key is one change', async () => {
    const { caller } = await town.member();
    const request = asked(caller);
    const first = await announceDownload(town.deps, { caller, request });
    expect(await announceDownload(town.deps, { caller, request })).toEqual(first);
  });

  it('is made at once by the palm and its code, and by no other code', async () => {
    const ada = await town.member();
    const announced = await announceDownload(town.deps, { caller: ada.caller, request: asked(ada.caller) });
    const wrong = announced.confirmationCode === '000000' ? '000001' : '000000';
    await expect(confirmed(ada, wrong)).rejects.toMatchObject({ code: 'code-wrong' });
    await expect(downloaded(ada, announced.change)).rejects.toMatchObject({ code: 'download-not-ready' });
    expect((await confirmed(ada, announced.confirmationCode)).kind).toBe('download');
    const held = await downloaded(ada, announced.change);
    expect(Object.keys(held)).toEqual(['madeAt', 'oneId', 'contacts', 'history', 'looks', 'places', 'expenses']);
    expect(held['contacts']).toMatchObject({ phones: [{ number: ada.number }] });
    expect(JSON.stringify(held)).not.toContain('token');
  });

  it("is not made by another member's palm, code in hand or not", async () => {
    const [ada, mallory] = [await town.member(), await town.member()];
    const { confirmationCode } = await announceDownload(town.deps, {
      caller: ada.caller,
      request: asked(ada.caller),
    });
    await expect(confirmed(mallory, confirmationCode)).rejects.toMatchObject({ code: 'code-wrong' });
  });

  it('is not confirmed by guessing: five tries in ten minutes', async () => {
    const ada = await town.member();
    await announceDownload(town.deps, { caller: ada.caller, request: asked(ada.caller) });
    const codes: string[] = [];
    for (let guess = 0; guess < 7; guess += 1) {
      await confirmed(ada, 'x'.repeat(6)).catch((error: { code: string }) => codes.push(error.code));
    }
    expect(codes.filter((code) => code === 'too-many-tries').length).toBeGreaterThanOrEqual(2);
  });
});

describe('a member who leaves', () => {
  it('gets a receipt, the same for a repeated request, that reads nothing before the change takes effect', async () => {
    const { caller } = await town.member();
    const request = asked(caller);
    const { receipt } = await announceLeaving(town.deps, { caller, request });
    expect((await announceLeaving(town.deps, { caller, request })).receipt).toBe(receipt);
    await expect(erasureStatus(town.deps, { receipt })).rejects.toMatchObject({ code: 'erasure-unknown' });
  });

  it('by the palm leaves at once, and the receipt reads the state; another receipt does not', async () => {
    const ada = await town.member();
    const asking = { caller: ada.caller, request: asked(ada.caller) };
    const { receipt, confirmationCode } = await announceLeaving(town.deps, asking);
    expect((await confirmed(ada, confirmationCode)).kind).toBe('leave');
    expect(await erasureStatus(town.deps, { receipt })).toMatchObject({ state: 'waiting', reason: 'member' });
    const other = receipt.slice(0, -1) + (receipt.endsWith('A') ? 'B' : 'A');
    await expect(erasureStatus(town.deps, { receipt: other })).rejects.toMatchObject({ code: 'erasure-unknown' });
    const { status, erasure, openTransactions } = await overview(town.deps, { caller: ada.caller });
    expect({ status, openTransactions }).toEqual({ status: 'leaving', openTransactions: 0 });
    expect(erasure).toMatchObject({ reason: 'member', state: 'pending' });
  });

  it('by waiting leaves after 72 hours, once', async () => {
    const { caller, stream } = await town.member();
    const left = await announceLeaving(town.deps, { caller, request: asked(caller) });
    town.house.clock.moveTo(new Date(left.takesEffectAt));
    const who = whoOf({ kind: 'system', part: 'test' });
    await letChangeTakeEffect(town.deps, { stream, change: left.change }, who);
    await letChangeTakeEffect(town.deps, { stream, change: left.change }, who);
    expect(await erasureStatus(town.deps, { receipt: left.receipt })).toMatchObject({ state: 'waiting' });
  });

  it('may come back until the destruction begins', async () => {
    const ada = await town.member();
    const { caller } = ada;
    const { receipt, confirmationCode } = await announceLeaving(town.deps, { caller, request: asked(caller) });
    await confirmed(ada, confirmationCode);
    const staying = { caller, request: asked(caller) };
    await stay(town.deps, staying);
    expect((await overview(town.deps, { caller })).status).toBe('active');
    expect(await erasureStatus(town.deps, { receipt })).toMatchObject({ state: 'withdrawn' });
    const again = await announceLeaving(town.deps, { caller, request: asked(caller) });
    await confirmed(ada, again.confirmationCode);
    // The first request once more: it was about the first erasure, and does not touch the second.
    await stay(town.deps, staying);
    expect((await overview(town.deps, { caller })).status).toBe('leaving');
    expect(await erasureStatus(town.deps, { receipt: again.receipt })).toMatchObject({ state: 'waiting' });
  });
});

describe('a consent that is withdrawn', () => {
  it('by the palm is an erasure for that reason; who comes back agrees anew before the palm is used', async () => {
    const ada = await town.member();
    const { caller } = ada;
    const { receipt, confirmationCode } = await withdrawConsent(town.deps, { caller, request: asked(caller) });
    await confirmed(ada, confirmationCode);
    expect(await erasureStatus(town.deps, { receipt })).toMatchObject({ reason: 'consent-withdrawn' });
    await stay(town.deps, { caller, request: asked(caller) });
    expect((await overview(town.deps, { caller })).consent).toBeNull();
    const version = town.deps.policy.consentVersion;
    await giveConsent(town.deps, { caller, request: asked(caller), version, language: 'de' });
    expect((await overview(town.deps, { caller })).consent).toBe(version);
  });
});
