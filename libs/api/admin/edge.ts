import type { Backups } from '#libs/ledger/backup.ts';
import type { VerificationStatus } from '#libs/use-cases/evidence/keep-verified.ts';
import type { Evidence } from '#libs/use-cases/evidence/sign-head.ts';
import type { FolderPurpose } from '#libs/runtime/settings.ts';

/** What admins run that stands beside the use cases; the app wires it. */
export interface AdminEdge {
  readonly folder: { readonly purpose: FolderPurpose; readonly madeAt: string };
  /** Only in a folder that is not live. Throws a RangeError for a moment that is not later than now. */
  readonly moveClock?: (to: Date) => void;
  readonly parked: {
    readonly retry: (id: string) => Promise<ParkedOutcome>;
    readonly skip: (id: string) => Promise<ParkedOutcome>;
  };
  readonly views: {
    /** Resolves once the rebuilt view is swapped in. Throws `RebuildRunning`. */
    readonly rebuild: (onProgress: (progress: RebuildProgress) => void) => Promise<unknown>;
  };
  /** The work that goes on by itself; `stopped`: the expiry sweep stands still because the clock jumped. */
  readonly scheduler: {
    readonly status: () => { readonly stopped: boolean; readonly stoppedAt?: string; readonly waiting: number };
    readonly confirmClock: () => void;
  };
  readonly backups: Backups;
  /** `verification`: how far the ledger was read against its last head, and what was found. */
  readonly evidence: Pick<Evidence, 'sign'> & { readonly verification: () => VerificationStatus };
  /** Why a part is not ready; undefined where it is. */
  readonly readiness: () => Promise<Readonly<Record<string, string | undefined>>>;
}

export type ParkedOutcome =
  | { readonly outcome: 'done'; readonly taken: number }
  | { readonly outcome: 'unknown' }
  | { readonly outcome: 'behind' | 'parked'; readonly first: string };

/** Ledger positions. */
export interface RebuildProgress {
  readonly done: bigint;
  readonly of: bigint;
  readonly parked: number;
}

/** Its injection token. */
export const ADMIN_EDGE = Symbol('admin edge');
