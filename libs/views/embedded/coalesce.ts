import type { Change, PurchaseRow, SealedMember, VisitRow } from '../rows.ts';

/**
 * What a batch leaves of its changes: rows are whole, so of those of one payment or visit only the latest counts, with the
 * sealed member of whichever brought it.
 */
export function coalesced(changes: readonly Change[]): Iterable<Change> {
  const latest = new Map<string, Change>();
  let other = 0;
  for (const change of changes) {
    if (change.put === 'purchase') merge(latest, change.row.payment, change);
    else if (change.put === 'visit') merge(latest, change.row.visit, change);
    else latest.set(`${(other += 1)}`, change);
  }
  return latest.values();
}

type OfMember = Extract<Change, { put: 'purchase' | 'visit' }>;

function merge(latest: Map<string, Change>, key: string, change: OfMember): void {
  const place = `${change.put} ${key}`;
  const before = latest.get(place) as OfMember | undefined;
  if (before === undefined) return void latest.set(place, change);
  const newer = change.row.sequence > before.row.sequence ? change : before;
  const older = newer === change ? before : change;
  latest.set(place, withMember(newer, newer.row.member ?? older.row.member));
}

function withMember(change: OfMember, member: SealedMember | undefined): Change {
  if (member === undefined || member === change.row.member) return change;
  return { ...change, row: { ...change.row, member } as PurchaseRow & VisitRow };
}
