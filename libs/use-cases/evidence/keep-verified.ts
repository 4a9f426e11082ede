import { setTimeout } from 'node:timers/promises';
import { EvidenceInvalid, LedgerContradicted } from '#libs/evidence/errors.ts';
import { verifyHead } from '#libs/evidence/head.ts';
import { verifyLeaves } from '#libs/evidence/verify-log.ts';
import { LedgerDamaged } from '#libs/ledger/errors.ts';
import type { LeafLog } from '#libs/ledger/port.ts';
import { isoNow } from '#libs/runtime/clock.ts';
import type { Deps } from '../deps.ts';
import type { Evidence } from './sign-head.ts';

export interface Verifying {
  readonly deps: Pick<Deps, 'ledger' | 'keys' | 'clock'>;
  readonly log: LeafLog;
  readonly evidence: Pick<Evidence, 'sign'>;
  /** The store's own check of its files, beside. */
  readonly verifyStore: (signal: AbortSignal) => Promise<void>;
  readonly signal: AbortSignal;
  /** Milliseconds of real time between two passes (a day), and between two pages of one. */
  readonly everyMs?: number;
  readonly pauseMs?: number;
}

export interface VerificationStatus {
  readonly state: 'running' | 'verified' | 'damaged' | 'contradicted';
  /** Leaves of the pass that runs, or ran last; decimal. */
  readonly done: string;
  readonly of: string;
  /** When the last pass that found nothing ended. */
  readonly verifiedAt?: string;
  /** Where something was found: what, with its position. */
  readonly found?: string;
}

export interface Verification {
  readonly status: () => VerificationStatus;
  /** Rejects with `LedgerContradicted` where the ledger is not what its head says. Damage is told by the status, and never served. */
  readonly end: Promise<void>;
}

const DAY_MS = 86_400_000;
const AGAIN_MS = 60_000;
const PAGE = 100;

/** Reads the whole ledger against its newest head while everything runs, page by page, and then once a day. */
export function keepVerified(verifying: Verifying): Verification {
  const { signal, everyMs = DAY_MS } = verifying;
  let status: VerificationStatus = { state: 'running', done: '0', of: '0' };
  const tell = (change: Partial<VerificationStatus>): void => {
    status = { ...status, ...change };
  };

  async function run(): Promise<void> {
    while (!signal.aborted) {
      tell({ state: 'running' });
      const ended = await pass(verifying, tell).then(
        () => true,
        (error: unknown) => (signal.aborted ? true : found(error, tell)),
      );
      const wait = ended ? everyMs : Math.min(everyMs, AGAIN_MS);
      await setTimeout(wait, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }
  return { status: () => status, end: run() };
}

async function pass(
  { deps, log, evidence, verifyStore, signal, pauseMs = 1 }: Verifying,
  tell: (change: Partial<VerificationStatus>) => void,
): Promise<void> {
  const head = verifyHead(await evidence.sign(), deps.keys.evidence.publicKey);
  const onLeaves = (done: bigint, of: bigint): void => tell({ done: done.toString(), of: of.toString() });
  onLeaves(0n, BigInt(head.treeSize));
  await verifyLeaves(deps.ledger, log, head, { onLeaves, signal, page: PAGE, pauseMs });
  await verifyStore(signal);
  tell({ state: 'verified', verifiedAt: isoNow(deps.clock) });
}

/** False where the pass could not be made and is tried again soon. */
function found(error: unknown, tell: (change: Partial<VerificationStatus>) => void): boolean {
  if (error instanceof LedgerDamaged) {
    tell({ state: 'damaged', found: error.message });
    return true;
  }
  if (!(error instanceof EvidenceInvalid || error instanceof LedgerContradicted)) return false;
  tell({ state: 'contradicted', found: error.message });
  if (error instanceof LedgerContradicted) throw error;
  throw new LedgerContradicted(
    `the ledger was altered: ${error.what}; keep it for the auditors and bring back the newest backup`,
  );
}
