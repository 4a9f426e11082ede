import { Refused } from '#libs/domain/refused.ts';
import type { CheckRow, DayTotal, PurchaseRow, VisitRow } from '#libs/views/rows.ts';
import type { Page, Paging, Span } from '#libs/views/port.ts';
import type { PrincipalCaller } from '../callers.ts';
import type { Deps } from '../deps.ts';
import { seenByMerchant, type Seen } from './rows.ts';

/** A merchant's own list: of one site or all, newest first, page by page. */
export interface OwnList extends Span, Paging {
  readonly caller: PrincipalCaller;
  readonly site?: string;
}

export async function listPayments(deps: Deps, { caller, ...query }: OwnList): Promise<Page<Seen<PurchaseRow>>> {
  const page = await deps.views.purchases.list({ ...query, merchant: ownMerchant(caller) });
  return { ...page, items: await seenByMerchant(deps, page.items, ({ payment }) => `payment-${payment}`) };
}

export async function listVisits(deps: Deps, { caller, ...query }: OwnList): Promise<Page<Seen<VisitRow>>> {
  const page = await deps.views.visits.list({ ...query, merchant: ownMerchant(caller) });
  return { ...page, items: await seenByMerchant(deps, page.items, ({ visit }) => `visit-${visit}`) };
}

export async function listChecks(deps: Deps, { caller, ...query }: OwnList): Promise<Page<Seen<CheckRow>>> {
  const page = await deps.views.checks.list({ ...query, merchant: ownMerchant(caller) });
  return { ...page, items: await seenByMerchant(deps, page.items, ({ check }) => `check-${check}`) };
}

export interface OwnTotals extends Paging {
  readonly caller: PrincipalCaller;
  readonly site?: string;
  /** `YYYY-MM-DD`, both inclusive. */
  readonly fromDay: string;
  readonly toDay: string;
}

/** What was taken, by day and currency. */
export async function totalsByDay(deps: Deps, { caller, ...query }: OwnTotals): Promise<Page<DayTotal>> {
  return deps.views.purchases.totals({ ...query, merchant: ownMerchant(caller) });
}

export function ownMerchant({ merchant }: PrincipalCaller): string {
  if (merchant === undefined) throw new Refused('not-allowed', 'this is for merchants', 'forbidden');
  return merchant;
}
