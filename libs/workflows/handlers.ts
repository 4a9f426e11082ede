import { letChangeTakeEffect } from '#libs/use-cases/changes/take-effect.ts';
import { expiryOf } from '#libs/use-cases/expiry/expire.ts';
import { advance } from '#libs/use-cases/payment/advance.ts';
import type { WorkflowDeps } from './deps.ts';
import { PARKED } from './due-of-record.ts';
import { advanceErasure } from './erasing/advance.ts';
import { settleDuplicates } from './one-id/duplicate.ts';
import { destroyRemoved } from './one-id/keys.ts';
import { lapseEnrolment } from './one-id/lapse.ts';
import { watchLeaving } from './one-id/leaving.ts';
import { losePhone } from './one-id/phone-moved.ts';
import { settleTransactions } from './one-id/settle.ts';
import { tellOf } from './one-id/tell.ts';
import { systemWho } from './system.ts';

/** What is done for each reason to look at a stream. `detail` follows the reason in the queue's key. Answers when to look again. */
type Handler = (deps: WorkflowDeps, stream: string, detail: string) => Promise<number | undefined>;

/** Where the calendar's day has come and something is still open: looked at again after a while. */
const EXPIRY_AGAIN_MS = 3_600_000;

const handlers: Readonly<Record<string, Handler>> = {
  transaction: once(settleTransactions),
  enrolment: async (deps, stream) => moment(await lapseEnrolment(deps, stream)),
  duplicate: once(settleDuplicates),
  moved: once(losePhone),
  leaving: once(watchLeaving),
  tell: once((deps, stream, revision) => tellOf(deps, stream, BigInt(revision))),
  change: once((deps, stream, change) => letChangeTakeEffect(deps, { stream, change }, systemWho('changes'))),
  refund: once((deps, payment) => advance(deps, payment, 'back', systemWho('refunds'))),
  keys: async (deps, stream) => ((await destroyRemoved(deps, stream)).waiting ? PARKED : undefined),
  step: async (deps, erasure) => moment(await advanceErasure(deps, erasure)),
  expiry: async (deps, stream) => {
    const next = moment(await expiryOf(deps, stream, systemWho('expiry')));
    const soonest = deps.clock.now().getTime() + EXPIRY_AGAIN_MS;
    return next === undefined ? undefined : Math.max(next, soonest);
  },
};

/** `why` is the reason, with its detail after a slash. */
export async function handle(deps: WorkflowDeps, stream: string, why: string): Promise<number | undefined> {
  const slash = why.indexOf('/');
  const [kind, detail] = slash < 0 ? [why, ''] : [why.slice(0, slash), why.slice(slash + 1)];
  const handler = handlers[kind];
  if (handler === undefined) throw new Error(`nothing is known of what is due: ${kind}`);
  return handler(deps, stream, detail);
}

function once(work: (deps: WorkflowDeps, stream: string, detail: string) => Promise<unknown>): Handler {
  return async (deps, stream, detail) => {
    await work(deps, stream, detail);
    return undefined;
  };
}

function moment(iso: string | undefined): number | undefined {
  return iso === undefined ? undefined : Date.parse(iso);
}
