import type { CheckRow, PurchaseRow, VisitRow } from '#libs/views/rows.ts';
import type { Deps } from '../deps.ts';
import { openMembers } from '../one-id/sealed-member.ts';

type Row = PurchaseRow | VisitRow | CheckRow;
/** A row as its merchant sees it: the member as this merchant's own pseudonym, or nobody where that is gone. */
export type Seen<R extends Row> = Omit<R, 'member' | 'sequence'> & { readonly pseudonym?: string };

export async function seenByMerchant<R extends Row>(
  deps: Pick<Deps, 'keyring'>,
  rows: readonly R[],
  streamOf: (row: R) => string,
): Promise<readonly Seen<R>[]> {
  const sealed = rows.map((row) => ({
    stream: streamOf(row),
    ...(row.member === undefined ? {} : { member: row.member }),
  }));
  const members = await openMembers(deps.keyring, sealed);
  return rows.map(({ member: _member, sequence: _sequence, ...row }, index) => {
    const pseudonym = members[index]?.['pseudonym'];
    return typeof pseudonym === 'string' ? { ...row, pseudonym } : row;
  });
}
