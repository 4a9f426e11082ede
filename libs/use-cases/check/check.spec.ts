import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '#libs/runtime/ids.ts';
import { asked, openTown, type Town, type TownMember } from '#libs/testing/town.ts';
import type { DeviceCaller, PrincipalCaller } from '../callers.ts';
import { grantCredential, revokeCredential } from '../credentials/grant.ts';
import { isLiving } from '#libs/domain/one-id/state.ts';
import { systemWho } from '#libs/workflows/system.ts';
import { closeTransaction } from '../payment/close.ts';
import { oneIds } from '../stream/aggregates.ts';
import { load } from '../stream/load.ts';
import { checkByPalm } from './check.ts';

let town: Town;
let ada: TownMember;
let gym: DeviceCaller;
let kiosk: DeviceCaller;
beforeAll(async () => {
  town = await openTown();
  [ada, gym, kiosk] = [await town.member(), await town.shop('Gym'), await town.shop('Kiosk')];
});
afterAll(() => town.close());

type Kind = 'badge' | 'loyalty' | 'subscription' | 'age';
function check(at: DeviceCaller, kind: Kind, request = asked(at)) {
  return checkByPalm(town.deps, { caller: at, request, ticket: town.ticket(ada, 'check', request), kind });
}
function grant(at: DeviceCaller, kind: Kind, facts: Record<string, string> = {}, request = asked(at)) {
  const ticket = town.ticket(ada, 'manage', request);
  return grantCredential(town.deps, { caller: at, request, ticket, kind, reference: 'R-1', facts });
}

describe('a credential', () => {
  it('is no before it was granted, yes where it was granted, and no elsewhere', async () => {
    expect((await check(gym, 'subscription')).answer).toBe('no');
    await grant(gym, 'subscription', { plan: 'yearly' });
    expect(await check(gym, 'subscription')).toMatchObject({
      answer: 'yes',
      reference: 'R-1',
      facts: { plan: 'yearly' },
    });
    expect((await check(kiosk, 'subscription')).answer).toBe('no');
  });

  it('of age counts everywhere, and tells the band alone', async () => {
    await grant(gym, 'age', { band: 'over-18' });
    const shown = await check(kiosk, 'age');
    expect(shown).toMatchObject({ answer: 'yes', facts: { band: 'over-18' } });
    expect(shown).not.toHaveProperty('reference');
  });

  it('is known to each third party by a pseudonym of its own', async () => {
    const [here, again, there] = [await check(gym, 'badge'), await check(gym, 'badge'), await check(kiosk, 'badge')];
    expect(again.pseudonym).toBe(here.pseudonym);
    expect(there.pseudonym).not.toBe(here.pseudonym);
    expect([...Object.values(here), ...Object.values(there)].join(' ')).not.toContain(ada.oneId);
  });

  it('given the same request again, is the same check and the same grant', async () => {
    const asking = asked(gym);
    const first = await check(gym, 'loyalty', asking);
    expect((await check(gym, 'loyalty', asking)).check).toBe(first.check);
    const granting = asked(gym);
    const ticket = town.ticket(ada, 'manage', granting);
    const input = { caller: gym, request: granting, ticket, kind: 'loyalty', reference: 'L-1', facts: {} } as const;
    await grantCredential(town.deps, input);
    await grantCredential(town.deps, input);
    expect((await check(gym, 'loyalty')).reference).toBe('L-1');
  });

  it('that was not held when it was asked for stays a no, and tells nothing of what was granted since', async () => {
    const asking = asked(gym);
    expect((await check(gym, 'badge', asking)).answer).toBe('no');
    await grant(gym, 'badge', { floor: '3' });
    const again = await check(gym, 'badge', asking);
    expect(again.answer).toBe('no');
    expect(again).not.toHaveProperty('reference');
    expect(again).not.toHaveProperty('facts');
  });

  it('that was granted and dropped is not granted anew by the request that granted it', async () => {
    const granting = asked(kiosk);
    const first = await grant(kiosk, 'loyalty', {}, granting);
    const owner: PrincipalCaller = { kind: 'merchant', principal: newId(), merchant: kiosk.merchant };
    await revokeCredential(town.deps, { caller: owner, request: asked(owner), credential: first.credential });
    await grant(kiosk, 'loyalty', {}, granting);
    expect((await check(kiosk, 'loyalty')).answer).toBe('no');
  });

  it('given many identical requests at once, is granted and checked once, and leaves nothing open', async () => {
    const [granting, asking] = [asked(gym), asked(gym)];
    await Promise.all(Array.from({ length: 20 }, () => grant(gym, 'age', { band: 'over-18' }, granting)));
    const answers = await Promise.all(Array.from({ length: 20 }, () => check(gym, 'age', asking)));
    expect(new Set(answers.map((one) => `${one.check} ${one.answer}`)).size).toBe(1);
    const { state } = await load(town.deps.ledger, oneIds, ada.stream);
    expect(isLiving(state) && state.transactions.open).toEqual([]);
  });

  it('whose transaction was settled meanwhile is not answered by a gateway that wakes up late', async () => {
    const request = asked(gym);
    const { ledger } = town.deps;
    const append: typeof ledger.append = (stream, ...rest) =>
      stream.startsWith('check-') ? Promise.reject(new Error('stopped')) : ledger.append(stream, ...rest);
    const input = { caller: gym, request, ticket: town.ticket(ada, 'check', request), kind: 'age' } as const;
    await expect(checkByPalm({ ...town.deps, ledger: { ...ledger, append } }, input)).rejects.toThrow('stopped');
    const { state } = await load(ledger, oneIds, ada.stream);
    const [open] = isLiving(state) ? state.transactions.open : [];
    await closeTransaction(town.deps, ada.stream, open!.number, 'abandoned', systemWho('test'));
    await expect(checkByPalm(town.deps, input)).rejects.toMatchObject({ code: 'ticket-used' });
  });

  it('is taken back by who granted it, and by nobody else', async () => {
    const { credential } = await grant(kiosk, 'badge');
    expect((await check(kiosk, 'badge')).answer).toBe('yes');
    const of = (device: DeviceCaller): PrincipalCaller => ({
      kind: 'merchant',
      principal: newId(),
      merchant: device.merchant,
    });
    const stranger = of(gym);
    const theft = revokeCredential(town.deps, { caller: stranger, request: asked(stranger), credential });
    await expect(theft).rejects.toMatchObject({ code: 'credential-unknown' });
    const owner = of(kiosk);
    await revokeCredential(town.deps, { caller: owner, request: asked(owner), credential });
    expect((await check(kiosk, 'badge')).answer).toBe('no');
  });
});
