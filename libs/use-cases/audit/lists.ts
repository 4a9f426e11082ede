import { clearOf, open } from '#libs/event-codec/codec.ts';
import type { DayTotal, PurchaseRow } from '#libs/views/rows.ts';
import type { Page, Paging, Span, Where } from '#libs/views/port.ts';
import { scan } from '../admin/scan.ts';
import type { PrincipalCaller } from '../callers.ts';
import type { Deps } from '../deps.ts';

/** Who looked at somebody, when and why. At whom is in the account's own replay alone. */
export interface LookListed {
  readonly look: string;
  readonly when: string;
  readonly by: { readonly kind: string; readonly principal: string };
  readonly reason: string;
  /** Missing once its key is gone. */
  readonly askedFor?: string;
}

export interface ListLooks {
  readonly caller: PrincipalCaller;
  readonly limit: number;
  readonly cursor?: string | undefined;
  /** One principal's alone. */
  readonly principal?: string | undefined;
}

/** All looks, oldest first. */
export async function listLooks(
  deps: Deps,
  { caller, principal, ...paging }: ListLooks,
): Promise<{ items: readonly LookListed[]; next?: string }> {
  const scanning = { list: `looks ${principal ?? ''}`, holder: caller.principal, types: ['Looked'], ...paging };
  return scan(deps, scanning, async (record) => {
    const clear = clearOf(record) as { when: string; principal: string; reason: string };
    if (principal !== undefined && clear.principal !== principal) return undefined;
    const [event] = await open(deps.keyring, [record]);
    const sealed = event?.sealed;
    const askedFor = sealed === undefined || sealed === 'gone' ? {} : { askedFor: sealed['askedFor'] as string };
    const { when, reason } = clear;
    const by = { kind: record.actor, principal: clear.principal };
    return { look: record.stream.slice('look-'.length), when, by, reason, ...askedFor };
  });
}

export type PurchaseListed = Omit<PurchaseRow, 'member' | 'sequence'>;

/** Purchases of all merchants, or of one, newest first: without the member, whom only a replay names. */
export async function listPurchases(deps: Deps, query: Where & Span & Paging): Promise<Page<PurchaseListed>> {
  const page = await deps.views.purchases.list(query);
  return { ...page, items: page.items.map(({ member: _member, sequence: _sequence, ...row }) => row) };
}

/** By day and currency, of all merchants or one. */
export async function purchaseTotals(
  deps: Deps,
  query: Where & { readonly fromDay: string; readonly toDay: string } & Paging,
): Promise<Page<DayTotal>> {
  return deps.views.purchases.totals(query);
}
