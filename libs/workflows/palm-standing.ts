import { clearOf } from '#libs/event-codec/codec.ts';
import type { StoredRecord } from '#libs/ledger/port.ts';

/** Why a One ID identifies nobody at the moment; any one is enough. */
const CLOSES: Readonly<Record<string, { readonly because: number; readonly closes: boolean }>> = {
  EnrolmentStarted: { because: 1, closes: true },
  EnrolmentCompleted: { because: 1, closes: false },
  Paused: { because: 2, closes: true },
  Unpaused: { because: 2, closes: false },
  Suspended: { because: 4, closes: true },
  Resumed: { because: 4, closes: false },
  OneIdExpired: { because: 8, closes: true },
  ErasureRequested: { because: 16, closes: true },
};
/** Who comes back from leaving comes back from having expired as well. */
const COMES_BACK = 8 | 16;

export const STANDING_TYPES = [...Object.keys(CLOSES), 'ErasureWithdrawn'];

/** Which One IDs identify nobody, with all their reasons; only these are held, most are open. */
export class Closed {
  private readonly reasons = new Map<string, number>();

  /** What a record changes: `closed`, `opened`, or nothing where another reason stands before and after. */
  take(oneId: string, type: string): 'closed' | 'opened' | undefined {
    const before = this.reasons.get(oneId) ?? 0;
    const after = standingAfter(before, type);
    if (after === 0) this.reasons.delete(oneId);
    else this.reasons.set(oneId, after);
    if (before === 0 && after !== 0) return 'closed';
    return before !== 0 && after === 0 ? 'opened' : undefined;
  }

  forget(oneId: string): void {
    this.reasons.delete(oneId);
  }

  oneIds(): readonly string[] {
    return [...this.reasons.keys()];
  }
}

function standingAfter(before: number, type: string): number {
  if (type === 'ErasureWithdrawn') return before & ~COMES_BACK;
  const rule = CLOSES[type];
  if (rule === undefined) return before;
  return rule.closes ? before | rule.because : before & ~rule.because;
}

export function oneIdOf({ stream }: Pick<StoredRecord, 'stream'>): string {
  return stream.slice('oneId-'.length);
}

/** All keys of the One ID are going: nothing of it is to be held any longer. */
export function goesWhole(record: StoredRecord): boolean {
  return record.type === 'OneIdErased' || (record.type.startsWith('KeyDest') && clearOf(record)['scope'] === 'all');
}
