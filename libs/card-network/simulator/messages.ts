import type { CardBrand } from '#libs/domain/values.ts';
import type { Authorise, Cancel, Capture, CardRefusal, ChargeBack, LookedUp, NetworkNews, Refund } from '../port.ts';
import type { CardBehaviour } from './cards.ts';

/** A card as the book may know it: without its number. */
export interface KnownCard {
  readonly brand: CardBrand;
  readonly lastFour: string;
  readonly expiry: string;
  readonly behaviour: CardBehaviour;
}

/** One entry of the book: an authorisation and what became of it. Amounts in minor units. */
export interface BookEntry {
  readonly position: string;
  readonly key: string;
  readonly reference: string;
  readonly merchant: string;
  readonly amount: number;
  readonly currency: string;
  readonly state: 'authorised' | 'declined' | 'captured' | 'cancelled';
  readonly reason: string;
  readonly captured: number;
  readonly refunded: number;
  readonly chargedBack: number;
  readonly lastFour: string | null;
  readonly at: string;
}

/** Jobs for the book's thread; `digest` says what the key stands for. */
export type Job =
  | { readonly step: 'tokenise'; readonly key: string; readonly digest: string; readonly card: KnownCard | CardRefusal }
  | { readonly step: 'authorise'; readonly digest: string; readonly request: Authorise; readonly declineAll: boolean }
  | { readonly step: 'capture'; readonly digest: string; readonly request: Capture }
  | { readonly step: 'cancel'; readonly digest: string; readonly request: Cancel }
  | { readonly step: 'refund'; readonly digest: string; readonly request: Refund }
  | { readonly step: 'look-up'; readonly key: string }
  | { readonly step: 'since'; readonly position: string }
  | { readonly step: 'charge-back'; readonly reference: string; readonly amount: number; readonly reason: string }
  | { readonly step: 'book'; readonly after: string; readonly limit: number };

export type Result = LookedUp | NetworkNews | ChargeBack | readonly BookEntry[];

export interface DatedJob {
  readonly job: Job;
  readonly at: string;
}
