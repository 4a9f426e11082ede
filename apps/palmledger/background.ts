import { deliverInBackground } from '#libs/notices/deliver-in-background.ts';
import { feedIndex } from '#libs/pipelines/index-feeder.ts';
import type { PipelineMetrics } from '#libs/pipelines/metrics.ts';
import { keepViews, type ViewKeeper } from '#libs/pipelines/view-keeper.ts';
import { feedContacts } from '#libs/workflows/contact-feed.ts';
import { palmFeed } from '#libs/workflows/palm-feed.ts';
import type { Parts } from './parts.ts';

/** Everything that goes on by itself. */
export interface Background {
  readonly views: ViewKeeper;
  /** Resolves once nothing of it runs any more. */
  stop(): Promise<void>;
}

/**
 * Starts the loops: palms into the index, contacts into the vault's memory, topics into views, messages out of the house.
 * A loop that gives up for good (a damaged or closed store) is told to `failed`; until then each tries again by itself.
 */
export async function startBackground(
  parts: Parts,
  metrics: PipelineMetrics,
  failed: (error: unknown) => void,
): Promise<Background> {
  const ending = new AbortController();
  const { signal } = ending;
  const views = keepViews({ ...parts, signal, metrics });
  const palms = palmFeed(parts);
  const loops = [
    views.end,
    feedContacts({ ...parts, signal, metrics }),
    palms.load().then((after) => feedIndex({ ledger: parts.ledger, handler: palms, after, signal, metrics })),
  ];
  for (const loop of loops) loop.catch((error: unknown) => (signal.aborted ? undefined : failed(error)));
  const delivery = deliverInBackground(parts.outbox, { failed: (error) => metrics.failed('outbox', error) });
  return {
    views,
    stop: async () => {
      ending.abort();
      await Promise.allSettled([...loops, delivery.stop()]);
    },
  };
}
