import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ContactIndex, type Owner } from '#libs/identity/contact-index.ts';
import { isoNow } from '#libs/runtime/clock.ts';
import { openWorks, until, type Works } from '#libs/testing/works.ts';
import { newId } from '#libs/runtime/ids.ts';
import { feedContacts } from './contact-feed.ts';
import { noMetrics } from './metrics.ts';

describe('The feeder of contacts', () => {
  let works: Works;
  let ending: AbortController;
  beforeEach(async () => {
    works = await openWorks();
    ending = new AbortController();
  });
  afterEach(async () => {
    ending.abort();
    await works.close();
  });

  async function fed(moved: (losers: readonly Owner[]) => void = () => {}): Promise<ContactIndex> {
    const contacts = new ContactIndex();
    const { ledger, keyring } = works.deps;
    void feedContacts({ ledger, keyring, contacts, signal: ending.signal, metrics: noMetrics, moved });
    await contacts.reached(await ledger.head(), 5_000);
    return contacts;
  }

  it('finds a member by a verified phone, and by the linked account, from the ledger alone', async () => {
    const anna = await works.member('anna', '+41791110001');
    const link = newId();
    await works.deps.keyring.make([`${anna.stream}/${link}`]);
    const linking = { type: 'LinkAccount', at: isoNow(works.deps.clock), link } as const;
    await works.decide(anna.stream, { ...linking, sealed: { account: 'anna@example.org' } });
    const contacts = await fed();
    expect(contacts.find('phone', '+41791110001')).toMatchObject({ oneId: anna.oneId });
    expect(contacts.find('account', 'anna@example.org')).toMatchObject({ oneId: anna.oneId });
    expect(contacts.lastFour(anna.oneId)).toEqual(['0001']);
    await works.decide(anna.stream, { type: 'UnlinkAccount', at: isoNow(works.deps.clock), link });
    await until(async () => contacts.find('account', 'anna@example.org') === undefined);
  });

  it('given a number that two have verified, names who loses it', async () => {
    const anna = await works.member('anna', '+41791110001');
    const ben = await works.member('ben', '+41791110001');
    const lost: Owner[] = [];
    const contacts = await fed((losers) => lost.push(...losers));
    expect(lost).toMatchObject([{ oneId: anna.oneId, ref: anna.phone }]);
    expect(contacts.find('phone', '+41791110001')).toMatchObject({ oneId: ben.oneId });
  });

  it('given a phone whose key is gone, does not know it', async () => {
    const anna = await works.member('anna', '+41791110001');
    await works.deps.keyring.destroy([`${anna.stream}/${anna.phone}`]);
    expect((await fed()).find('phone', '+41791110001')).toBeUndefined();
  });
});
