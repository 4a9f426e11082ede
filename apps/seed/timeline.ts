import { seeded, type Seeded } from '#libs/testing/palms/seeded.ts';
import { SHOPS, TOWNS } from './merchants.ts';

/** What the whole of a seeding is made from; the same again is the same years. */
export interface SeedPlan {
  readonly seed: string;
  readonly members: number;
  /** Purchases of a member, in the mean. */
  readonly purchases: number;
  /** ISO 8601: two years, to the moment of the first seeding. */
  readonly from: string;
  readonly until: string;
}

/** Something that a member does. Actions of one member happen one after the other. */
export type Action = { readonly at: number; readonly member: number; readonly number: number } & (
  | { readonly kind: 'enrol' }
  | { readonly kind: 'pay'; readonly shop: number; readonly amount: number }
  | { readonly kind: 'refund'; readonly of: number; readonly shop: number; readonly share: number }
  | { readonly kind: 'visit'; readonly shop: number; readonly articles: readonly number[] }
  | {
      readonly kind: 'grant' | 'check';
      readonly shop: number;
      readonly credential: 'badge' | 'loyalty' | 'subscription';
    }
);

const DAY = 86_400_000;
/** Nobody is left so long without a device that the first start would find them expired. */
const USED_WITHIN = 500 * DAY;

/** All that happens, in order of time. */
export function timelineOf(plan: SeedPlan): readonly Action[] {
  const actions: Action[] = [];
  for (let member = 0; member < plan.members; member += 1) actions.push(...lifeOf(plan, member));
  return actions.sort((a, b) => a.at - b.at || a.member - b.member || a.number - b.number);
}

/** What one member does, in order; the same for the same plan. */
export function lifeOf(plan: SeedPlan, member: number): Action[] {
  const draw = seeded('life', plan.seed, member);
  const [from, until] = [Date.parse(plan.from), Date.parse(plan.until)];
  const town = townOf(plan.seed, member);
  // More people come as it becomes known, and the last month is kept for what they do.
  const enrolledAt = inShopHours(from + DAY + (until - from - 30 * DAY) * draw.between(0, 1) ** 0.8, draw, until);
  const life: Action[] = [{ kind: 'enrol', at: enrolledAt, member, number: 0 }];
  const times = Array.from({ length: howMany(plan.purchases, draw) }, () =>
    draw.between(enrolledAt + 3_600_000, until),
  );
  if (until - Math.max(enrolledAt, ...times) > USED_WITHIN) times.push(draw.between(until - USED_WITHIN, until));
  const used = times.map((time) => inShopHours(time, draw, until)).filter((time) => time > enrolledAt + 600_000);
  for (const at of used.sort((a, b) => a - b)) life.push(...useOf(plan, member, town, at, life, draw));
  return life;
}

/** Each life's actions are minutes apart, and counted. */
function useOf(
  plan: SeedPlan,
  member: number,
  town: number,
  at: number,
  life: readonly Action[],
  draw: Seeded,
): Action[] {
  const number = life.length;
  const shop = shopIn(town, draw);
  const { articles, usual, spread, purposes } = SHOPS[shop]!;
  if (articles.length > 0) {
    const taken = Array.from({ length: 1 + draw.whole(5) }, () => draw.whole(articles.length));
    return [{ kind: 'visit', at, member, number, shop, articles: taken }];
  }
  const credential = (['loyalty', 'badge', 'subscription'] as const).find((kind) => purposes.includes(kind));
  const holds = life.some((one) => one.kind === 'grant' && one.shop === shop);
  const [wants, refunds] = [draw.between(0, 1), draw.between(0, 1)];
  const amount = Math.max(50, Math.round((usual * Math.exp(draw.normal(0, spread))) / 5) * 5);
  const actions: Action[] = [{ kind: 'pay', at, member, number, shop, amount }];
  if (credential !== undefined && (holds ? wants < 0.6 : wants < 0.25)) {
    const kind = holds ? 'check' : 'grant';
    actions.unshift({ kind, at: at - 120_000, member, number: number + 1, shop, credential });
  }
  const later = at + draw.between(0.1, 9) * DAY;
  if (refunds < 0.03 && later < Date.parse(plan.until)) {
    actions.push({
      kind: 'refund',
      at: later,
      member,
      number: number + 2,
      of: number,
      shop,
      share: draw.between(0.3, 1),
    });
  }
  return actions;
}

export function townOf(seed: string, member: number): number {
  return seeded('town', seed, member).whole(TOWNS.length);
}

function shopIn(town: number, draw: Seeded): number {
  const here = SHOPS.flatMap(({ towns, weight }, shop) => (towns.includes(town) ? [{ shop, weight }] : []));
  let at = draw.between(
    0,
    here.reduce((sum, { weight }) => sum + weight, 0),
  );
  for (const { shop, weight } of here) if ((at -= weight) < 0) return shop;
  return here.at(-1)!.shop;
}

/** From nothing to three times the mean, seldom more. */
function howMany(mean: number, draw: Seeded): number {
  return Math.round(mean * -Math.log(1 - draw.between(0, 0.95)));
}

/** Between seven in the morning and nine in the evening, UTC. */
function inShopHours(time: number, draw: Seeded, until: number): number {
  const day = time - (time % DAY);
  const at = Math.floor(day + draw.between(7, 20) * 3_600_000);
  return at < until ? at : at - DAY;
}
