import type { Parts } from '#apps/palmledger/parts.ts';
import { CannotDo } from '#libs/command-line/run-program.ts';
import { noMetrics } from '#libs/pipelines/metrics.ts';
import { keepViews } from '#libs/pipelines/view-keeper.ts';
import type { Settings } from '#libs/runtime/settings.ts';
import { actor } from './act.ts';
import { handOut, seedAdmin, type HandedOut } from './hand-out.ts';
import { openSeed } from './open-seed.ts';
import { personOf } from './people.ts';
import { play } from './play.ts';
import { seedZone } from './seed-zone.ts';
import { writeSeeding, type Seeding } from './seeding-file.ts';
import { timelineOf, type SeedPlan } from './timeline.ts';
import { openShops } from './town-life.ts';
import { TOWNS } from './merchants.ts';

export interface SeedRequest {
  readonly members: number;
  readonly seed: string;
  readonly purchases: number;
}

export interface Seeded extends HandedOut {
  readonly members: number;
  readonly actions: number;
  readonly seconds: number;
  readonly purpose: string;
  readonly phone: string;
}

export interface Watching {
  began(total: number, done: number): void;
  passed(done: number, at: Date): void;
  filling(): void;
}

const TWO_YEARS_DAYS = 730;
/** A view is given this long to read what was seeded. */
const FILL_MS = 30 * 60_000;

/** Fills a folder, or goes on where an earlier seeding of it was cut off. Throws `CannotDo`, and what the parts refuse to open with. */
export async function seedFolder(settings: Settings, asked: SeedRequest, watching: Watching): Promise<Seeded> {
  const { parts, purpose, earlier } = await openSeed(settings);
  try {
    const plan = planFor(asked, earlier);
    if (earlier !== undefined) await refuseIfLived(parts, plan);
    const began = Date.now();
    const { actions, merchant, admin, ownAdmin } = await live(parts, settings.PALMLEDGER_DATA, plan, earlier, watching);
    watching.filling();
    await fillViews(parts);
    const handed = await handOut(parts, admin, ownAdmin, merchant);
    const { phone } = personOf(plan.seed, 0, TOWNS.length, '2030-12');
    return { ...handed, phone, members: plan.members, actions, purpose, seconds: (Date.now() - began) / 1_000 };
  } finally {
    await parts.close();
  }
}

function planFor(asked: SeedRequest, earlier: Seeding | undefined): SeedPlan {
  if (earlier === undefined) {
    const now = Date.now();
    const from = new Date(now - TWO_YEARS_DAYS * 86_400_000).toISOString();
    return { ...asked, from, until: new Date(now).toISOString() };
  }
  const { members, seed, purchases, finished } = earlier;
  const was = `${members} members, --seed ${seed}, --purchases ${purchases}`;
  if (finished) throw new CannotDo(`this folder is seeded already (${was}); name another one by PALMLEDGER_DATA`);
  if (asked.members !== members || asked.seed !== seed || asked.purchases !== purchases) {
    throw new CannotDo(`an earlier seeding of this folder was cut off; go on with it as it was: ${was}`);
  }
  return earlier;
}

/** Between a seeding that was cut off and its going on nobody may have lived here: the years would lie in disorder. */
async function refuseIfLived({ ledger }: Parts, { until }: SeedPlan): Promise<void> {
  const head = await ledger.head();
  const { records } = await ledger.readAll({ after: head > 200n ? head - 200n : 0n, limit: 200 });
  if (records.every(({ recordedAt }) => recordedAt <= until)) return;
  throw new CannotDo('this folder was started before its seeding had finished; seed another one');
}

async function live(parts: Parts, dataDir: string, plan: SeedPlan, earlier: Seeding | undefined, watching: Watching) {
  const begin = { ...parts, clock: { now: () => new Date(plan.from) } };
  const { caller, made } = await seedAdmin(begin);
  const ownAdmin = made || earlier?.admin === caller.principal;
  const { seed, members, purchases, from, until } = plan;
  const kept = { seed, members, purchases, from, until, ...(ownAdmin ? { admin: caller.principal } : {}) };
  const save = (done: number, finished: boolean): void => writeSeeding(dataDir, { ...kept, done, finished });
  save(earlier?.done ?? 0, false);
  const shops = await openShops(begin, caller, plan.seed);
  const timeline = timelineOf(plan);
  const act = actor({ deps: parts, zone: seedZone(parts.recognition, parts.keyring), plan, shops });
  watching.began(timeline.length, earlier?.done ?? 0);
  let saved = Date.now();
  await play({
    timeline,
    from: earlier?.done ?? 0,
    act,
    passed: (done) => {
      watching.passed(done, new Date(timeline[Math.min(done, timeline.length - 1)]!.at));
      if (Date.now() - saved < 2_000) return;
      saved = Date.now();
      save(done, false);
    },
  });
  save(timeline.length, true);
  return { actions: timeline.length, merchant: shops[0]!.merchant, admin: caller.principal, ownAdmin };
}

/** So that the first start finds them filled. */
async function fillViews(parts: Parts): Promise<void> {
  const ending = new AbortController();
  const keeping = keepViews({ ...parts, signal: ending.signal, metrics: noMetrics });
  try {
    await Promise.race([parts.views.waitFor(await parts.ledger.head(), FILL_MS), keeping.end]);
  } finally {
    ending.abort();
    await keeping.end;
  }
}
