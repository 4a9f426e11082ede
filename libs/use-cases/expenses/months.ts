import { Refused } from '#libs/domain/refused.ts';
import type { MemberCaller } from '../callers.ts';
import type { Deps } from '../deps.ts';
import { ownOneId } from '../one-id/own.ts';
import { moneyOf, type Money } from './expense.ts';
import { shopsOf, type Shop } from './places.ts';
import { usesOf, type Span, type Use } from './uses.ts';

/** Amounts in minor units; `spent` is what was captured less what came back. */
export interface MonthTotal extends Pick<Shop, 'merchant'> {
  /** `YYYY-MM`, UTC. */
  readonly month: string;
  readonly currency: string;
  readonly payments: number;
  readonly captured: number;
  readonly refunded: number;
  readonly spent: number;
}

const MOST_DAYS = 800;
const DAY_MS = 86_400_000;

/** Totals by month, merchant and currency, newest month first; without a beginning, of the last year. */
export async function expensesByMonth(
  deps: Deps,
  { caller, ...asked }: Span & { readonly caller: MemberCaller },
): Promise<{ items: readonly MonthTotal[] }> {
  const { stream } = await ownOneId(deps, caller);
  const span = spanOf(deps, asked);
  const totals = new Map<string, MonthTotal>();
  const shopOf = shopsOf(deps);
  for await (const uses of usesOf(deps, stream, ['payment', 'visit'], span)) {
    for (const [use, money] of await moneyOf(deps, uses)) {
      if (money.captured === 0) continue;
      const key = `${use.at.slice(0, 7)} ${use.merchant} ${money.currency}`;
      const { merchant } = await shopOf(use.merchant, use.site);
      totals.set(key, added(totals.get(key) ?? nothing(use, money, merchant), money));
    }
  }
  const items = [...totals.values()].sort((a, b) =>
    a.month === b.month ? b.spent - a.spent : a.month < b.month ? 1 : -1,
  );
  return { items };
}

function nothing(use: Use, { currency }: Money, merchant: Shop['merchant']): MonthTotal {
  return { month: use.at.slice(0, 7), merchant, currency, payments: 0, captured: 0, refunded: 0, spent: 0 };
}

function added(total: MonthTotal, { captured, refunded, chargedBack }: Money): MonthTotal {
  return {
    ...total,
    payments: total.payments + 1,
    captured: total.captured + captured,
    refunded: total.refunded + refunded,
    spent: total.spent + Math.max(0, captured - refunded - chargedBack),
  };
}

function spanOf(deps: Deps, { from, to }: Span): Span {
  const end = to === undefined ? deps.clock.now().getTime() : Date.parse(to);
  const begin = from === undefined ? end - 365 * DAY_MS : Date.parse(from);
  if (end - begin > MOST_DAYS * DAY_MS)
    throw new Refused('span-too-long', `Totals are made of ${MOST_DAYS} days at most.`, 'invalid');
  return { from: new Date(begin).toISOString(), to };
}
