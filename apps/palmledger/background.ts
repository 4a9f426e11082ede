import { join } from 'node:path';
import { deliverInBackground } from '#libs/notices/deliver-in-background.ts';
import { feedIndex } from '#libs/pipelines/index-feeder.ts';
import type { PipelineMetrics } from '#libs/pipelines/metrics.ts';
import { keepViews, type ViewKeeper } from '#libs/pipelines/view-keeper.ts';
import type { Evidence } from '#libs/use-cases/evidence/sign-head.ts';
import { clockFile } from '#libs/workflows/clock-file.ts';
import { watchClock } from '#libs/workflows/clock-watch.ts';
import { feedContacts } from '#libs/workflows/contact-feed.ts';
import type { WorkflowMetrics } from '#libs/workflows/metrics.ts';
import { palmFeed } from '#libs/workflows/palm-feed.ts';
import { scheduler, type Scheduler } from '#libs/workflows/scheduler.ts';
import type { Parts } from './parts.ts';

/** Everything that goes on by itself. */
export interface Background {
  readonly views: ViewKeeper;
  readonly scheduler: Scheduler;
  /** Resolves once nothing of it runs any more. */
  stop(): Promise<void>;
}

/**
 * Starts the loops: palms into the index, contacts into the vault's memory, topics into views, what is due to its end,
 * messages out of the house. A loop that gives up for good (a damaged or closed store) is told to `failed`; until then each
 * tries again by itself.
 */
export function startBackground(
  parts: Parts,
  evidence: Evidence,
  dataDir: string,
  metrics: PipelineMetrics & WorkflowMetrics,
  failed: (error: unknown) => void,
): Background {
  const ending = new AbortController();
  const { signal } = ending;
  const { ledger, clock } = parts;
  const views = keepViews({ ...parts, signal, metrics });
  const palms = palmFeed(parts);
  const due = scheduler({
    deps: { ...parts, anchor: (record) => evidence.anchor(record) },
    watch: watchClock({ now: () => clock.now(), memory: clockFile(join(dataDir, 'clock-seen.json')) }),
    metrics,
    signHead: () => evidence.sign(),
  });
  const loaded = palms.load();
  const loops = [
    views.end,
    feedContacts({ ...parts, signal, metrics, moved: (losers) => due.moved(losers) }),
    loaded.then((after) => feedIndex({ ledger, handler: palms, after, signal, metrics })),
    // Recognising and signing in come first: what is due has waited for the start, and can wait a moment more.
    Promise.all([loaded, contactsAtHead(parts)]).then(() => due.run(signal)),
  ];
  for (const loop of loops) loop.catch((error: unknown) => (signal.aborted ? undefined : failed(error)));
  const delivery = deliverInBackground(parts.outbox, { failed: (error) => metrics.failed('outbox', error) });
  return {
    views,
    scheduler: due,
    stop: async () => {
      ending.abort();
      await Promise.allSettled([...loops, delivery.stop()]);
    },
  };
}

const CONTACTS_MS = 60_000;

async function contactsAtHead({ ledger, contacts }: Parts): Promise<boolean> {
  return contacts.reached(await ledger.head(), CONTACTS_MS);
}
