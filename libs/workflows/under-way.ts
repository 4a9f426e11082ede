import { clearOf } from '#libs/event-codec/codec.ts';
import type { StoredRecord } from '#libs/ledger/port.ts';

/** What is open at the moment, for whoever watches: how long the oldest transaction is, how many erasures are late. */
export class UnderWay {
  /** Began at (milliseconds); in the order of the ledger, so the first is the oldest. */
  private readonly transactions = new Map<string, number>();
  private readonly dueBy = new Map<string, number>();

  take(record: StoredRecord): void {
    const { stream, type } = record;
    switch (type) {
      case 'TransactionOpened': {
        const { number, kind } = clearOf(record);
        if (kind !== 'enrolment') this.transactions.set(`${stream}/${String(number)}`, Date.parse(record.recordedAt));
        return;
      }
      case 'TransactionClosed':
        this.transactions.delete(`${stream}/${String(clearOf(record)['number'])}`);
        return;
      case 'ErasureStarted':
        this.dueBy.set(stream, Date.parse(clearOf(record)['dueBy'] as string));
        return;
      case 'ErasureCertified':
      case 'ErasureRefused':
      case 'Withdrawn':
        this.dueBy.delete(stream);
        return;
      default:
        return;
    }
  }

  oldestSeconds(now: number): number {
    const [began] = this.transactions.values();
    return began === undefined ? 0 : Math.max(0, (now - began) / 1_000);
  }

  overdue(now: number): number {
    return [...this.dueBy.values()].filter((due) => due < now).length;
  }
}
