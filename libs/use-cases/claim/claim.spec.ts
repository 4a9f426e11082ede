import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Refused } from '#libs/domain/refused.ts';
import { newId } from '#libs/runtime/ids.ts';
import { openHouse, type House } from '#libs/testing/house.ts';
import { claimantOf } from '../callers.ts';
import { claim, digestOf } from './claim.ts';

const WHO = { actor: 'device', about: { who: 'device-till' } } as const;
let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

function request(change: Partial<{ caller: string; idempotencyKey: string; digest: string }> = {}) {
  return { caller: 'device-till', idempotencyKey: newId(), digest: 'body', ...change };
}
const made = async () => ({ payment: newId() });
const claimOf = (asked: ReturnType<typeof request>, plan = made) => claim(house.parts, asked, WHO, plan);

describe('a claim', () => {
  it('given the same key and body again, gives the same plan', async () => {
    const asked = request();
    const first = await claimOf(asked);
    const again = await claimOf(asked);
    expect([first.fresh, again.fresh]).toEqual([true, false]);
    expect(again).toMatchObject({ plan: first.plan, key: first.key });
  });

  it('given them a hundred times at once, makes one plan that all get', async () => {
    const asked = request();
    const all = await Promise.all(Array.from({ length: 100 }, () => claimOf(asked)));
    expect(new Set(all.map(({ plan }) => plan.payment)).size).toBe(1);
    expect(all.filter(({ fresh }) => fresh)).toHaveLength(1);
  });

  it('given them many times at once, makes the plan once: a code is not used up by the others', async () => {
    const asked = request();
    let tries = 0;
    const once = async () => {
      if ((tries += 1) > 1) throw new Refused('code-none', 'used', 'gone');
      await new Promise((resolve) => setTimeout(resolve, 20));
      return { payment: newId() };
    };
    const all = await Promise.all(Array.from({ length: 20 }, () => claimOf(asked, once)));
    expect(new Set(all.map(({ key }) => key)).size).toBe(1);
  });

  it('survives a restart', async () => {
    const asked = request();
    const { plan } = await claimOf(asked);
    await house.reopen();
    expect((await claimOf(asked)).plan).toEqual(plan);
  });

  it('given another body, is refused', async () => {
    const asked = request();
    await claimOf(asked);
    const other = claimOf({ ...asked, digest: 'another body' });
    await expect(other).rejects.toMatchObject({ code: 'idempotency-key-reused', kind: 'invalid' });
  });

  it('given the same key from somebody else, is another claim', async () => {
    const asked = request();
    const first = await claimOf(asked);
    const others = await claimOf({ ...asked, caller: 'device-gate' });
    expect(others.plan).not.toEqual(first.plan);
  });

  it('given a plan that is refused, claims nothing: the same request is decided afresh', async () => {
    const asked = request();
    const refused = claimOf(asked, async () => {
      throw new Refused('not-yet', 'not yet');
    });
    await expect(refused).rejects.toMatchObject({ code: 'not-yet' });
    expect((await claimOf(asked)).fresh).toBe(true);
  });

  it('whose key was destroyed with its One ID says that it is gone, never what it was', async () => {
    const asked = request();
    const { key } = await claimOf(asked);
    await house.parts.keyring.destroy([key]);
    await expect(claimOf(asked)).rejects.toMatchObject({ code: 'claim-gone', kind: 'gone' });
  });

  it('names its stream so that nobody finds caller or key in it, and stays out of the evidence', async () => {
    const asked = request({ idempotencyKey: 'my-very-own-key' });
    const before = await house.parts.ledger.size();
    await claimOf(asked);
    expect(await house.parts.ledger.size()).toBe(before);
    const due = await house.parts.ledger.dueShortLived('2100-01-01T00:00:00.000Z', 1_000);
    for (const { stream, clear, sealed } of due) {
      const all = stream + clear + Buffer.from(sealed).toString('latin1');
      expect(all).not.toContain('my-very-own-key');
      expect(all).not.toContain('device-till');
    }
  });
});

describe('the digest of a request', () => {
  it('covers route and body', () => {
    const bytes = Buffer.from('{"amount":1}');
    const one = digestOf('POST /device/v1/payments', bytes);
    expect(digestOf('POST /device/v1/payments', Buffer.from('{"amount":2}'))).not.toBe(one);
    expect(digestOf('POST /device/v1/visits', bytes)).not.toBe(one);
    expect(digestOf('POST /device/v1/payments', Buffer.from('{"amount":1}'))).toBe(one);
  });
});

describe('whose keys they are', () => {
  it('keeps those of a principal apart by role and company', () => {
    const principal = newId();
    const all = [
      { kind: 'merchant', principal, merchant: 'one' },
      { kind: 'merchant', principal, merchant: 'two' },
      { kind: 'admin', principal },
      { kind: 'service', principal, subscriber: 'one' },
    ] as const;
    expect(new Set(all.map(claimantOf)).size).toBe(4);
  });
});
