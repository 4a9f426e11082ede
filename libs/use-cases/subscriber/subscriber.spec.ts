import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '#libs/runtime/ids.ts';
import { openWorks, until, type Works } from '#libs/testing/works.ts';
import { asked, type TownMember } from '#libs/testing/town.ts';
import type { PrincipalCaller } from '../callers.ts';
import { ownLooks } from '../history/looks.ts';
import { pseudonymFor } from '../one-id/pseudonym.ts';
import { invitePrincipal } from '../principal/invite.ts';
import { removePrincipal } from '../principal/roles.ts';
import { makeFirstAdmin } from '../principal/first-admin.ts';
import { followTopic, topicPositions } from './follow.ts';
import { memberPseudonym } from './pseudonym.ts';
import { changeSubscription, registerSubscriber, retireSubscriber } from './register.ts';

let works: Works;
let admin: PrincipalCaller;
let ada: TownMember;
beforeAll(async () => {
  works = await openWorks();
  admin = { kind: 'admin', principal: (await makeFirstAdmin(works.deps))!.principal };
  ada = await works.member('ada', '+41795550301');
});
afterAll(() => works.close());

const refused = (code: string) => expect.objectContaining({ code });

async function service(
  topics: readonly string[],
  merchant?: string,
): Promise<Required<Omit<PrincipalCaller, 'merchant'>>> {
  const { deps } = works;
  const about = { name: 'Service', topics, merchant, acknowledgesErasures: false };
  const { subscriber } = await registerSubscriber(deps, { caller: admin, request: asked(admin), ...about });
  const person = { name: 'Service', contact: 'ops', role: 'service', subscriber } as const;
  const { principal } = await invitePrincipal(deps, { caller: admin, request: asked(admin), ...person });
  return { kind: 'service', principal, subscriber };
}

interface Event {
  readonly id: string;
  readonly event: string;
  readonly data: { readonly key: string; readonly json: { readonly merchant?: string } };
}
function parsed(frame: string): Event {
  const fields = Object.fromEntries(
    frame
      .trim()
      .split('\n')
      .map((line) => /^(\w+): (.*)$/s.exec(line)!.slice(1)),
  );
  return { ...fields, data: JSON.parse(fields['data'] as string) } as Event;
}
async function events(caller: PrincipalCaller, topic: string, count: number, after?: string): Promise<Event[]> {
  const cut = new AbortController();
  const seen: Event[] = [];
  for await (const frame of await followTopic(works.deps, { caller, topic, after, signal: cut.signal })) {
    if (frame.startsWith('id:')) seen.push(parsed(frame));
    if (seen.length >= count) break;
  }
  cut.abort();
  return seen;
}

describe('Following a topic', () => {
  it('goes on after the last event that was taken', async () => {
    const caller = await service(['purchases']);
    const shop = await works.town.shop();
    await works.pay(ada, shop, 100);
    const all = await events(caller, 'purchases', 3);
    expect(all.map(({ event }) => event)).toEqual(['purchases', 'purchases', 'purchases']);
    const rest = await events(caller, 'purchases', 2, all[0]!.id);
    expect(rest.map(({ data }) => data)).toEqual(all.slice(1).map(({ data }) => data));
    const { positions } = await topicPositions(works.deps, { caller, topic: 'purchases' });
    expect(BigInt(positions['0']!)).toBe(await works.deps.ledger.head());
  });

  it('is for registered topics alone, and a position has to be one', async () => {
    const caller = await service(['devices']);
    const { signal } = new AbortController();
    const follow = (topic: string, after?: string) => followTopic(works.deps, { caller, topic, after, signal });
    await expect(follow('purchases')).rejects.toEqual(refused('topic-not-followed'));
    await expect(follow('nothing')).rejects.toEqual(refused('topic-unknown'));
    await expect(follow('devices', 'nonsense')).rejects.toEqual(refused('cursor-invalid'));
    const subscription = { topics: ['purchases'], acknowledgesErasures: false, subscriber: caller.subscriber };
    await changeSubscription(works.deps, { caller: admin, request: asked(admin), ...subscription });
    await expect(follow('devices')).rejects.toEqual(refused('topic-not-followed'));
    const retire = { caller: admin, request: asked(admin), subscriber: caller.subscriber, reason: 'over' };
    await retireSubscriber(works.deps, retire);
    await expect(follow('purchases')).rejects.toEqual(refused('subscriber-retired'));
  });

  it("shows a merchant's service its own merchant alone", async () => {
    const [mine, other] = [await works.town.shop('Mine'), await works.town.shop('Other')];
    const caller = await service(['purchases'], mine.merchant);
    await works.pay(ada, other, 300);
    await works.pay(ada, mine, 200);
    const seen = await events(caller, 'purchases', 3);
    expect(new Set(seen.map(({ data }) => data.json.merchant))).toEqual(new Set([mine.merchant]));
    const named = service(['one-ids'], mine.merchant);
    await expect(named).rejects.toEqual(refused('topic-not-for-merchants'));
  });

  it('ends when who follows is removed meanwhile', async () => {
    const caller = await service(['purchases']);
    const following = { caller, topic: 'purchases', signal: new AbortController().signal, everyMs: 20 };
    let ended = false;
    const read = (async () => {
      for await (const _ of await followTopic(works.deps, following));
      ended = true;
    })();
    await removePrincipal(works.deps, { caller: admin, request: asked(admin), principal: caller.principal });
    await until(async () => ended);
    await read;
  });
});

describe('A pseudonym', () => {
  it('is the subscriber’s own, and a look that the member sees', async () => {
    const caller = await service(['one-ids']);
    const another = await service(['one-ids']);
    const wanted = { oneId: ada.oneId, reason: 'newsletter' };
    const { pseudonym } = await memberPseudonym(works.deps, { caller, ...wanted });
    expect(pseudonym).toBe(await pseudonymFor(works.deps.keyring, ada.oneId, `subscriber-${caller.subscriber}`));
    expect((await memberPseudonym(works.deps, { caller: another, ...wanted })).pseudonym).not.toBe(pseudonym);
    const { items } = await ownLooks(works.deps, { caller: ada.caller, limit: 1 });
    expect(items).toMatchObject([{ by: { kind: 'service' }, reason: 'newsletter', askedFor: 'pseudonym' }]);
  });

  it('is for nobody who follows no topic that names One IDs, and of nobody who is not there', async () => {
    const without = memberPseudonym(works.deps, { caller: await service(['visits']), oneId: ada.oneId, reason: 'x' });
    await expect(without).rejects.toEqual(refused('pseudonym-not-for-it'));
    const nobody = memberPseudonym(works.deps, { caller: await service(['one-ids']), oneId: newId(), reason: 'x' });
    await expect(nobody).rejects.toEqual(refused('one-id-unknown'));
  });
});
