import { announceChange, type Announced } from '../changes/announce.ts';
import type { Deps } from '../deps.ts';
import { receiptOf } from '../erasure/receipt.ts';
import type { Asking } from '../one-id/once.ts';

export interface LeavingAnnounced extends Announced {
  /** Shown now; by it the state and the certificate are read when nobody knows the member any more. */
  readonly receipt: string;
}

/** Everything goes: by the palm at a device, or 72 hours from now. Until the destruction begins it can be withdrawn. */
export async function announceLeaving(deps: Deps, asking: Asking): Promise<LeavingAnnounced> {
  return withReceipt(await announceChange(deps, asking, { kind: 'leave' }));
}

/**
 * Without consent nothing may be kept, so withdrawing it is leaving. By the palm it stands in the history as what it is;
 * by waiting it takes effect as a wish to leave.
 */
export async function withdrawConsent(deps: Deps, asking: Asking): Promise<LeavingAnnounced> {
  return withReceipt(await announceChange(deps, asking, { kind: 'leave', details: { as: 'consent-withdrawn' } }));
}

function withReceipt({ seed, ...announced }: Awaited<ReturnType<typeof announceChange>>): LeavingAnnounced {
  if (seed === undefined) throw new Error('leaving has the seed of its erasure');
  return { ...announced, receipt: receiptOf(seed) };
}
