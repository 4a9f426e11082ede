import type { Provider } from '@nestjs/common';
import { join } from 'node:path';
import { ADMIN_EDGE, type AdminEdge } from '#libs/api/admin/edge.ts';
import { EVIDENCE_EDGE } from '#libs/api/evidence/edge.ts';
import { openTreeFile } from '#libs/evidence/tree-file.ts';
import { folderBackups } from '#libs/ledger/embedded/backup.ts';
import { keepViews } from '#libs/pipelines/view-keeper.ts';
import { noMetrics } from '#libs/pipelines/metrics.ts';
import { rebuildViews } from '#libs/pipelines/rebuild.ts';
import { retryParked, skipParked } from '#libs/pipelines/parking.ts';
import { newId } from '#libs/runtime/ids.ts';
import { evidenceOf } from '#libs/use-cases/evidence/sign-head.ts';
import type { Town } from './town.ts';

export interface Edges {
  readonly providers: Provider[];
  readonly backupsDir: string;
  /** Views up to the ledger's end. */
  caughtUp(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * What admins' and auditors' routes need beside the use cases, on the parts of a town. Views are kept while it is open, unless
 * somebody else does (`views kept`).
 */
export function openEdges(town: Town, change: Partial<AdminEdge> = {}, others?: 'views kept'): Edges {
  const { deps, house } = town;
  const tree = openTreeFile(join(house.folder, 'evidence', newId()));
  const evidence = evidenceOf(deps, tree, house.parts.ledger);
  const ending = new AbortController();
  const keeping = { ...deps, signal: ending.signal, metrics: noMetrics };
  const views = others === undefined ? keepViews(keeping) : undefined;
  const backupsDir = join(house.folder, 'backups');
  const edge: AdminEdge = {
    folder: { purpose: 'test', madeAt: '2026-01-01T00:00:00.000Z' },
    moveClock: (to) => house.clock.moveTo(to),
    parked: { retry: (id) => retryParked(deps.views, id), skip: (id) => skipParked(deps.views, id) },
    views: { rebuild: () => views?.rebuild() ?? rebuildViews(keeping) },
    scheduler: { status: () => ({ stopped: false, waiting: 0 }), confirmClock: () => {} },
    backups: folderBackups(backupsDir, house.parts.ledger),
    evidence: { sign: () => evidence.sign(), verification: () => ({ state: 'verified', done: '1', of: '1' }) },
    readiness: async () => ({ ledger: undefined }),
    ...change,
  };
  return {
    backupsDir,
    providers: [
      { provide: ADMIN_EDGE, useValue: edge },
      { provide: EVIDENCE_EDGE, useValue: evidence },
    ],
    caughtUp: async () => {
      if ((await deps.views.waitFor(await deps.ledger.head(), 5_000)) === 'late') throw new Error('views are late');
    },
    stop: async () => {
      ending.abort();
      await views?.end;
      tree.close();
    },
  };
}
