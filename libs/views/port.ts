import type {
  CartLine,
  Change,
  CheckRow,
  DayTotal,
  DeviceRow,
  ErasureRow,
  MerchantRow,
  PrincipalRow,
  PurchaseRow,
  SiteRow,
  SubscriberRow,
  VisitRow,
} from './rows.ts';
import type { ParkedView, RawMessage } from './parked.ts';

/** Rows come from topics, and, where nobody subscribes to them (principals, subscribers, checks), from the ledger itself. */
export const SOURCES = ['topics', 'ledger'] as const;
export type Source = (typeof SOURCES)[number];

/** How far one source has been taken in. `cursor` is the source's own text. */
export interface Progress {
  readonly cursor: string;
  readonly ledger: bigint;
}

/** One message and what it does; or why it does nothing, and stops its key. */
export type Entry =
  | { readonly message: RawMessage; readonly changes: readonly Change[] }
  | { readonly message: RawMessage; readonly poison: string };

/** A parked message taken again; or let go for good, and remembered as such, so that a repeat does not stop its key once more. */
export type Retried = Entry | { readonly message: RawMessage; readonly skipped: true };

/** Moves a source from one cursor to the next; refused (`ViewMoved`) where it stands elsewhere by now. */
export interface Step {
  readonly source: Source;
  readonly from: string | null;
  readonly to: Progress;
}

export interface Applied {
  /** Messages that were parked: poison, and those of a stopped key that follow. */
  readonly parked: number;
}

/** What fills a view. Rows, parked messages and progress are one commit. */
export interface ViewWriter {
  progress(source: Source): Promise<Progress | undefined>;
  /** An entry that fails by itself is parked, the others are taken. Throws `ViewMoved`. */
  apply(entries: readonly Entry[], step: Step): Promise<Applied>;
  /** Takes parked messages of one key again, in the order given, until one fails. Returns how many are parked no longer. */
  unpark(topic: string, key: string, entries: readonly Retried[]): Promise<number>;
}

/** A page of at most 500; `after` is the `next` of the page before, an opaque text that fits this query alone. */
export interface Paging {
  readonly limit: number;
  readonly after?: string;
}
export interface Page<Row> {
  readonly items: readonly Row[];
  readonly next?: string;
}
/** ISO 8601; from inclusive, to exclusive. */
export interface Span {
  readonly from?: string;
  readonly to?: string;
}
/** All, one merchant's, or one of its sites'; a site is named within its merchant. */
export interface Where {
  readonly merchant?: string;
  readonly site?: string;
}

export interface PurchasesView {
  /** At most 500 ids; in their order, those unknown left out. */
  byPayment(payments: readonly string[]): Promise<readonly PurchaseRow[]>;
  /** Newest first, by the time of the request. */
  list(query: Where & Span & Paging): Promise<Page<PurchaseRow>>;
  /** Oldest day first. Days as `YYYY-MM-DD`, both inclusive. */
  totals(query: Where & { readonly fromDay: string; readonly toDay: string } & Paging): Promise<Page<DayTotal>>;
}
export interface VisitsView {
  byVisit(visits: readonly string[]): Promise<readonly VisitRow[]>;
  cart(visit: string, paging: Paging): Promise<Page<CartLine>>;
  list(query: Where & Span & Paging): Promise<Page<VisitRow>>;
}
export interface ChecksView {
  byCheck(checks: readonly string[]): Promise<readonly CheckRow[]>;
  list(query: Where & Span & Paging): Promise<Page<CheckRow>>;
}
export interface DevicesView {
  get(device: string): Promise<DeviceRow | undefined>;
  list(query: Where & Paging): Promise<Page<DeviceRow>>;
}
export interface MerchantsView {
  get(merchant: string): Promise<MerchantRow | undefined>;
  list(paging: Paging): Promise<Page<MerchantRow>>;
  site(merchant: string, site: string): Promise<SiteRow | undefined>;
  sites(query: { readonly merchant?: string } & Paging): Promise<Page<SiteRow>>;
}
export interface PrincipalsView {
  get(principal: string): Promise<PrincipalRow | undefined>;
  list(paging: Paging): Promise<Page<PrincipalRow>>;
}
export interface SubscribersView {
  get(subscriber: string): Promise<SubscriberRow | undefined>;
  list(paging: Paging): Promise<Page<SubscriberRow>>;
}
export interface ErasuresView {
  get(erasure: string): Promise<ErasureRow | undefined>;
  /** Soonest due first. Without `over`, those in progress. */
  list(query: { readonly over?: boolean } & Paging): Promise<Page<ErasureRow>>;
}

/** What is looked up. Bounded reads; a malformed page or limit is `InvalidQuery`. It may lag and decides nothing. */
export interface Views extends ViewWriter {
  readonly purchases: PurchasesView;
  readonly visits: VisitsView;
  readonly checks: ChecksView;
  readonly devices: DevicesView;
  readonly merchants: MerchantsView;
  readonly principals: PrincipalsView;
  readonly subscribers: SubscribersView;
  readonly erasures: ErasuresView;
  readonly parked: ParkedView;

  /** The ledger position that every source has passed. */
  position(): Promise<bigint>;
  /** Whether a position is reached within so many milliseconds. */
  waitFor(position: bigint, withinMs: number): Promise<'reached' | 'late'>;

  /** The sealed members of these payments, visits and checks (ids without the kind) are gone, in the files too, and no repeat brings them back. */
  purge(ids: readonly string[]): Promise<void>;

  /** An empty generation beside the live one; there is one at most. */
  rebuild(): Promise<NextGeneration>;
  status(): Promise<ViewStatus>;
  close(): Promise<void>;
}

/** Filled as the live one is; reads see it from `swap` on. What was purged or skipped stays so. */
export interface NextGeneration extends ViewWriter {
  swap(): Promise<void>;
  /** Gives up: its files are removed. */
  discard(): Promise<void>;
}

export interface ViewStatus {
  readonly generation: string;
  readonly schema: number;
  readonly progress: Readonly<Partial<Record<Source, Progress>>>;
  readonly parked: number;
  readonly rebuilding: boolean;
  /** Something in its file is not what was written: those rows are refused (`ViewDamaged`) until a rebuild is swapped in. */
  readonly damaged: boolean;
}
