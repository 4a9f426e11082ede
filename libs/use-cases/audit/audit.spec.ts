import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { leafHash } from '#libs/ledger/leaf.ts';
import { newId } from '#libs/runtime/ids.ts';
import { openWorks, type Works } from '#libs/testing/works.ts';
import { asked, MASTERCARD, type TownMember } from '#libs/testing/town.ts';
import { addOwnCard } from '../cards/add.ts';
import { removeCard } from '../cards/remove.ts';
import { ownLooks } from '../history/looks.ts';
import { destroyRemoved } from '#libs/workflows/one-id/keys.ts';
import { positionAsOf } from './as-of.ts';
import { approveExport, requestExport } from './export-approval.ts';
import { exportAccount } from './export.ts';
import { listLooks, listPurchases, purchaseTotals } from './lists.ts';
import { replayAccount, type Replay } from './replay.ts';

const auditor = { kind: 'auditor', principal: newId() } as const;
const admin = { kind: 'admin', principal: newId() } as const;
const reason = 'yearly-audit';
let works: Works;
let ada: TownMember;
beforeAll(async () => {
  works = await openWorks();
  ada = await works.member('ada', '+41795550201');
});
afterAll(() => works.close());

const refused = (code: string) => expect.objectContaining({ code });
async function linesOf(lines: AsyncGenerator<string>): Promise<Record<string, unknown>[]> {
  const read: Record<string, unknown>[] = [];
  for await (const line of lines) read.push(JSON.parse(line) as Record<string, unknown>);
  return read;
}
async function addedCard(): Promise<string> {
  const { caller } = ada;
  const request = asked(caller);
  const card = await works.town.sealedCard(MASTERCARD, request, 'member');
  return (await addOwnCard(works.deps, { caller, request, card })).card;
}

describe('A moment', () => {
  it('stands for everything before the first record that is later, and a position for itself', async () => {
    const { ledger } = works.deps;
    const { records } = await ledger.readAll({ after: 0n, limit: 500 });
    const middle = records[Math.floor(records.length / 2)]!;
    const last = records.findLast(({ recordedAt }) => recordedAt <= middle.recordedAt)!;
    expect(await positionAsOf(ledger, { at: middle.recordedAt })).toBe(last.position);
    expect(await positionAsOf(ledger, { at: '1999-01-01T00:00:00.000Z' })).toBe(0n);
    expect(await positionAsOf(ledger, {})).toBe(await ledger.head());
    expect(await positionAsOf(ledger, { position: 3n })).toBe(3n);
    await expect(positionAsOf(ledger, { position: 1_000_000n })).rejects.toEqual(refused('position-ahead'));
  });
});

describe('A replay', () => {
  it('tells what was known then, who did what from where, and what became of purchases until then', async () => {
    const { deps } = works;
    const shop = await works.town.shop();
    const then = (await deps.ledger.head()).toString();
    const { payment } = await works.pay(ada, shop, 990);
    const card = await addedCard();
    const wanted = { caller: auditor, oneId: ada.oneId, reason, limit: 200 };
    const before = await replayAccount(deps, { ...wanted, position: BigInt(then) });
    expect(before).toMatchObject({ asOf: then, state: { status: 'active', cards: [{ lastFour: '1111' }] } });
    expect(before.events.some(({ purchase }) => purchase !== undefined)).toBe(false);
    const now = await replayAccount(deps, wanted);
    expect(now.state?.cards).toMatchObject([{ lastFour: '1111' }, { card, lastFour: '4444' }]);
    expect(now.events.find(({ purchase }) => purchase !== undefined)).toMatchObject({
      by: { kind: 'device', device: shop.device },
      purchase: { payment, amount: 990, status: 'captured' },
      sealed: { merchant: shop.merchant, evidence: { score: 0.93 } },
    });
    expect(now.events.find(({ type }) => type === 'PalmEnrolled')).toMatchObject({ sealed: 'sealed' });
    const text = JSON.stringify(now);
    expect(text).not.toContain(ada.number);
    expect(text).not.toMatch(/"token"|ticketHash/);
  });

  it('without a reason is refused; page by page it is one look, and only its auditor may go on', async () => {
    const { deps } = works;
    const wanted = { caller: auditor, oneId: ada.oneId, limit: 4 };
    await expect(replayAccount(deps, wanted)).rejects.toEqual(refused('reason-missing'));
    const looksBefore = (await ownLooks(deps, { caller: ada.caller, limit: 100 })).items.length;
    let page: Replay = await replayAccount(deps, { ...wanted, reason });
    const types = page.events.map(({ type }) => type);
    const stolen = replayAccount(deps, { ...wanted, caller: { ...auditor, principal: newId() }, cursor: page.next });
    await expect(stolen).rejects.toEqual(refused('cursor-invalid'));
    while (page.next !== undefined) {
      page = await replayAccount(deps, { ...wanted, cursor: page.next });
      types.push(...page.events.map(({ type }) => type));
    }
    const whole = await replayAccount(deps, { ...wanted, reason, limit: 200, position: BigInt(page.asOf) });
    expect(types).toEqual(whole.events.map(({ type }) => type));
    const looks = (await ownLooks(deps, { caller: ada.caller, limit: 100 })).items;
    expect(looks.length - looksBefore).toBe(2);
    expect(looks[0]).toMatchObject({ by: { kind: 'auditor' }, reason, askedFor: 'replay' });
  });

  it('given a card whose key is gone, says that it was there and is gone', async () => {
    const { deps } = works;
    const card = await addedCard();
    const then = await deps.ledger.head();
    await removeCard(deps, { caller: ada.caller, request: asked(ada.caller), card });
    await destroyRemoved(deps, ada.stream);
    const wanted = { caller: auditor, oneId: ada.oneId, reason, limit: 200 };
    const replay = await replayAccount(deps, { ...wanted, position: then });
    expect(replay.state?.cards).toContainEqual({ card, gone: true });
    const added = replay.events.find(({ type, clear }) => type === 'CardAdded' && clear['card'] === card);
    expect(added?.sealed).toBe('gone');
  });
});

describe('An export', () => {
  it('sealed, is the records as stored: whoever has it can compute each leaf', async () => {
    const lines = await linesOf(await exportAccount(works.deps, { caller: auditor, oneId: ada.oneId, reason }));
    const [first, ...records] = lines;
    expect(first).toMatchObject({ format: 'palmledger account export 1', oneId: ada.oneId, opened: false });
    expect(records.length).toBeGreaterThan(8);
    for (const { stream, leaf, sealed, ...record } of records as Record<string, never>[]) {
      const computed = leafHash(stream!, { ...(record as object), sealed: Buffer.from(sealed!, 'base64') } as never);
      expect(computed.toString('base64')).toBe(leaf);
    }
    expect(JSON.stringify(lines)).not.toContain(ada.number);
  });

  it('opened, needs an admin who is somebody else, and is good once, for the auditor who asked', async () => {
    const { deps } = works;
    const { oneId } = ada;
    const { exportRequest } = await requestExport(deps, { caller: auditor, request: asked(auditor), oneId, reason });
    const approve = { caller: admin, request: asked(admin), exportRequest };
    const altered = { ...approve, exportRequest: `${exportRequest.slice(0, -6)}AAAAAA` };
    await expect(approveExport(deps, altered)).rejects.toEqual(refused('export-request-invalid'));
    const self = { ...approve, caller: { kind: 'admin', principal: auditor.principal } as const };
    await expect(approveExport(deps, self)).rejects.toEqual(refused('four-eyes'));
    const { approval } = await approveExport(deps, approve);
    const other = { kind: 'auditor', principal: newId() } as const;
    await expect(exportAccount(deps, { caller: other, oneId, approval })).rejects.toEqual(refused('approval-invalid'));
    const text = JSON.stringify(await linesOf(await exportAccount(deps, { caller: auditor, oneId, approval })));
    expect(text).toContain(ada.number);
    expect(text).toContain('PaymentCaptured');
    expect(text).not.toContain('"token"');
    await expect(exportAccount(deps, { caller: auditor, oneId, approval })).rejects.toEqual(refused('approval-used'));
    const { items } = await ownLooks(deps, { caller: ada.caller, limit: 2 });
    expect(items.map(({ askedFor }) => askedFor)).toEqual(['opened-export', 'export-approval']);
  });

  it('is approved for a day', async () => {
    const { deps } = works;
    const wanted = { caller: auditor, request: asked(auditor), oneId: ada.oneId, reason };
    const { exportRequest } = await requestExport(deps, wanted);
    works.town.house.clock.moveTo(new Date(deps.clock.now().getTime() + 25 * 3_600_000));
    const late = approveExport(deps, { caller: admin, request: asked(admin), exportRequest });
    await expect(late).rejects.toEqual(refused('export-request-invalid'));
  });
});

describe('Lists', () => {
  it('name who looked and why, and purchases without their members', async () => {
    const { deps } = works;
    const { items } = await listLooks(deps, { caller: auditor, limit: 3, principal: auditor.principal });
    expect(items).toMatchObject([{ by: { kind: 'auditor', principal: auditor.principal }, reason }, {}, {}]);
    expect(JSON.stringify(items)).not.toContain(ada.oneId);
    await works.caughtUp();
    const { items: purchases } = await listPurchases(deps, { limit: 10 });
    expect(purchases).toMatchObject([{ amount: 990, status: 'captured' }]);
    expect(purchases[0]).not.toHaveProperty('member');
    const day = purchases[0]!.requestedAt.slice(0, 10);
    const totals = await purchaseTotals(deps, { fromDay: day, toDay: day, limit: 10 });
    expect(totals.items).toMatchObject([{ currency: 'CHF', captured: 990 }]);
  });
});
