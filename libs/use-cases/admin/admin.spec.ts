import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '#libs/runtime/ids.ts';
import { openWorks, type Works } from '#libs/testing/works.ts';
import { asked, type TownMember } from '#libs/testing/town.ts';
import { settleDuplicates } from '#libs/workflows/one-id/duplicate.ts';
import { disputeOwnPayment } from '../expenses/dispute.ts';
import { ownLooks } from '../history/looks.ts';
import { approveErasure } from '../erasure/approve.ts';
import { placeHold } from '../erasure/hold.ts';
import { requestErasure } from '../erasure/request.ts';
import { decideDispute } from './decide-dispute.ts';
import { listDisputes, showDispute } from './disputes.ts';
import { decideDuplicate, listDuplicates, showDuplicate } from './duplicates.ts';
import { listErasures, lookAtErasure, readErasure } from './erasures.ts';
import { lookAtOneId } from './one-id.ts';
import { askForProof, findByPhone } from './search.ts';
import { resumeOneId, suspendOneId } from './standing.ts';
import { systemStatus } from './status.ts';

const admin = { kind: 'admin', principal: newId() } as const;
const second = { kind: 'admin', principal: newId() } as const;
let works: Works;
let ada: TownMember;
beforeAll(async () => {
  works = await openWorks();
  ada = await works.member('ada', '+41795550101');
});
afterAll(() => works.close());

const refused = (code: string) => expect.objectContaining({ code });
const sentTo = async ({ number }: TownMember, template: string) =>
  (await works.town.messages()).filter((one) => one.to === number && one.template === template);

describe('Looking at a One ID', () => {
  it('is recorded, told, and seen by its member; numbers are masked', async () => {
    const shown = await lookAtOneId(works.deps, { caller: admin, oneId: ada.oneId, reason: 'member-asked' });
    expect(shown).toMatchObject({ status: 'active', palms: [{ hand: 'left' }], cards: [{ lastFour: '1111' }] });
    expect(JSON.stringify(shown)).not.toContain(ada.number.slice(1));
    const { items } = await ownLooks(works.deps, { caller: ada.caller, limit: 10 });
    expect(items).toMatchObject([
      { by: { kind: 'admin', principal: admin.principal }, reason: 'member-asked', askedFor: 'account' },
    ]);
    expect(await sentTo(ada, 'looked-at')).toHaveLength(1);
  });

  it('at one that there is not is refused', async () => {
    const nobody = lookAtOneId(works.deps, { caller: admin, oneId: newId(), reason: 'member-asked' });
    await expect(nobody).rejects.toEqual(refused('one-id-unknown'));
  });
});

describe('Searching by phone', () => {
  it('needs the code that went to the phone, from the admin who asked; repeated, it is the same look', async () => {
    const proof = await askForProof(works.deps, { caller: admin, phone: ada.number });
    await proof.send();
    const code = /\d{6}/.exec((await sentTo(ada, 'change-code')).at(-1)!.text)![0];
    const wanted = { phone: ada.number, code, reason: 'lost-phone' };
    const bySecond = findByPhone(works.deps, { caller: second, request: asked(second), ...wanted });
    await expect(bySecond).rejects.toEqual(refused('code-none'));
    const request = asked(admin);
    const found = await findByPhone(works.deps, { caller: admin, request, ...wanted });
    expect(found.oneId).toBe(ada.oneId);
    const again = await findByPhone(works.deps, { caller: admin, request, ...wanted });
    expect(again.look).toBe(found.look);
  });

  it('for a number that nobody has answers the same, and sends nothing', async () => {
    const before = (await works.town.messages()).length;
    const proof = await askForProof(works.deps, { caller: admin, phone: '+41795550999' });
    await proof.send();
    expect(proof.expiresAt).toEqual(expect.any(String));
    expect(await works.town.messages()).toHaveLength(before);
  });
});

describe('Suspending', () => {
  it('is told once; a repetition that comes after the resumption changes nothing', async () => {
    const request = asked(admin);
    const suspend = { caller: admin, request, oneId: ada.oneId, reason: 'fraud' };
    await suspendOneId(works.deps, suspend);
    expect(await works.state(ada.stream)).toMatchObject({ suspended: true });
    await resumeOneId(works.deps, { ...suspend, request: asked(admin) });
    await suspendOneId(works.deps, suspend);
    expect(await works.state(ada.stream)).toMatchObject({ suspended: false });
    expect(await sentTo(ada, 'security-notice')).toHaveLength(2);
  });
});

describe('A dispute', () => {
  it('is listed, shown with what the palm was believed on, and decided for the member, who gets the money back', async () => {
    const shop = await works.town.shop();
    const { payment } = await works.pay(ada, shop, 4_200);
    const said = 'That was not me.';
    const { caller } = ada;
    const { dispute } = await disputeOwnPayment(works.deps, { caller, request: asked(caller), payment, said });
    const { items } = await listDisputes(works.deps, { caller: admin, limit: 10 });
    expect(items).toMatchObject([{ payment, dispute, disputed: 4_200, currency: 'CHF' }]);
    const of = { caller: admin, payment, dispute };
    expect(await showDispute(works.deps, { ...of, reason: 'dispute' })).toMatchObject({
      said,
      evidence: { score: 0.93, threshold: 0.7 },
      merchant: { id: shop.merchant },
    });
    const request = asked(admin);
    const decision = { ...of, request, outcome: 'for-member', said: 'Believed.' } as const;
    expect(await decideDispute(works.deps, decision)).toMatchObject({ refunded: 4_200, left: 0 });
    expect(await decideDispute(works.deps, decision)).toMatchObject({ refunded: 4_200 });
    const otherwise = decideDispute(works.deps, { ...decision, request: asked(admin), outcome: 'for-merchant' });
    await expect(otherwise).rejects.toEqual(refused('dispute-already-decided'));
    expect((await listDisputes(works.deps, { caller: admin, limit: 10 })).items).toEqual([]);
    expect(await sentTo(ada, 'dispute-decided')).toHaveLength(1);
  });
});

describe('A palm that another One ID had first', () => {
  it('waits for an admin where nobody could recognise its One ID any more, and is kept without it, or erased', async () => {
    const first = await works.member('bea', '+41795550102');
    const later = await works.member('eve', '+41795550103');
    const bad = newId();
    const { deps } = works;
    await deps.keyring.make([`${later.stream}/${bad}`]);
    const { palm } = later;
    // Enrolled in place of the first, and found to be another's.
    const doubled = await works.signed(later.stream, 'bea', 'right');
    await works.decide(later.stream, doubled);
    await works.decide(later.stream, {
      type: 'MarkPalmDuplicate',
      at: deps.clock.now().toISOString(),
      palm: doubled.palm,
      sealed: { oneId: first.oneId },
    });
    expect(palm).not.toBe(doubled.palm);
    const listed = await listDuplicates(deps, { caller: admin, limit: 10 });
    expect(listed.items).toMatchObject([{ oneId: later.oneId, palm: doubled.palm, suspended: false }]);
    const of = { caller: admin, oneId: later.oneId, palm: doubled.palm };
    const shown = await showDuplicate(deps, { ...of, reason: 'duplicate' });
    expect([shown.later.oneId, shown.first?.oneId]).toEqual([later.oneId, first.oneId]);
    await decideDuplicate(deps, { ...of, request: asked(admin), outcome: 'keep' });
    await settleDuplicates(deps, later.stream);
    expect((await listDuplicates(deps, { caller: admin, limit: 10 })).items).toEqual([]);
    const erased = await decideDuplicate(deps, { ...of, request: asked(admin), outcome: 'erase' });
    expect(erased.erasure).toEqual(expect.any(String));
  });
});

describe('Erasures', () => {
  it('are listed with what each waits for; whose it is, is a look; one person is not four eyes', async () => {
    const cleo = await works.member('cleo', '+41795550104');
    const { deps } = works;
    const request = asked(admin);
    const { erasure } = await requestErasure(deps, { caller: admin, request, oneId: cleo.oneId });
    await works.caughtUp();
    const { items } = await listErasures(deps, { limit: 50 });
    const mine = items.find((one) => one.erasure === erasure);
    expect(mine).toMatchObject({ state: 'pending', waitsFor: 'approval', overdue: false });
    expect(JSON.stringify(mine)).not.toContain(cleo.oneId);
    const looked = await lookAtErasure(deps, { caller: second, erasure, reason: 'approval' });
    expect(looked.oneId).toBe(cleo.oneId);
    const alone = approveErasure(deps, { caller: admin, request: asked(admin), erasure });
    await expect(alone).rejects.toEqual(refused('four-eyes'));
    await approveErasure(deps, { caller: second, request: asked(second), erasure });
    expect(await readErasure(deps, { erasure })).toMatchObject({ waitsFor: 'TransactionsSettled' });
    const court = { caller: admin, request: asked(admin), oneId: cleo.oneId, reason: 'A case', authority: 'Court' };
    const { hold } = await placeHold(deps, court);
    expect(await readErasure(deps, { erasure })).toMatchObject({ holds: [hold] });
  });
});

describe('The status', () => {
  it('says how each part stands', async () => {
    await works.caughtUp();
    expect(await systemStatus(works.deps)).toMatchObject({
      views: { lag: '0', parked: 0, damaged: false },
      keyring: { quorum: 1 },
      erasures: { inProgress: 2, overdue: 0, more: false },
    });
  });
});
