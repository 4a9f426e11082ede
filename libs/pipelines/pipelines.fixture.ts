import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fold } from '#libs/domain/decider.ts';
import type { PaymentEvent } from '#libs/domain/payment/events.ts';
import { paymentDecider } from '#libs/domain/payment/decider.ts';
import { amountsOf, openDispute, type PaymentState } from '#libs/domain/payment/state.ts';
import { foldedOf } from '#libs/event-codec/codec.ts';
import { openEmbeddedLedger } from '#libs/ledger/embedded/open.ts';
import type { Ledger, StoredRecord } from '#libs/ledger/port.ts';
import { createEmbeddedTopics } from '#libs/topics/embedded/topics.ts';
import type { Topics } from '#libs/topics/port.ts';
import { openEmbeddedViews } from '#libs/views/embedded/views.ts';
import type { Views } from '#libs/views/port.ts';
import type { PurchaseRow } from '#libs/views/rows.ts';
import { noMetrics } from './metrics.ts';
import { project } from './projector.ts';

/** A ledger, its topics and its views, with a projector that can be started and stopped. */
export interface House {
  readonly ledger: Ledger;
  readonly topics: Topics;
  readonly views: Views;
  start(topics?: Topics): void;
  stop(): Promise<void>;
  /** Once everything that is in the ledger now is in the views. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

export async function openHouse(partitions = 1): Promise<House> {
  const dir = mkdtempSync(join(tmpdir(), 'palmledger-pipelines-'));
  const ledger = await openEmbeddedLedger({ dir });
  const topics = createEmbeddedTopics({ ledger, source: '/palmledger/test', partitions });
  const views = await openEmbeddedViews({ folder: join(dir, 'views') });
  let running: { stop: AbortController; end: Promise<void> } | undefined;

  async function stop(): Promise<void> {
    running?.stop.abort();
    await running?.end;
    running = undefined;
  }
  return {
    ledger,
    topics,
    views,
    start: (from = topics) => {
      const stopping = new AbortController();
      const projecting = { ledger, topics: from, views, signal: stopping.signal, metrics: noMetrics, firstMs: 1 };
      running = { stop: stopping, end: project(projecting) };
    },
    stop,
    settled: async () => {
      const reached = await views.waitFor(await ledger.head(), 10_000);
      if (reached === 'late') throw new Error('the projector has not come so far');
    },
    close: async () => {
      await stop();
      await topics.close();
      await views.close();
      await ledger.close();
      rmSync(dir, { recursive: true });
    },
  };
}

export async function wholeLedger(ledger: Ledger): Promise<StoredRecord[]> {
  const records: StoredRecord[] = [];
  for (let after = 0n; ;) {
    const page = await ledger.readAll({ after, limit: 500 });
    if (page.next === after) return records;
    records.push(...page.records);
    after = page.next;
  }
}

/** What the purchases must show, by the deciders' own fold of the ledger: nothing of the mapping or the views is in it. */
export async function purchasesByFold(ledger: Ledger): Promise<Partial<PurchaseRow>[]> {
  const streams = Map.groupBy(await wholeLedger(ledger), ({ stream }) => stream);
  return [...streams]
    .filter(([stream]) => stream.startsWith('payment-'))
    .flatMap(([stream, records]) => {
      const state = fold(
        paymentDecider,
        records.map((record) => foldedOf<PaymentEvent>(record)),
      );
      return 'terms' in state ? [expected(stream.slice('payment-'.length), state)] : [];
    })
    .sort((a, b) => (a.payment! < b.payment! ? -1 : 1));
}

function expected(payment: string, state: Extract<PaymentState, { terms: unknown }>): Partial<PurchaseRow> {
  const { captured, refunded, chargedBack, requested } = amountsOf(state);
  const { merchant, site, currency } = state.terms;
  const amounts = { amount: requested, captured, refunded, chargedBack };
  return { payment, merchant, site, currency, status: statusOf(state), ...amounts };
}

function statusOf(state: Extract<PaymentState, { terms: unknown }>): PurchaseRow['status'] {
  const { captured, refunded, chargedBack } = amountsOf(state);
  if (state.phase === 'captured') {
    if (chargedBack > 0) return 'charged-back';
    if (openDispute(state) !== undefined) return 'disputed';
    return refunded >= captured ? 'refunded' : 'captured';
  }
  if (state.phase === 'capture-refused') return 'declined';
  if (state.phase === 'capture-requested') return 'authorised';
  if (state.phase === 'void-requested') return state.network === undefined ? 'requested' : 'authorised';
  return state.phase;
}

export async function purchasesInView(views: Views): Promise<PurchaseRow[]> {
  const rows: PurchaseRow[] = [];
  for (let after: string | undefined; ;) {
    const page = await views.purchases.list({ limit: 50, ...(after === undefined ? {} : { after }) });
    rows.push(...page.items);
    if (page.next === undefined) return rows.sort((a, b) => (a.payment < b.payment ? -1 : 1));
    after = page.next;
  }
}
