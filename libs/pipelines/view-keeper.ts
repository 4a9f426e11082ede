import { TooOld } from '#libs/topics/errors.ts';
import { ViewDamaged } from '#libs/views/errors.ts';
import { project, type Projecting } from './projector.ts';
import { rebuildViews, type Rebuilding, type RebuildProgress } from './rebuild.ts';

export type KeepingViews = Projecting & Rebuilding;

/** Keeps views filled, and builds them anew by itself where they cannot go on. */
export interface ViewKeeper {
  /** Resolves once the signal aborts; rejects where the topics, views or ledger are closed or damaged. */
  readonly end: Promise<void>;
  /** While the live view goes on. Throws `RebuildRunning`. */
  rebuild(): Promise<RebuildProgress>;
}

/**
 * The projector, and a rebuild whenever only that helps: after an older ledger was restored, when the topics no longer reach
 * back as far as the view, or when its file is damaged.
 */
export function keepViews(keeping: KeepingViews): ViewKeeper {
  return { end: run(keeping), rebuild: () => rebuildViews(keeping) };
}

async function run(keeping: KeepingViews): Promise<void> {
  const { signal, metrics } = keeping;
  while (!signal.aborted) {
    try {
      await project(keeping);
    } catch (error) {
      if (!(error instanceof TooOld || error instanceof ViewDamaged)) throw error;
      metrics.failed('projector', error);
      await rebuildUnlessAborted(keeping);
    }
  }
}

async function rebuildUnlessAborted(keeping: KeepingViews): Promise<void> {
  try {
    await rebuildViews(keeping);
  } catch (error) {
    if (!keeping.signal.aborted) throw error;
  }
}
