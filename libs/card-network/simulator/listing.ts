import type { LookedUp, NetworkNews } from '../port.ts';
import type { BookEntry } from './messages.ts';
import type { Rows } from './rows.ts';

const NEWS_PAGE = 200;
const BOOK_PAGE = 1_000;

export function newsSince(rows: Rows, position: string): NetworkNews {
  const found = rows.chargeBacks.all(Number(position), NEWS_PAGE);
  const chargeBacks = found.map((row) => ({ ...row, position: `${row.position}` }));
  return { chargeBacks, position: chargeBacks.at(-1)?.position ?? position };
}

export function entriesAfter(rows: Rows, position: string, limit: number): readonly BookEntry[] {
  const found = rows.entries.all(Number(position), Math.min(limit, BOOK_PAGE));
  return found.map(({ charged_back: chargedBack, last_four: lastFour, token: _token, ...row }) => ({
    ...row,
    chargedBack,
    lastFour,
    position: `${row.position}`,
  }));
}

export function becameOf(rows: Rows, key: string): LookedUp {
  const call = rows.call.get(key);
  if (call === undefined) return { step: 'unknown' };
  return { step: call.step, outcome: JSON.parse(call.outcome) as unknown } as LookedUp;
}
