import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Step } from '#libs/domain/erasure/state.ts';
import { open } from '#libs/event-codec/codec.ts';
import { commitsTo } from '#libs/evidence/commitment.ts';
import { verifyCertificate } from '#libs/evidence/certificate.ts';
import type { StoredRecord } from '#libs/ledger/port.ts';
import { isoNow } from '#libs/runtime/clock.ts';
import { newId } from '#libs/runtime/ids.ts';
import { asked, type TownMember } from '#libs/testing/town.ts';
import { openWorks, until, type Works } from '#libs/testing/works.ts';
import type { PrincipalCaller } from '#libs/use-cases/callers.ts';
import { reserveSeed } from '#libs/use-cases/changes/announce.ts';
import { acknowledgeErasure, erasedPseudonym } from '#libs/use-cases/erasure/acknowledge.ts';
import { approveErasure } from '#libs/use-cases/erasure/approve.ts';
import { placeHold, releaseHold } from '#libs/use-cases/erasure/hold.ts';
import { receiptOf } from '#libs/use-cases/erasure/receipt.ts';
import { requestErasure } from '#libs/use-cases/erasure/request.ts';
import { startErasure } from '#libs/use-cases/erasure/start.ts';
import { erasureStatus } from '#libs/use-cases/erasure/status.ts';
import { refuseErasure, withdrawErasure } from '#libs/use-cases/erasure/take-back.ts';
import { stay } from '#libs/use-cases/leaving/stay.ts';
import { refundPayment } from '#libs/use-cases/payment/refund.ts';
import { claim } from '#libs/use-cases/claim/claim.ts';
import { subscribers } from '#libs/use-cases/stream/aggregates.ts';
import { decideOn } from '#libs/use-cases/stream/decide.ts';
import { Later } from '../later.ts';
import { systemWho } from '../system.ts';
import { advanceErasure, advanceOnce } from './advance.ts';
import { steps } from './steps.ts';

const DAY = 86_400_000;
const replacer = (_: string, value: unknown) => (typeof value === 'bigint' ? String(value) : value);
const admin = (principal: string): PrincipalCaller => ({ kind: 'admin', principal });

describe('An erasure', () => {
  let works: Works;
  let anna: TownMember;
  beforeEach(async () => {
    works = await openWorks();
    anna = await works.member('anna', '+41791110001');
  });
  afterEach(() => works.close());

  const later = (ms: number): void => works.town.house.clock.moveTo(new Date(works.deps.clock.now().getTime() + ms));
  const events = async (stream: string) => (await works.deps.ledger.readStream(stream)).map(({ type }) => type);
  const told = async (template: string) => (await works.town.messages()).filter((one) => one.template === template);

  /** As the member's wish, from the palm at a device. */
  async function leave(member = anna): Promise<{ erasure: string; receipt: string }> {
    const seed = await reserveSeed(works.deps);
    const about = { oneId: member.oneId, reason: 'member', requestedBy: '', seed } as const;
    const sealed = await startErasure(works.deps, about, systemWho('test'));
    const at = isoNow(works.deps.clock);
    const takesEffectAt = new Date(works.deps.clock.now().getTime() + 3 * DAY).toISOString();
    const change = { change: newId(), kind: 'leave', target: '' } as const;
    await works.decide(
      member.stream,
      { type: 'AnnounceChange', at, ...change, takesEffectAt, sealed: { details: {} } },
      { type: 'LetChangeTakeEffect', at: takesEffectAt, change: change.change, erasure: sealed },
    );
    return { erasure: sealed.erasure, receipt: receiptOf(seed) };
  }

  /** As the scheduler does: again and again, until only time or a person ends its waiting. */
  async function advance(erasure: string): Promise<void> {
    await until(async () => {
      const ended = await advanceErasure(works.deps, erasure).then(() => true, laterOnly);
      return ended === true;
    });
  }

  async function subscribe(merchant?: string): Promise<PrincipalCaller> {
    const [subscriber = ''] = await works.deps.keyring.reserve('subscriber');
    const name = { name: 'a service', ...(merchant === undefined ? {} : { merchant }) };
    const command = { type: 'RegisterSubscriber', at: isoNow(works.deps.clock), ...name } as const;
    const wants = { topics: ['erasures'], acknowledgesErasures: true };
    const stream = `subscriber-${subscriber}`;
    await decideOn(works.deps, subscribers, stream, { ...command, ...wants }, systemWho('test'));
    return { kind: 'service', principal: newId(), subscriber };
  }

  /** What today's keys still open of all there is, except what stands for nobody. */
  async function openable(records: readonly StoredRecord[]): Promise<readonly string[]> {
    const opened = await open(works.deps.keyring, records);
    return opened.filter(({ sealed }) => sealed !== undefined && sealed !== 'gone').map(({ type }) => type);
  }

  it('takes everything with it: nothing opens any more, and the certificate says so', async () => {
    const { deps } = works;
    const shop = await works.town.shop();
    const { payment } = await works.pay(anna, shop, 1250);
    await works.caughtUp();
    const own = await deps.ledger.readStream(anna.stream);
    const personal = [...own, ...(await deps.ledger.readStream(`payment-${payment}`))];
    expect(await openable(personal)).toContain('PhoneAdded');
    const { erasure, receipt } = await leave();
    expect(await works.state(anna.stream)).toMatchObject({ status: 'leaving' });
    await advance(erasure);

    expect(await openable(personal)).toEqual([]);
    expect(await deps.ledger.readStream(anna.stream)).toEqual([]);
    expect(deps.recognition.ready().palms).toBe(0);
    expect(deps.contacts.find('phone', anna.number)).toBeUndefined();
    const [row] = await deps.views.purchases.byPayment([payment]);
    expect(row).toMatchObject({ amount: 1250, status: 'captured' });
    expect(row?.member).toBeUndefined();
    expect(await told('erased')).toHaveLength(1);
    expect(plantedIn(join(works.town.house.folder, 'data'), [anna.number, anna.oneId])).toEqual([]);

    const status = await erasureStatus(deps, { receipt });
    expect(status.state).toBe('certified');
    const body = verifyCertificate(Buffer.from(status.certificate!), deps.keys.evidence.publicKey);
    expect(commitsTo(body.commitment, anna.oneId, receipt.split('.')[1]!)).toBe(true);
    expect(body).toMatchObject({ reason: 'member', recordsPruned: own.length + 6 });
    expect(body.keysDestroyed).toBeGreaterThanOrEqual(6);
    expect(status.certificate).not.toContain(anna.oneId);
  });

  it('takes claims that no transaction lists with it, its own and those of an admin who looked; others’ stay', async () => {
    const { deps } = works;
    const bela = await works.member('bela', '+41791110002');
    const looked = (oneId: string) =>
      claim(deps, asked(admin('a'.repeat(26))), systemWho('test'), async () => ({ oneId, look: newId() }));
    const changed = { actor: 'member', about: { who: anna.oneId } } as const;
    const { key } = await claim(deps, asked(admin('b'.repeat(26))), changed, async () => ({ change: newId() }));
    const keys = [key, (await looked(anna.oneId)).key, (await looked(bela.oneId)).key];
    await advance((await leave()).erasure);
    expect(await deps.keyring.has(keys)).toEqual([false, false, true]);
    const claims = await deps.ledger.readShortLived({ limit: 1_000 });
    expect(JSON.stringify(await open(deps.keyring, claims), replacer)).not.toContain(anna.oneId);
  });

  it('can be refunded afterwards, by the network alone, and the same palm may enrol anew', async () => {
    const { deps } = works;
    const shop = await works.town.shop();
    const { payment } = await works.pay(anna, shop, 1250);
    await works.caughtUp();
    await advance((await leave()).erasure);
    const refunded = await refundPayment(deps, {
      caller: shop,
      request: asked(shop),
      payment,
      amount: 250,
      reason: 'returned',
    });
    expect(refunded).toMatchObject({ refunded: 250 });
    const again = await works.member('anna', '+41791110001');
    expect(await works.state(again.stream)).toMatchObject({ status: 'active' });
  });

  it('given a crash between any two steps, or within one, goes on and ends with one certificate', async () => {
    const { deps } = works;
    const { erasure } = await leave();
    await until(async () => {
      const before = (await events(erasure)).at(-1);
      const next = await advanceOnce(deps, erasure).catch(laterOnly);
      const after = (await events(erasure)).at(-1)!;
      // The step that was just recorded, done once more by somebody who came late: nothing changes.
      if (after !== before && after in steps) await repeated(erasure, steps[after as Step]);
      return typeof next === 'object';
    });
    const all = await events(erasure);
    expect(new Set(all).size).toBe(all.length);
    expect(all.at(-1)).toBe('ErasureCertified');
  });

  async function repeated(erasure: string, step: (typeof steps)[Step]): Promise<void> {
    const before = await events(erasure);
    await step(works.deps, erasure).catch(laterOnly);
    expect(await events(erasure)).toEqual(before);
  }

  it('given two who advance it at once, ends with one certificate', async () => {
    const { erasure } = await leave();
    await Promise.all([advance(erasure), advance(erasure)]);
    expect((await events(erasure)).filter((type) => type === 'ErasureCertified')).toHaveLength(1);
  });

  it('given a walk that was made and not recorded, is finished without the list that went with it', async () => {
    const { deps } = works;
    const { erasure } = await leave();
    await until(async () => {
      await advanceOnce(deps, erasure).catch(laterOnly);
      return (await events(erasure)).at(-1) === 'LastMessageSent';
    });
    await deps.keyring.destroy([
      anna.stream,
      ...[anna.palm, anna.card, anna.phone].map((ref) => `${anna.stream}/${ref}`),
    ]);
    await advance(erasure);
    expect((await events(erasure)).at(-1)).toBe('ErasureCertified');
  });

  it('given a payment that is open, waits for it to be settled', async () => {
    const { network } = works.town.house.parts;
    network.control({ mode: 'down' });
    await works.pay(anna, await works.town.shop(), 1250);
    network.control({ mode: 'normal' });
    const { erasure } = await leave();
    await expect(advanceErasure(works.deps, erasure)).rejects.toBeInstanceOf(Later);
    later(121_000);
    await advance(erasure);
    expect((await events(erasure)).at(-1)).toBe('ErasureCertified');
    expect((await network.book()).every(({ captured }) => captured === 0)).toBe(true);
  });

  describe('asked for by an admin', () => {
    const request = async () => {
      const caller = admin('first');
      const asking = { caller, request: asked(caller), oneId: anna.oneId };
      return { ...(await requestErasure(works.deps, asking)), again: () => requestErasure(works.deps, asking) };
    };
    const on = (principal: string, erasure: string) => {
      const caller = admin(principal);
      return { caller, request: asked(caller), erasure };
    };

    it('waits for a second one, and for the time to object; the person gets the receipt', async () => {
      const { deps } = works;
      const { erasure, again } = await request();
      expect(await again()).toMatchObject({ erasure });
      await advance(`erasure-${erasure}`);
      expect(await events(`erasure-${erasure}`)).toEqual(['ErasureStarted']);
      await expect(approveErasure(deps, on('first', erasure))).rejects.toMatchObject({ code: 'four-eyes' });
      await approveErasure(deps, on('second', erasure));
      await advance(`erasure-${erasure}`);
      expect((await events(`erasure-${erasure}`)).at(-1)).toBe('TransactionsSettled');
      later(3 * DAY);
      await advance(`erasure-${erasure}`);
      expect((await events(`erasure-${erasure}`)).at(-1)).toBe('ErasureCertified');
      const [last] = await told('erased');
      const receipt = /[a-z2-7]{26}\.[A-Za-z0-9_-]{43}/.exec(last!.text)![0];
      expect(await erasureStatus(deps, { receipt })).toMatchObject({ state: 'certified' });
    });

    it('given two who ask, begins once', async () => {
      await request();
      const caller = admin('other');
      const second = requestErasure(works.deps, { caller, request: asked(caller), oneId: anna.oneId });
      await expect(second).rejects.toMatchObject({ code: 'erasure-requested' });
    });

    it('given a refusal, the One ID is as it was', async () => {
      const { erasure } = await request();
      const refusal = { ...on('first', erasure), reason: 'wrong person' };
      await expect(refuseErasure(works.deps, refusal)).rejects.toMatchObject({ code: 'four-eyes' });
      expect(await works.state(anna.stream)).toMatchObject({ status: 'leaving' });
      await refuseErasure(works.deps, { ...on('second', erasure), reason: 'wrong person' });
      expect(await works.state(anna.stream)).toMatchObject({ status: 'active' });
      await advance(`erasure-${erasure}`);
      expect((await events(`erasure-${erasure}`)).at(-1)).toBe('ErasureRefused');
    });

    it('given that it is taken back half-way, the workflow ends the other half', async () => {
      const { erasure } = await request();
      await works.decide(anna.stream, { type: 'WithdrawErasure', at: isoNow(works.deps.clock), reason: 'admin' });
      await advance(`erasure-${erasure}`);
      expect((await events(`erasure-${erasure}`)).at(-1)).toBe('Withdrawn');
      await withdrawErasure(works.deps, on('first', erasure));
      expect(await works.state(anna.stream)).toMatchObject({ status: 'active' });
    });

    it('given a hold, before it or during it, waits until that is released', async () => {
      const { deps } = works;
      const caller = admin('counsel');
      const about = { caller, oneId: anna.oneId, reason: 'a court asks', authority: 'a court' };
      const first = await placeHold(deps, { ...about, request: asked(caller) });
      const { erasure } = await request();
      await approveErasure(deps, on('second', erasure));
      const second = await placeHold(deps, { ...about, request: asked(caller) });
      later(3 * DAY);
      await advance(`erasure-${erasure}`);
      expect((await events(`erasure-${erasure}`)).filter((type) => type === 'Held')).toHaveLength(2);
      const release = (hold: string) => ({ caller, request: asked(caller), oneId: anna.oneId, hold });
      await releaseHold(deps, release(first.hold));
      await advance(`erasure-${erasure}`);
      expect(await works.state(anna.stream)).toMatchObject({ status: 'leaving' });
      await releaseHold(deps, release(second.hold));
      await advance(`erasure-${erasure}`);
      expect((await events(`erasure-${erasure}`)).at(-1)).toBe('ErasureCertified');
    });
  });

  it('given that the member stays, nothing is destroyed; and after the destruction has begun, nobody can stay', async () => {
    const { deps } = works;
    const { erasure } = await leave();
    await stay(deps, { caller: anna.caller, request: asked(anna.caller) });
    await advance(erasure);
    expect((await events(erasure)).at(-1)).toBe('Withdrawn');
    expect(await works.state(anna.stream)).toMatchObject({ status: 'active' });
    const second = await leave();
    await advanceOnce(deps, second.erasure);
    await advanceOnce(deps, second.erasure);
    expect((await events(second.erasure)).at(-1)).toBe('DestructionBegun');
    const late = stay(deps, { caller: anna.caller, request: asked(anna.caller) });
    await expect(late).rejects.toMatchObject({ code: 'one-id-closed' });
    await advance(second.erasure);
    expect(await deps.keyring.has([erasure])).toEqual([false]);
  });

  it('given one that no One ID ever named, is withdrawn by itself', async () => {
    const { deps } = works;
    const seed = await reserveSeed(deps);
    const about = { oneId: anna.oneId, reason: 'member', requestedBy: '', seed } as const;
    const { erasure } = await startErasure(deps, about, systemWho('test'));
    await expect(advanceErasure(deps, erasure)).rejects.toBeInstanceOf(Later);
    later(16 * 60_000);
    await advance(erasure);
    expect((await events(erasure)).at(-1)).toBe('Withdrawn');
  });

  it('asks each registered subscriber, who reads its own pseudonym until it has acknowledged; the silent one is named', async () => {
    const { deps } = works;
    const [prompt, silent] = [await subscribe(), await subscribe('merchant-1')];
    const { erasure, receipt } = await leave();
    await advance(erasure);
    const late = await subscribe();
    const id = erasure.slice('erasure-'.length);
    expect((await events(erasure)).at(-1)).toBe('TombstonesPublished');
    const one = await erasedPseudonym(deps, { caller: prompt, erasure: id });
    const other = await erasedPseudonym(deps, { caller: silent, erasure: id });
    expect(one.pseudonym).not.toBe(other.pseudonym);
    await expect(erasedPseudonym(deps, { caller: late, erasure: id })).rejects.toMatchObject({
      code: 'erasure-unknown',
    });
    const acknowledging = { caller: prompt, request: asked(prompt), erasure: id };
    await acknowledgeErasure(deps, acknowledging);
    await acknowledgeErasure(deps, { ...acknowledging, request: asked(prompt) });
    await expect(erasedPseudonym(deps, { caller: prompt, erasure: id })).rejects.toMatchObject({
      code: 'erasure-ended',
    });
    await advance(erasure);
    expect((await events(erasure)).at(-1)).toBe('SubscriberAcknowledged');
    later(15 * DAY);
    await advance(erasure);
    const { certificate } = await erasureStatus(deps, { receipt });
    const body = verifyCertificate(Buffer.from(certificate!), deps.keys.evidence.publicKey);
    expect(body.subscribers).toMatchObject({
      acknowledged: [{ subscriber: prompt.subscriber }],
      overdue: [{ subscriber: silent.subscriber }],
    });
  });
});

/** Waiting for something else is no failure. */
function laterOnly(error: unknown): void {
  if (!(error instanceof Later)) throw error;
}

/** Which planted values stand in any file of the folder, in any usual encoding. */
function plantedIn(folder: string, planted: readonly string[]): readonly string[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  return files.flatMap((file) => {
    const bytes = readFileSync(join(file.parentPath, file.name));
    return planted.flatMap((value) => {
      const plain = Buffer.from(value);
      const forms = [
        plain,
        Buffer.from(value, 'utf16le'),
        plain.toString('hex'),
        plain.toString('base64').slice(0, -4),
      ];
      return forms.some((form) => bytes.includes(form)) ? [`${value} in ${file.name}`] : [];
    });
  });
}
