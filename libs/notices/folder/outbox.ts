import { join } from 'node:path';
import { mkdir } from 'node:fs/promises';
import type { Clock } from '#libs/runtime/clock.ts';
import { startStoreThread, type StoreThread } from '#libs/runtime/store-thread.ts';
import { openEnvelope, openInner, outerId, requireNotice, sealNotice } from '../envelope.ts';
import { NoticeInvalid, type Carrier, type Delivered, type Notice, type Outbox, type Sealing } from '../port.ts';
import { renderNotice } from '../render.ts';
import type { OutboxJob, OutboxResult, WaitingNotice } from './messages.ts';

export interface OutboxOptions {
  /** Within the data folder: what waits lies here, sealed. */
  readonly folder: string;
  readonly carrier: Carrier;
  readonly sealing: Sealing;
  /** The outbox's own key, made by the caller: it seals the names of the messages' keys. */
  readonly ownKey: string;
  readonly clock: Clock;
  /** Milliseconds that the carrier may take for one message; 10,000. */
  readonly carryMs?: number;
}

const PAGE = 100;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 10 * 60_000;

type Fate = keyof Delivered;

/** A durable outbox on one SQLite file, whose messages a carrier takes away. */
export async function openOutbox(options: OutboxOptions): Promise<Outbox> {
  await mkdir(options.folder, { recursive: true, mode: 0o700 });
  const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js';
  const worker = new URL('./waiting.worker' + extension, import.meta.url);
  const lost = (): Error => new Error('the outbox is closed');
  const file = join(options.folder, 'outbox.sqlite');
  const thread = await startStoreThread<OutboxJob, OutboxResult>(worker, { file }, { errorOf: lost, lost });
  return outbox(options, thread);
}

function outbox(options: OutboxOptions, thread: StoreThread<OutboxJob, OutboxResult>): Outbox {
  const { sealing, ownKey, clock } = options;
  const counts = { enqueued: 0, voided: 0, sent: 0, failed: 0, gone: 0, late: 0 };
  const now = (): number => clock.now().getTime();
  const run = async <T>(job: OutboxJob): Promise<T> => (await thread.run(job)) as T;
  let turn: Promise<unknown> = Promise.resolve();

  /** Voiding and delivering take turns, so that "voided" is never said of a message on its way. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = turn.then(work);
    turn = result.catch(() => undefined);
    return result;
  }

  async function* pages(all: boolean): AsyncGenerator<readonly WaitingNotice[]> {
    for (let after = 0; ;) {
      const job = { do: 'due', at: now(), after, limit: PAGE, all } as const;
      const { waiting } = await run<{ waiting: readonly (WaitingNotice & { row: number })[] }>(job);
      if (waiting.length > 0) yield waiting;
      if (waiting.length < PAGE) return;
      after = waiting.at(-1)!.row;
    }
  }

  async function deliverOne(waiting: WaitingNotice): Promise<Fate> {
    const fate = await carried(waiting).catch((): Fate => 'failed');
    if (fate !== 'failed') return fate;
    const pause = Math.min(FIRST_PAUSE_MS * 2 ** waiting.attempts, LONGEST_PAUSE_MS);
    await run({ do: 'later', id: waiting.id, due: now() + pause });
    return fate;
  }

  async function carried({ id, sealed }: WaitingNotice): Promise<Fate> {
    const envelope = await openEnvelope(sealing, ownKey, id, sealed);
    if (envelope === 'gone') return 'gone';
    if (envelope.notAfter !== undefined && Date.parse(envelope.notAfter) <= now()) return 'late';
    const notice = await openInner(sealing, id, envelope);
    if (notice === 'gone') return 'gone';
    const { channel, to, template, language, values } = notice;
    const rendered = renderNotice(template, language, values);
    await inTime(options.carrier({ id, channel, to, template, language, ...rendered }), options.carryMs ?? 10_000);
    return 'sent';
  }

  async function deliverPage(page: readonly WaitingNotice[]): Promise<readonly Fate[]> {
    const fates: Fate[] = [];
    for (const waiting of page) fates.push(await deliverOne(waiting));
    const ids = page.filter((_one, at) => fates[at] !== 'failed').map(({ id }) => id);
    if (ids.length > 0) await run({ do: 'end', ids, at: now() });
    return fates;
  }

  async function deliver(): Promise<Delivered> {
    const delivered = { sent: 0, failed: 0, gone: 0, late: 0 };
    for await (const page of pages(false)) {
      for (const fate of await deliverPage(page)) {
        delivered[fate] += 1;
        counts[fate] += 1;
      }
    }
    return delivered;
  }

  async function end(ids: readonly string[]): Promise<number> {
    if (ids.length === 0) return 0;
    const { ended } = await run<{ ended: readonly string[] }>({ do: 'end', ids, at: now() });
    counts.voided += ended.length;
    return ended.length;
  }

  async function voidKey(key: string): Promise<number> {
    const ids: string[] = [];
    for await (const page of pages(true)) {
      for (const { id, sealed } of page) {
        const envelope = await openEnvelope(sealing, ownKey, id, sealed);
        if (envelope !== 'gone' && envelope.key === key) ids.push(id);
      }
    }
    return end(ids);
  }

  const stateOf = async (outer: string): Promise<'waiting' | 'over' | 'unknown'> =>
    (await run<{ state: 'waiting' | 'over' | 'unknown' }>({ do: 'state', id: outer })).state;

  return {
    enqueue: async (notice) => {
      requireNotice(notice);
      requireRenders(notice);
      const id = outerId(notice.id);
      const sealed = await sealNotice(sealing, ownKey, id, notice);
      const { enqueued } = await run<{ enqueued: boolean }>({ do: 'enqueue', id, sealed, at: now() });
      if (enqueued) counts.enqueued += 1;
      return enqueued ? 'enqueued' : 'known';
    },
    void: (id) =>
      inTurn(async () => {
        const outer = outerId(id);
        if ((await end([outer])) === 1) return 'voided';
        return (await stateOf(outer)) === 'over' ? 'over' : 'unknown';
      }),
    voidKey: (key) => inTurn(() => voidKey(key)),
    deliver: () => inTurn(deliver),
    state: (id) => stateOf(outerId(id)),
    waiting: async () => (await run<{ count: number }>({ do: 'count' })).count,
    counts: () => ({ ...counts }),
    close: async () => {
      await turn;
      await thread.close();
    },
  };
}

/** Values that break the text are found now, while the caller hears of it, not when the message is due. */
function requireRenders({ template, language, values }: Notice): void {
  try {
    renderNotice(template, language, values);
  } catch {
    throw new NoticeInvalid('values');
  }
}

async function inTime(work: Promise<void>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('the carrier took too long')), ms);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
