import { afterEach, describe, expect, it } from '@jest/globals';
import type { CaptureBinding } from '#libs/device-protocol/purpose.ts';
import { verifyZoneKey } from '#libs/device-protocol/signed-key.ts';
import { newId } from '#libs/runtime/ids.ts';
import { acceptedOf, picture, refused, type Scene, sceneOf, ticketOf, tryOf } from './drawn-scene.ts';
import { drawnBytes, drawnZone, entryOf, newPlace } from './drawn-zone.ts';
import type { RecognitionPolicy } from './in-process/policy.ts';
import type { ZoneParts } from './in-process/parts.ts';
import type { PalmEntry, Recognition, Redeemed } from './port.ts';

/** What every adapter of the port is held to. `start` runs a zone of these parts and gives it as its callers see it. */
export function recognitionContract(adapter: string, start: (parts: ZoneParts) => Promise<Recognition>): void {
  const running: Recognition[] = [];
  const given = async (policy: Partial<RecognitionPolicy> = {}): Promise<Scene> => {
    const drawn = await drawnZone(policy);
    const zone = await start(drawn.parts);
    running.push(zone);
    zone.passed(1n, true);
    return sceneOf(zone, drawn);
  };
  afterEach(() => Promise.all(running.splice(0).map((zone) => zone.close())));
  const beyondEvidence = { thresholdFor: () => ({ threshold: 0.7, rate: 0.01, supported: false }) };

  describe(`${adapter}: the key of the day`, () => {
    it('is signed by the root key and stays the same for a day', async () => {
      const { zone, drawn } = await given();
      const key = await zone.captureKey();
      expect(await verifyZoneKey(key, drawn.rootKey, drawn.parts.clock.now())).toBe('valid');
      drawn.pass(23 * 3_600_000);
      expect(await zone.captureKey()).toEqual(key);
    });

    it('changes after a day, and the old one opens for an hour more and then no longer', async () => {
      const { zone, drawn, identify } = await given();
      const old = await zone.captureKey();
      drawn.pass(24 * 3_600_000);
      zone.passed(1n, true);
      expect((await zone.captureKey()).keyId).not.toBe(old.keyId);
      expect(await identify({ person: 1 }, { key: old })).toEqual({ outcome: 'nobody' });
      drawn.pass(3_600_000);
      zone.passed(1n, true);
      expect(await identify({ person: 1 }, { key: old })).toEqual(refused('capture-key-unknown'));
    });
  });

  describe(`${adapter}: enrolling and identifying`, () => {
    it('turns the palm of somebody enrolled into a ticket, and the ticket into the One ID with what it rests on', async () => {
      const { enrolled, identify, zone, bindingOf } = await given();
      const anna = await enrolled(1, 'left');
      const binding = bindingOf('pay');
      const ticket = ticketOf(await identify({ person: 1, nearInfrared: true }, { binding }));
      const redeemed = await zone.redeem(ticket, binding);
      expect(redeemed).toMatchObject({
        outcome: 'redeemed',
        oneId: anna.oneId,
        palm: anna.place.palm,
        evidence: { threshold: 0.7, rate: 0.001, quality: 0.8, model: 'drawn-1', nearInfrared: true },
      });
      expect((redeemed as Extract<Redeemed, { outcome: 'redeemed' }>).evidence.score).toBeGreaterThan(0.7);
      expect(JSON.stringify(redeemed)).not.toContain(ticket);
    });

    it('says nobody to a stranger', async () => {
      const { enrolled, identify } = await given();
      await enrolled(1, 'left');
      expect(await identify({ person: 2 })).toEqual({ outcome: 'nobody' });
    });

    it('takes the other hand for another palm', async () => {
      const { enrolled, identify } = await given();
      await enrolled(1, 'left');
      expect(await identify({ person: 1, hand: 'right' })).toEqual({ outcome: 'nobody' });
    });

    it('passes on why a picture gives no signature', async () => {
      const { identify } = await given();
      expect(await identify({ person: 1, dark: true })).toEqual(refused('too-dark'));
    });

    it('gives the signature out only sealed, for the event that it will stand in and for no other', async () => {
      const { enrol, drawn } = await given();
      const place = newPlace('anna');
      const { sealed } = acceptedOf(await enrol('anna', 1, 'left', place));
      expect((await drawn.vault.open({ place, sealed })) as Uint8Array).toHaveLength(512 * 4 + 384);
      await expect(drawn.vault.open({ place: { ...place, eventId: crypto.randomUUID() }, sealed })).rejects.toThrow();
    });

    it('tells that another One ID holds the palm by a reference that only the same device can have resolved', async () => {
      const { enrolled, enrol, zone, drawn } = await given();
      const anna = await enrolled(1, 'left');
      const outcome = await enrol(newId(), 1, 'left');
      if (outcome.outcome !== 'known') throw new Error(outcome.outcome);
      expect(JSON.stringify(outcome)).not.toContain(anna.oneId);
      expect(await zone.resolveKnown(outcome.knownRef, drawn.otherTill.id)).toMatchObject({ outcome: 'refused' });
      expect(await zone.resolveKnown(newId(), drawn.till.id)).toMatchObject({ outcome: 'refused' });
      expect(await zone.resolveKnown(outcome.knownRef, drawn.till.id)).toEqual({
        outcome: 'resolved',
        oneId: anna.oneId,
      });
      drawn.pass(10 * 60_000);
      expect(await zone.resolveKnown(outcome.knownRef, drawn.till.id)).toMatchObject({ outcome: 'refused' });
    });

    it('tells a One ID that it holds this palm already, and takes a new signature of the same palm reference', async () => {
      const { enrolled, enrol } = await given();
      const anna = await enrolled(1, 'left');
      expect(await enrol(anna.oneId, 1, 'left')).toEqual({ outcome: 'held', palm: anna.place.palm });
      expect(await enrol(anna.oneId, 1, 'left', anna.place)).toMatchObject({ outcome: 'accepted' });
      expect(await enrol(anna.oneId, 1, 'right')).toMatchObject({ outcome: 'accepted' });
    });

    it('enrols only for the purpose of enrolling, and identifies only for others', async () => {
      const { zone, drawn, bindingOf, enrol } = await given();
      const key = await zone.captureKey();
      const binding = bindingOf('enrol');
      const request = await drawn.till.request(key, picture({ person: 1 }), binding);
      expect(await zone.identify(request)).toEqual(refused('binding-invalid'));
      expect(await enrol('anna', 1, 'left', newPlace('anna'), bindingOf('manage'))).toEqual(refused('binding-invalid'));
    });
  });

  describe(`${adapter}: what it does not trust`, () => {
    const other: [string, Partial<CaptureBinding>][] = [
      ['device', { device: 'another' }],
      ['merchant', { merchant: 'another' }],
      ['purpose', { purpose: 'manage' }],
      ['amount', { amount: 1_251 }],
      ['currency', { currency: 'USD' }],
      ['request', { request: 'another' }],
    ];
    it.each(other)('a capture that was sealed for another %s', async (_, changed) => {
      const { enrolled, identify, bindingOf } = await given();
      await enrolled(1, 'left');
      const binding = bindingOf('pay');
      const outcome = await identify({ person: 1 }, { binding, sealedFor: { ...binding, ...changed } });
      expect(outcome).toEqual(refused('capture-altered'));
    });

    it('a capture that comes again under another key, though its retry is answered', async () => {
      const { enrolled, zone, drawn, bindingOf } = await given();
      await enrolled(1, 'left');
      const binding = bindingOf('pay');
      const first = await drawn.till.request(await zone.captureKey(), picture({ person: 1 }), binding);
      expect(await zone.identify(first)).toMatchObject({ outcome: 'ticket' });
      expect(await zone.identify(first)).toMatchObject({ outcome: 'ticket' });
      const again = await drawn.till.resend(first, { ...binding, request: newId() });
      expect(await zone.identify(again)).toEqual(refused('capture-used-before'));
    });

    it('a capture that does not stand in the signed body', async () => {
      const { zone, drawn, bindingOf } = await given();
      const binding = bindingOf('pay');
      const key = await zone.captureKey();
      const one = await drawn.till.request(key, picture({ person: 1 }), binding);
      const two = await drawn.till.request(key, picture({ person: 1 }), binding);
      expect(await zone.identify({ ...one, capture: two.capture })).toEqual(refused('not-in-signed-body'));
    });

    it('a request that is altered, stale, of another device, of another merchant or under another key', async () => {
      const { zone, drawn, bindingOf } = await given();
      const binding = bindingOf('pay');
      const sound = await drawn.till.request(await zone.captureKey(), picture({ person: 1 }), binding);
      const { signed } = sound;
      const altered: (typeof sound)[] = [
        { ...sound, signed: { ...signed, url: signed.url.replace('captures', 'refunds') } },
        { ...sound, signed: { ...signed, method: 'PUT' } },
        { ...sound, signed: { ...signed, body: Buffer.concat([signed.body, Buffer.from(' ')]) } },
        { ...sound, signed: { ...signed, headers: {} } },
        { ...sound, binding: { ...binding, device: drawn.otherTill.id } },
        { ...sound, binding: { ...binding, merchant: 'another' } },
        { ...sound, binding: { ...binding, request: newId() } },
      ];
      for (const request of altered) expect(await zone.identify(request)).toEqual(refused('request-not-trusted'));
      drawn.pass(61_000);
      zone.passed(1n, true);
      expect(await zone.identify(sound)).toEqual(refused('request-not-trusted'));
    });

    it('a device that was revoked', async () => {
      const { drawn, identify } = await given();
      drawn.till.registered.active = false;
      expect(await identify({ person: 1 })).toEqual(refused('request-not-trusted'));
    });

    it('a payment without an amount', async () => {
      const { identify, bindingOf } = await given();
      const { amount: _a, currency: _c, ...binding } = bindingOf('pay');
      expect(await identify({ person: 1 }, { binding })).toEqual(refused('binding-invalid'));
    });

    it('visible light alone, for more than its limit, or in a currency without one', async () => {
      const { enrolled, identify, bindingOf } = await given();
      await enrolled(1, 'left');
      const dear = { ...bindingOf('pay'), amount: 5_001 };
      expect(await identify({ person: 1 }, { binding: dear })).toEqual(refused('near-infrared-wanted'));
      const again = { ...dear, request: newId() };
      expect(await identify({ person: 1, nearInfrared: true }, { binding: again })).toMatchObject({
        outcome: 'ticket',
      });
      const foreign = { ...bindingOf('pay'), currency: 'CHF' };
      expect(await identify({ person: 1 }, { binding: foreign })).toEqual(refused('near-infrared-wanted'));
    });
  });

  describe(`${adapter}: tickets`, () => {
    it('open to the very request they were made for, as often as it asks within two minutes', async () => {
      const { enrolled, identify, zone, bindingOf, drawn } = await given();
      await enrolled(1, 'left');
      const binding = bindingOf('pay');
      const ticket = ticketOf(await identify({ person: 1 }, { binding }));
      const first = await zone.redeem(ticket, binding);
      expect(first).toMatchObject({ outcome: 'redeemed' });
      drawn.pass(119_000);
      expect(await zone.redeem(ticket, binding)).toEqual(first);
      drawn.pass(1_000);
      expect(await zone.redeem(ticket, binding)).toEqual({ outcome: 'refused', reason: 'ticket-expired' });
    });

    it('open to no other device, merchant, purpose, amount, currency or request', async () => {
      const { enrolled, identify, zone, bindingOf } = await given();
      await enrolled(1, 'left');
      const binding = bindingOf('pay');
      const ticket = ticketOf(await identify({ person: 1 }, { binding }));
      const changes: Partial<CaptureBinding>[] = [
        { device: 'x' },
        { merchant: 'x' },
        { purpose: 'enter' },
        { amount: 1 },
        { currency: 'USD' },
        { request: 'x' },
      ];
      for (const changed of changes) {
        const reason = 'ticket-bound-elsewhere';
        expect(await zone.redeem(ticket, { ...binding, ...changed })).toEqual({ outcome: 'refused', reason });
      }
      expect(await zone.redeem(newId(), binding)).toEqual({ outcome: 'refused', reason: 'ticket-unknown' });
    });

    it('are void once the palm is removed or the One ID closed', async () => {
      const { enrolled, identify, zone, bindingOf } = await given();
      const anna = await enrolled(1, 'left');
      const ben = await enrolled(2, 'left');
      const [one, two] = [bindingOf('pay'), bindingOf('pay')];
      const annas = ticketOf(await identify({ person: 1 }, { binding: one }));
      const bens = ticketOf(await identify({ person: 2 }, { binding: two }));
      await zone.palmRemoved(anna.oneId, anna.place.palm);
      await zone.oneIdClosed(ben.oneId);
      expect(await zone.redeem(annas, one)).toMatchObject({ reason: 'ticket-unknown' });
      expect(await zone.redeem(bens, two)).toMatchObject({ reason: 'ticket-unknown' });
    });
  });

  describe(`${adapter}: beyond what the evidence supports`, () => {
    it('asks for more, and believes the last four digits of a phone', async () => {
      const { enrolled, identify, zone, drawn, bindingOf } = await given(beyondEvidence);
      const anna = await enrolled(1, 'left');
      drawn.phones.set(anna.oneId, ['1111', '2345']);
      expect(await identify({ person: 1 })).toMatchObject({ outcome: 'more', wanted: ['lastFour', 'otherHand'] });
      const binding = bindingOf('pay');
      const ticket = ticketOf(await identify({ person: 1 }, { binding, lastFour: '2345' }));
      expect(await zone.redeem(ticket, binding)).toMatchObject({ oneId: anna.oneId, evidence: { rate: 0.000002 } });
    });

    it('lets digits be tried three times, right ones after that included', async () => {
      const { enrolled, identify, drawn } = await given(beyondEvidence);
      const anna = await enrolled(1, 'left');
      drawn.phones.set(anna.oneId, ['2345']);
      for (const lastFour of ['0000', '0001', '0002']) {
        expect(await identify({ person: 1 }, { lastFour })).toMatchObject({ outcome: 'more' });
      }
      expect(await identify({ person: 1 }, { lastFour: '2345' })).toEqual(refused('too-many-tries'));
    });

    it('takes digits only as they stand in the signed body', async () => {
      const { enrolled, zone, drawn, bindingOf } = await given(beyondEvidence);
      const anna = await enrolled(1, 'left');
      drawn.phones.set(anna.oneId, ['2345']);
      const request = await drawn.till.request(await zone.captureKey(), picture({ person: 1 }), bindingOf('pay'));
      expect(await zone.identify({ ...request, lastFour: '2345' })).toEqual(refused('not-in-signed-body'));
    });

    it('asks a stranger for nothing', async () => {
      const { enrolled, identify } = await given(beyondEvidence);
      await enrolled(1, 'left');
      expect(await identify({ person: 2 }, { lastFour: '2345' })).toEqual({ outcome: 'nobody' });
    });

    it('believes the other hand of the same One ID, at the same till, and no other', async () => {
      const { enrolled, identify, bindingOf } = await given(beyondEvidence);
      const anna = await enrolled(1, 'left');
      await enrolled(1, 'right', anna.oneId);
      await enrolled(2, 'right');
      const first = async (): Promise<string> => tryOf(await identify({ person: 1 }));
      const right = { person: 1, hand: 'right' } as const;
      expect(await identify(right, { follows: await first() })).toMatchObject({ outcome: 'ticket' });
      expect(await identify({ person: 1 }, { follows: await first() })).toMatchObject({ outcome: 'more' });
      expect(await identify({ person: 2, hand: 'right' }, { follows: await first() })).toEqual({ outcome: 'nobody' });
      const dearer = { ...bindingOf('pay'), amount: 4_000 };
      expect(await identify(right, { binding: dearer, follows: await first() })).toMatchObject({ outcome: 'more' });
    });
  });

  describe(`${adapter}: fed from the ledger`, () => {
    it('finds the second of two enrolments of one palm, and lets only the first match', async () => {
      const { enrol, zone, identify, oneIdOf } = await given();
      const [anna, ben] = [newId(), newId()];
      const [annas, bens] = [newPlace(anna), newPlace(ben)];
      const one = acceptedOf(await enrol(anna, 1, 'left', annas));
      const two = acceptedOf(await enrol(ben, 1, 'left', bens));
      expect(await zone.palmEnrolled(entryOf(anna, 'left', annas, one.sealed))).toBe('matchable');
      expect(await zone.palmEnrolled(entryOf(ben, 'left', bens, two.sealed))).toEqual({ duplicateOf: anna });
      expect(await oneIdOf(await identify({ person: 1 }))).toBe(anna);
    });

    it('takes the same entry again, and one of the same reference in its place', async () => {
      const { enrolled, enrol, zone } = await given();
      const anna = await enrolled(1, 'left');
      expect(await zone.palmEnrolled(anna)).toBe('matchable');
      const { sealed } = acceptedOf(await enrol(anna.oneId, 1, 'left', anna.place));
      expect(await zone.palmEnrolled({ ...anna, sealed })).toBe('matchable');
      expect(zone.ready().palms).toBe(1);
    });

    it('identifies nobody by a One ID that is closed, though its palms stay taken, until it is opened again', async () => {
      const { enrolled, enrol, zone, identify } = await given();
      const anna = await enrolled(1, 'left');
      await zone.oneIdClosed(anna.oneId);
      expect(await identify({ person: 1 })).toEqual({ outcome: 'nobody' });
      expect(await enrol(newId(), 1, 'left')).toMatchObject({ outcome: 'known' });
      await zone.oneIdReopened(anna.oneId);
      expect(await identify({ person: 1 })).toMatchObject({ outcome: 'ticket' });
    });

    it('no longer knows a palm that was removed, or a One ID that was forgotten', async () => {
      const { enrolled, zone, identify } = await given();
      const anna = await enrolled(1, 'left');
      const ben = await enrolled(2, 'left');
      await zone.palmRemoved(anna.oneId, anna.place.palm);
      await zone.palmRemoved(anna.oneId, anna.place.palm);
      await zone.forget(4, { oneIds: [ben.oneId], palms: [] });
      expect(await identify({ person: 1 })).toEqual({ outcome: 'nobody' });
      expect(await identify({ person: 2 })).toEqual({ outcome: 'nobody' });
      expect(zone.ready()).toMatchObject({ palms: 0, epoch: 4 });
    });

    it('takes nothing whose key is gone, and nothing that was opened before the keys were destroyed', async () => {
      const { enrolled, zone, drawn, identify } = await given();
      const anna = await enrolled(1, 'left');
      drawn.vault.destroy(anna.place);
      await zone.forget(1, { oneIds: [], palms: [{ oneId: anna.oneId, palm: anna.place.palm }] });
      expect(await zone.palmEnrolled(anna)).toBe('gone');
      expect(await zone.palmsLoaded([anna])).toEqual(['gone']);
      expect(await identify({ person: 1 })).toEqual({ outcome: 'nobody' });
    });

    it('loads what the ledger holds for matchable', async () => {
      const { enrol, zone, identify, oneIdOf } = await given();
      const entries: PalmEntry[] = [];
      for (const person of [1, 2, 3]) {
        const oneId = newId();
        const place = newPlace(oneId);
        const { sealed } = acceptedOf(await enrol(oneId, person, 'left', place));
        entries.push(entryOf(oneId, 'left', place, sealed));
      }
      expect(await zone.palmsLoaded(entries)).toEqual(['loaded', 'loaded', 'loaded']);
      expect(await oneIdOf(await identify({ person: 2 }))).toBe(entries[1]!.oneId);
    });

    it('leaves a record that does not open to its feeder', async () => {
      const { enrolled, zone } = await given();
      const anna = await enrolled(1, 'left');
      const broken = { ...anna, sealed: anna.sealed.map((byte, at) => (at === 20 ? byte ^ 1 : byte)) };
      await expect(zone.palmEnrolled(broken)).rejects.not.toMatchObject({ name: 'NotNow' });
    });
  });

  describe(`${adapter}: on any doubt`, () => {
    const notNow = (why: string) => expect.objectContaining({ name: 'NotNow', why });

    it('answers "not now" before it has reached the end of the ledger, and says so', async () => {
      const drawn = await drawnZone();
      const zone = await start(drawn.parts);
      running.push(zone);
      expect(zone.ready()).toMatchObject({ ready: false, why: 'loading', position: 0n });
      await expect(sceneOf(zone, drawn).identify({ person: 1 })).rejects.toEqual(notNow('loading'));
      zone.passed(7n, false);
      expect(zone.ready().ready).toBe(false);
      zone.passed(9n, true);
      expect(zone.ready()).toMatchObject({ ready: true, position: 9n, modelVersions: ['drawn-1'] });
    });

    it('answers "not now" when nobody has told it the end of the ledger for a while', async () => {
      const { zone, drawn, identify, enrol } = await given();
      drawn.pass(10_001);
      expect(zone.ready()).toMatchObject({ ready: false, why: 'stale' });
      await expect(identify({ person: 1 })).rejects.toEqual(notNow('stale'));
      await expect(enrol('anna', 1, 'left')).rejects.toEqual(notNow('stale'));
    });

    it('answers "not now" when the phones, the vault or the index do not answer', async () => {
      const drawn = await drawnZone({ ...beyondEvidence, deadlineMs: 50 });
      const hangs = () => new Promise<never>(() => {});
      const zone = await start({ ...drawn.parts, phoneLastFour: hangs, vault: { ...drawn.vault, seal: hangs } });
      running.push(zone);
      zone.passed(1n, true);
      const scene = sceneOf(zone, drawn);
      await expect(scene.enrol('anna', 1, 'left')).rejects.toEqual(notNow('overdue'));
      const place = newPlace('anna');
      const sealed = await drawn.vault.seal(place, drawnBytes(1, 'left'));
      await zone.palmEnrolled(entryOf('anna', 'left', place, sealed));
      await expect(scene.identify({ person: 1 }, { lastFour: '2345' })).rejects.toEqual(notNow('overdue'));
      await drawn.parts.index.close();
      await expect(scene.identify({ person: 1 })).rejects.toEqual(notNow('closed'));
    });

    it('answers nothing once it is closed', async () => {
      const { zone, identify } = await given();
      await zone.close();
      expect(zone.ready()).toMatchObject({ ready: false, why: 'closed' });
      await expect(identify({ person: 1 })).rejects.toEqual(notNow('closed'));
    });
  });
}
