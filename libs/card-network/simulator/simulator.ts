import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { openCard, type CardDetails } from '#libs/device-protocol/card.ts';
import type { Clock } from '#libs/runtime/clock.ts';
import { startStoreThread, type StoreFailure, type StoreThread } from '#libs/runtime/store-thread.ts';
import {
  requireAmount,
  requirePosition,
  requireAuthorise,
  requireCancel,
  requireKey,
  requireStep,
  requireTokenise,
} from '../calls.ts';
import { inTime } from '../deadline.ts';
import {
  KeyReused,
  OutcomeUnknown,
  RequestInvalid,
  type CallOptions,
  type CardNetwork,
  type CardRefusal,
  type ChargeBack,
} from '../port.ts';
import type { LookedUp, NetworkNews, Tokenise } from '../port.ts';
import { brandOf, isOver, luhn, TEST_CARDS } from './cards.ts';
import { openKeys, type NetworkKeys } from './keys.ts';
import type { BookEntry, DatedJob, Job, KnownCard, Result } from './messages.ts';

/**
 * `normal`; `slow`: it happens, the answer takes `delayMs`; `late`: it happens only after `delayMs`; `down`: nothing
 * happens, and the caller hears so at once; `hanging`: nothing happens and nobody answers; `decline`: every card is declined.
 */
export interface Behaviour {
  readonly mode: 'normal' | 'slow' | 'late' | 'down' | 'hanging' | 'decline';
  readonly delayMs?: number;
}

export interface SimulatedNetwork extends CardNetwork {
  /** From now on, for every call. */
  control(behaviour: Behaviour): void;
  /** Authorisations and what became of them, oldest first, at most 1,000 after a position. */
  book(after?: string, limit?: number): Promise<readonly BookEntry[]>;
  /** The cardholder's bank takes money back; `reference` is the authorisation's. */
  chargeBack(reference: string, amount: number, reason?: string): Promise<ChargeBack>;
}

export interface SimulatorOptions {
  /** Its own folder, which stands for the outside world. */
  readonly folder: string;
  readonly clock: Clock;
}

/** A card network with a durable book of its own. Numbers stay in its memory, while a card is turned into a token. */
export async function openSimulator({ folder, clock }: SimulatorOptions): Promise<SimulatedNetwork> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const book = await startBook(join(folder, 'book.sqlite'));
  try {
    return simulator(book, await openKeys(folder, clock), clock);
  } catch (error) {
    await book.close();
    throw error;
  }
}

function simulator(book: StoreThread<DatedJob, Result>, keys: NetworkKeys, clock: Clock): SimulatedNetwork {
  let behaviour: Behaviour = { mode: 'normal' };
  const closing = new AbortController();
  const run = (job: Job): Promise<Result> => book.run({ job, at: clock.now().toISOString() });
  const wait = async (ms: number): Promise<void> => {
    try {
      await delay(ms, undefined, { signal: closing.signal });
    } catch {
      throw new OutcomeUnknown('unreachable');
    }
  };

  /** One call over the simulated line. */
  async function line<T>(call: () => Promise<T>): Promise<T> {
    const { mode, delayMs = 1_000 } = behaviour;
    if (mode === 'down') throw new OutcomeUnknown('unreachable');
    if (mode === 'hanging') return new Promise<never>(() => undefined);
    if (mode === 'late') await wait(delayMs);
    const answer = await call();
    if (mode === 'slow') await wait(delayMs);
    return answer;
  }

  async function step<S extends LookedUp['step']>(job: Job, options?: CallOptions): Promise<OutcomeOf<S>> {
    const done = (await inTime(
      line(() => run(job)),
      options,
    )) as unknown;
    return (done as { readonly outcome: OutcomeOf<S> }).outcome;
  }

  async function readCard({ card, context }: Tokenise): Promise<KnownCard | CardRefusal> {
    const opened = await openCard(card, context, (keyId) => keys.privateKeyOf(keyId));
    if (opened.outcome === 'opened') return knownCard(opened.card, clock.now());
    return opened.reason === 'key-unknown' ? 'key-expired' : 'unreadable';
  }

  return {
    rootKey: async () => keys.rootKey,
    tokeniserKey: () => keys.current(),
    tokenise: async (request, options) => {
      requireTokenise(request);
      const { key, card, context } = request;
      const digest = digestOf({ card, context });
      return step<'tokenise'>({ step: 'tokenise', key, digest, card: await readCard(request) }, options);
    },
    authorise: async (request, options) => {
      requireAuthorise(request);
      const declineAll = behaviour.mode === 'decline';
      return step<'authorise'>({ step: 'authorise', digest: digestOf(request), request, declineAll }, options);
    },
    capture: async (request, options) => {
      requireStep(request);
      return step<'capture'>({ step: 'capture', digest: digestOf(request), request }, options);
    },
    cancel: async (request, options) => {
      requireCancel(request);
      return step<'cancel'>({ step: 'cancel', digest: digestOf(request), request }, options);
    },
    refund: async (request, options) => {
      requireStep(request);
      return step<'refund'>({ step: 'refund', digest: digestOf(request), request }, options);
    },
    lookUp: async (key, options) => {
      requireKey(key);
      return inTime(
        line(async () => (await run({ step: 'look-up', key })) as LookedUp),
        options,
      );
    },
    since: async (position, options) => {
      requirePosition(position);
      return inTime(
        line(async () => (await run({ step: 'since', position })) as NetworkNews),
        options,
      );
    },
    control: (next) => {
      behaviour = next;
    },
    book: async (after = '0', limit = 1_000) => (await run({ step: 'book', after, limit })) as readonly BookEntry[],
    chargeBack: async (reference, amount, reason = 'fraud') => {
      requireAmount(amount);
      return (await run({ step: 'charge-back', reference, amount, reason })) as ChargeBack;
    },
    close: async () => {
      closing.abort();
      await book.close();
    },
  };
}

type OutcomeOf<S extends LookedUp['step']> = Extract<
  LookedUp,
  { readonly step: S; readonly outcome: unknown }
>['outcome'];

function knownCard({ pan, expiry }: CardDetails, now: Date): KnownCard | CardRefusal {
  if (!luhn(pan)) return 'number-invalid';
  const brand = brandOf(pan);
  if (brand === undefined) return 'brand-unknown';
  if (isOver(expiry, now)) return 'expired';
  return { brand, lastFour: pan.slice(-4), expiry, behaviour: TEST_CARDS[pan] ?? 'good' };
}

/** What a key stands for: the request's fields in one order. */
function digestOf(request: object): string {
  const { key: _key, ...content } = request as Record<string, unknown>;
  const ordered = Object.entries(content).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(ordered)).digest('base64url');
}

/** The book in a thread of its own, so that its syncs hold nobody up. */
function startBook(file: string): Promise<StoreThread<DatedJob, Result>> {
  const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js';
  const worker = new URL('./book.worker' + extension, import.meta.url);
  return startStoreThread(worker, { file }, { errorOf, lost: () => new OutcomeUnknown('unreachable') });
}

function errorOf(failure: StoreFailure): Error {
  if (failure.name === 'KeyReused') return new KeyReused();
  if (failure.name === 'RequestInvalid') return new RequestInvalid(String(failure['field']));
  return new OutcomeUnknown('unreachable');
}
