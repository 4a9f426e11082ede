import type { AdminEdge } from '#libs/api/admin/edge.ts';
import type { Readiness } from '#libs/api/health/health.controller.ts';
import { folderBackups } from '#libs/ledger/embedded/backup.ts';
import { retryParked, skipParked } from '#libs/pipelines/parking.ts';
import type { Folder } from '#libs/runtime/folder.ts';
import type { MovedClock } from '#libs/runtime/moved-clock.ts';
import type { Background } from './background.ts';
import type { EvidenceKept } from './evidence.ts';
import type { Parts } from './parts.ts';

export interface AdminWiring {
  readonly parts: Parts;
  readonly background: Background;
  readonly evidence: EvidenceKept;
  readonly folder: Folder;
  /** Only where the folder is not live. */
  readonly moved: MovedClock | undefined;
  readonly backupsDir: string;
  readonly readiness: Readiness;
}

/** What admins run beside the use cases, on the parts of this process. */
export function adminEdge({
  parts,
  background,
  evidence,
  folder,
  moved,
  backupsDir,
  readiness,
}: AdminWiring): AdminEdge {
  const { views, scheduler } = background;
  return {
    folder,
    ...(moved === undefined ? {} : { moveClock: (to: Date) => moved.moveTo(to) }),
    parked: { retry: (id) => retryParked(parts.views, id), skip: (id) => skipParked(parts.views, id) },
    views: { rebuild: () => views.rebuild() },
    scheduler: { status: () => scheduler.status(), confirmClock: () => scheduler.confirmClock() },
    backups: folderBackups(backupsDir, parts.ledger),
    evidence: { sign: () => evidence.sign(), verification: () => evidence.verification() },
    readiness,
  };
}
