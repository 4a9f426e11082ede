import type { MemberCaller } from '../callers.ts';
import type { Deps } from '../deps.ts';
import { ownOneId } from '../one-id/own.ts';
import { cursorAt, revisionIn } from './cursor.ts';
import { expenseOf, moneyOf, type Expense } from './expense.ts';
import { shopsOf } from './places.ts';
import { idIn, usesOf, type Span, type Use } from './uses.ts';

export interface ListExpenses extends Span {
  readonly caller: MemberCaller;
  readonly merchant?: string | undefined;
  readonly site?: string | undefined;
  /** 1 to 200. */
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/**
 * What was paid by palm, newest first: joined when it is read, from the One ID's own sealed list, since no view ties two
 * purchases of a person.
 */
export async function listExpenses(
  deps: Deps,
  { caller, merchant, site, limit, cursor, ...span }: ListExpenses,
): Promise<{ items: readonly Expense[]; next?: string }> {
  const { stream } = await ownOneId(deps, caller);
  const before = revisionIn(deps, 'expenses', caller.oneId, cursor);
  const shopOf = shopsOf(deps);
  const items: Expense[] = [];
  const isAsked = (use: Use): boolean =>
    (merchant === undefined || use.merchant === merchant) && (site === undefined || use.site === site);
  for await (const uses of usesOf(deps, stream, ['payment', 'visit'], span, before)) {
    const asked = uses.filter(isAsked);
    const money = await moneyOf(deps, asked);
    for (const use of asked) {
      const [payment, spent] = [idIn(use, 'payment'), money.get(use)];
      if (payment === undefined || spent === undefined) continue;
      items.push(expenseOf(use, payment, spent, await shopOf(use.merchant, use.site)));
      if (items.length === limit) return { items, next: cursorAt(deps, 'expenses', caller.oneId, use.revision) };
    }
  }
  return { items };
}
