import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { isoNow } from '#libs/runtime/clock.ts';
import { openWorks, type Works } from '#libs/testing/works.ts';
import { newId } from '#libs/runtime/ids.ts';
import { findItem } from '#libs/use-cases/one-id/items.ts';
import { oneIds } from '#libs/use-cases/stream/aggregates.ts';
import { load } from '#libs/use-cases/stream/load.ts';
import { expiryOf } from '#libs/use-cases/expiry/expire.ts';
import { handle } from '../handlers.ts';
import { systemWho } from '../system.ts';
import { settleDuplicates } from './duplicate.ts';
import { destroyRemoved } from './keys.ts';
import { lapseEnrolment } from './lapse.ts';
import { losePhone } from './phone-moved.ts';
import { tellOf } from './tell.ts';

const DAY = 86_400_000;

describe('What time and events set off on a One ID', () => {
  let works: Works;
  beforeEach(async () => {
    works = await openWorks();
  });
  afterEach(() => works.close());

  const later = (ms: number): void => works.town.house.clock.moveTo(new Date(works.deps.clock.now().getTime() + ms));
  const types = async (stream: string) => (await works.deps.ledger.readStream(stream)).map(({ type }) => type);
  const told = async (template: string) =>
    (await works.town.messages()).filter((one) => one.template === template).map(({ to }) => to);
  const revisionOf = async (stream: string, type: string) =>
    (await works.deps.ledger.readStream(stream)).find((one) => one.type === type)!.revision;

  describe('an enrolment', () => {
    it('given that it was not completed within 24 hours, is erased, once', async () => {
      const { stream } = await works.enrolling('anna', '+41791110001');
      expect(await lapseEnrolment(works.deps, stream)).toBeDefined();
      later(DAY);
      await lapseEnrolment(works.deps, stream);
      await lapseEnrolment(works.deps, stream);
      expect(await works.state(stream)).toMatchObject({ status: 'leaving', reason: 'lapsed' });
      expect((await types(stream)).filter((type) => type === 'ErasureRequested')).toHaveLength(1);
      expect(await told('enrolment-lapsed')).toEqual(['+41791110001']);
    });

    it('given that it was completed, stays', async () => {
      const { stream } = await works.member('anna', '+41791110001');
      later(DAY);
      await lapseEnrolment(works.deps, stream);
      expect(await works.state(stream)).toMatchObject({ status: 'active' });
    });
  });

  describe('a palm that another One ID had first', () => {
    it('given an enrolment without another palm, ends the enrolment; the first one is told', async () => {
      await works.member('anna', '+41791110001');
      const { stream } = await works.enrolling('anna', '+41791110002');
      await settleDuplicates(works.deps, stream);
      await settleDuplicates(works.deps, stream);
      expect(await works.state(stream)).toMatchObject({ status: 'leaving', reason: 'lapsed' });
      await tellOf(works.deps, stream, await revisionOf(stream, 'PalmDuplicateFound'));
      expect(await told('palm-known')).toEqual(['+41791110001']);
    });

    it('given a member with another palm, leaves that member, and its signature can be opened no more', async () => {
      await works.member('anna', '+41791110001');
      const ben = await works.member('ben', '+41791110002');
      const palm = { ...(await works.signed(ben.stream, 'anna', 'left')), hand: 'right' } as const;
      await works.decide(ben.stream, palm);
      await works.caughtUp();
      await settleDuplicates(works.deps, ben.stream);
      const { palms } = (await works.state(ben.stream)) as { palms: readonly { palm: string }[] };
      expect(palms.map((one) => one.palm)).toEqual([ben.palm]);
      await destroyRemoved(works.deps, ben.stream);
      expect(await works.deps.keyring.has([`${ben.stream}/${palm.palm}`])).toEqual([false]);
    });
  });

  describe('a phone number', () => {
    it('given that somebody else has verified it since, leaves the earlier holder, who hears it on the other phone', async () => {
      const { deps } = works;
      const anna = await works.member('anna', '+41791110001');
      const second = newId();
      await deps.keyring.make([`${anna.stream}/${second}`]);
      const at = isoNow(deps.clock);
      await works.decide(
        anna.stream,
        { type: 'AddPhone', at, phone: second, sealed: { number: '+41791110009' } },
        { type: 'VerifyPhone', at, phone: second },
      );
      await losePhone(deps, anna.stream, anna.phone);
      await losePhone(deps, anna.stream, anna.phone);
      await tellOf(deps, anna.stream, await revisionOf(anna.stream, 'PhoneRemoved'));
      await tellOf(deps, anna.stream, await revisionOf(anna.stream, 'PhoneRemoved'));
      expect(await works.state(anna.stream)).toMatchObject({ phones: [{ phone: second }], status: 'active' });
      expect(await told('phone-taken')).toEqual(['+41791110009']);
    });
  });

  describe('something removed', () => {
    it('loses its key, recorded once, however often it is looked at', async () => {
      const { deps } = works;
      const anna = await works.member('anna', '+41791110001');
      const card = newId();
      await deps.keyring.make([`${anna.stream}/${card}`]);
      const at = isoNow(deps.clock);
      const sealed = { token: 't', brand: 'visa', lastFour: '1111', expiry: '2031-12' };
      await works.decide(anna.stream, { type: 'AddCard', at, card, sealed }, { type: 'RemoveCard', at, card });
      const { places } = await load(deps.ledger, oneIds, anna.stream);
      expect(await findItem(deps, anna.stream, places, card)).toBeDefined();
      expect(await destroyRemoved(deps, anna.stream)).toEqual({ waiting: false });
      expect(await destroyRemoved(deps, anna.stream)).toEqual({ waiting: false });
      expect(await findItem(deps, anna.stream, places, card)).toBeUndefined();
      expect((await types(anna.stream)).filter((type) => type === 'KeyDestroyed')).toHaveLength(1);
    });

    it('given a crash after the intent, or after the walk, is finished by whoever finds it', async () => {
      const { deps } = works;
      const anna = await works.member('anna', '+41791110001');
      const card = newId();
      await deps.keyring.make([`${anna.stream}/${card}`]);
      const at = isoNow(deps.clock);
      const sealed = { token: 't', brand: 'visa', lastFour: '1111', expiry: '2031-12' };
      await works.decide(
        anna.stream,
        { type: 'AddCard', at, card, sealed },
        { type: 'RemoveCard', at, card },
        { type: 'BeginKeyDestruction', at, scope: card },
      );
      await deps.keyring.destroy([`${anna.stream}/${card}`]);
      await destroyRemoved(deps, anna.stream);
      expect(await works.state(anna.stream)).toMatchObject({ removed: [], gone: [card] });
    });

    it('given a hold, keeps its key until that is released', async () => {
      const { deps } = works;
      const anna = await works.member('anna', '+41791110001');
      const card = newId();
      await deps.keyring.make([`${anna.stream}/${card}`]);
      const at = isoNow(deps.clock);
      const sealed = { token: 't', brand: 'visa', lastFour: '1111', expiry: '2031-12' };
      await works.decide(
        anna.stream,
        { type: 'AddCard', at, card, sealed },
        { type: 'PlaceLegalHold', at, hold: 'h1', sealed: { reason: 'a court asks', authority: 'a court' } },
        { type: 'RemoveCard', at, card },
      );
      expect(await destroyRemoved(deps, anna.stream)).toEqual({ waiting: true });
      expect(await deps.keyring.has([`${anna.stream}/${card}`])).toEqual([true]);
      await works.decide(anna.stream, { type: 'ReleaseLegalHold', at, hold: 'h1' });
      expect(await destroyRemoved(deps, anna.stream)).toEqual({ waiting: false });
      expect(await deps.keyring.has([`${anna.stream}/${card}`])).toEqual([false]);
    });
  });

  describe('a One ID that nobody uses', () => {
    it('is warned twice, expires after two years, and its erasure is asked for; every step twice changes nothing', async () => {
      const { deps } = works;
      const anna = await works.member('anna', '+41791110001');
      const look = async (): Promise<string | undefined> => {
        const next = await expiryOf(deps, anna.stream, systemWho('expiry'));
        expect(await expiryOf(deps, anna.stream, systemWho('expiry'))).toBe(next);
        return next;
      };
      for (let next = await look(); next !== undefined; next = await look())
        works.town.house.clock.moveTo(new Date(next));
      const kinds = (await types(anna.stream)).filter((type) => /Expir|ErasureRequested/.test(type));
      expect(kinds).toEqual(['ExpiryWarned', 'ExpiryWarned', 'OneIdExpired', 'ErasureRequested']);
      for (const { type, revision } of await deps.ledger.readStream(anna.stream))
        if (type === 'ExpiryWarned') await tellOf(deps, anna.stream, revision);
      expect(await told('expiry-warned')).toHaveLength(2);
      expect(await told('erasure-started')).toHaveLength(1);
    });

    it('given a crash between its end and the request, is erased all the same', async () => {
      const { deps } = works;
      const anna = await works.member('anna', '+41791110001');
      const at = (iso: string) => new Date(iso);
      for (const _ of [1, 2]) {
        const next = await expiryOf(deps, anna.stream, systemWho('expiry'));
        works.town.house.clock.moveTo(at(next!));
      }
      const next = await expiryOf(deps, anna.stream, systemWho('expiry'));
      works.town.house.clock.moveTo(at(next!));
      await works.decide(anna.stream, { type: 'Expire', at: isoNow(deps.clock) });
      expect(await works.state(anna.stream)).toMatchObject({ status: 'expired' });
      await expiryOf(deps, anna.stream, systemWho('expiry'));
      expect(await works.state(anna.stream)).toMatchObject({ status: 'leaving', reason: 'unused' });
    });

    it('given a visit to a shop, is not warned', async () => {
      const anna = await works.member('anna', '+41791110001');
      later(700 * DAY);
      await works.pay(anna, await works.town.shop(), 500);
      await expiryOf(works.deps, anna.stream, systemWho('expiry'));
      expect(await types(anna.stream)).not.toContain('ExpiryWarned');
    });
  });

  it('an announced change takes effect when its time has come, and not before', async () => {
    const { deps } = works;
    const anna = await works.member('anna', '+41791110001');
    const at = isoNow(deps.clock);
    const takesEffectAt = new Date(deps.clock.now().getTime() + 3 * DAY).toISOString();
    const change = newId();
    const announced = { type: 'AnnounceChange', at, change, kind: 'download', target: '', takesEffectAt } as const;
    await works.decide(anna.stream, { ...announced, sealed: { details: {} } });
    await expect(handle(deps, anna.stream, `change/${change}`)).rejects.toMatchObject({ code: 'change-not-due' });
    later(3 * DAY);
    await handle(deps, anna.stream, `change/${change}`);
    await handle(deps, anna.stream, `change/${change}`);
    expect((await types(anna.stream)).filter((type) => type === 'ChangeTookEffect')).toHaveLength(1);
    expect(await told('change-done')).toHaveLength(1);
  });
});
