import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { Refused } from '#libs/domain/refused.ts';
import { encode, open } from '#libs/event-codec/codec.ts';
import type { ServiceKeys } from '#libs/identity/service-keys.ts';
import type { Keyring } from '#libs/keyring/port.ts';
import { WrongExpectedRevision } from '#libs/ledger/errors.ts';
import type { Ledger } from '#libs/ledger/port.ts';
import type { Clock } from '#libs/runtime/clock.ts';
import { appendKnown, type Who } from '../stream/decide.ts';

export const CLAIM_HOURS = 72;

/** Who writes, under which idempotency key, what (the digest covers route and body). */
export interface Request {
  readonly caller: string;
  readonly idempotencyKey: string;
  readonly digest: string;
}

export interface Claiming {
  readonly ledger: Ledger;
  readonly keyring: Pick<Keyring, 'seal' | 'open' | 'reserve'>;
  readonly clock: Clock;
  /** `claimSecret` makes a claim's stream name say nothing about caller or key. */
  readonly keys: Pick<ServiceKeys, 'claimSecret'>;
}

export interface Claim<Plan> {
  readonly plan: Plan;
  /** The name of the claim's key: it stands in the transaction's sealed list, so that it goes with the One ID. */
  readonly key: string;
  /** False where an earlier request with this key made the plan. */
  readonly fresh: boolean;
}

/**
 * A write's plan, made once for each caller and idempotency key: a retry gets the plan of the first request and so finds, or
 * writes, the same events. Throws `idempotency-key-reused` (422) for another body, `claim-gone` (410) where the plan's key was
 * destroyed with the One ID it was about. `makePlan` may refuse; then nothing was claimed.
 */
export async function claim<Plan extends object>(
  deps: Claiming,
  request: Request,
  who: Who,
  makePlan: (key: string) => Promise<Plan>,
): Promise<Claim<Plan>> {
  const stream = claimStream(deps.keys.claimSecret, request);
  for (;;) {
    const earlier = await find<Plan>(deps, stream, request.digest);
    if (earlier !== undefined) return earlier;
    const other = underWay(deps.ledger).get(stream);
    if (other === undefined) break;
    // Asked many times at once, the plan is made once: making it may use up a code, which must not count as many tries.
    await other.catch(() => undefined);
  }
  const making = make(deps, stream, request, who, makePlan);
  underWay(deps.ledger).set(stream, making);
  try {
    return await making;
  } finally {
    underWay(deps.ledger).delete(stream);
  }
}

/** Claims that this process makes right now, for each ledger. Only spares work: the stream decides. */
const UNDER_WAY = new WeakMap<Ledger, Map<string, Promise<unknown>>>();

function underWay(ledger: Ledger): Map<string, Promise<unknown>> {
  const known = UNDER_WAY.get(ledger) ?? new Map<string, Promise<unknown>>();
  UNDER_WAY.set(ledger, known);
  return known;
}

async function make<Plan extends object>(
  deps: Claiming,
  stream: string,
  request: Request,
  who: Who,
  makePlan: (key: string) => Promise<Plan>,
): Promise<Claim<Plan>> {
  const [key] = await deps.keyring.reserve('claim');
  const name = `claim-${key!}`;
  const plan = await makePlan(name);
  const event = { type: 'Claimed', clear: { key: key! }, sealed: { digest: request.digest, plan } };
  const now = deps.clock.now();
  const keepUntil = new Date(now.getTime() + CLAIM_HOURS * 3_600_000).toISOString();
  const records = await encode(deps.keyring, stream, [event], { ...who, at: now.toISOString() });
  try {
    await appendKnown(deps.ledger, stream, 'none', records, { keepUntil });
    return { plan, key: name, fresh: true };
  } catch (error) {
    if (!(error instanceof WrongExpectedRevision)) throw error;
  }
  const others = await find<Plan>(deps, stream, request.digest);
  if (others === undefined) throw new Refused('claim-gone', 'what this key once asked for has been erased', 'gone');
  return others;
}

/** The digest of a body as it was received, with the route it was sent to. */
export function digestOf(route: string, body: Uint8Array): string {
  return createHash('sha256').update(route).update('\n').update(body).digest('base64url');
}

async function find<Plan>(deps: Claiming, stream: string, digest: string): Promise<Claim<Plan> | undefined> {
  const [record] = await deps.ledger.readStream(stream, { limit: 1 });
  if (record === undefined) return undefined;
  const [event] = await open(deps.keyring, [record]);
  if (event === undefined || event.sealed === undefined || event.sealed === 'gone') {
    throw new Refused('claim-gone', 'what this key once asked for has been erased', 'gone');
  }
  const claimed = event.sealed as { digest: string; plan: Plan };
  if (!sameText(claimed.digest, digest)) {
    throw new Refused('idempotency-key-reused', 'this idempotency key was used with another body', 'invalid');
  }
  return { plan: claimed.plan, key: `claim-${event.clear['key'] as string}`, fresh: false };
}

function claimStream(secret: Uint8Array, request: Request): string {
  const hmac = createHmac('sha256', secret).update(`${request.caller}\n${request.idempotencyKey}`);
  return `claim-${hmac.digest('hex')}`;
}

function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
