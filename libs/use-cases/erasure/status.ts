import { timingSafeEqual } from 'node:crypto';
import { isDone, STEPS, type ErasureState, type Step } from '#libs/domain/erasure/state.ts';
import { Refused } from '#libs/domain/refused.ts';
import type { Deps } from '../deps.ts';
import { erasures } from '../stream/aggregates.ts';
import { load } from '../stream/load.ts';
import { erasureIn, receiptHash } from './receipt.ts';

export interface ErasureStatus {
  readonly state: 'waiting' | 'destroying' | 'certified' | 'refused' | 'withdrawn';
  readonly reason: string;
  readonly startedAt: string;
  readonly dueBy: string;
  readonly done: readonly Step[];
  /** At the end. */
  readonly certificate?: string;
}

/** How far an erasure is, for whoever holds its receipt; also when nobody remembers whose it was. */
export async function erasureStatus(deps: Deps, { receipt }: { readonly receipt: string }): Promise<ErasureStatus> {
  const erasure = erasureIn(receipt);
  if (erasure === undefined) throw unknown();
  const { state } = await load(deps.ledger, erasures, `erasure-${erasure}`);
  if (state.status === 'unknown' || !isReceipt(receipt, state.about.receiptHash)) throw unknown();
  return {
    state: state.status === 'pending' ? 'waiting' : state.status,
    reason: state.about.reason,
    startedAt: state.startedAt,
    dueBy: state.about.dueBy,
    done: STEPS.filter((step) => isDone(state, step)),
    ...certificateIn(state),
  };
}

function certificateIn(state: ErasureState): { certificate?: string } {
  return state.status === 'certified' ? { certificate: state.certificate } : {};
}

function isReceipt(receipt: string, kept: string): boolean {
  const [a, b] = [Buffer.from(receiptHash(receipt)), Buffer.from(kept)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** A change that still waits has no erasure yet: whoever announced it sees that among the changes. */
function unknown(): Refused {
  return new Refused('erasure-unknown', 'There is no such erasure.', 'missing');
}
