/** What a contract may allow to do with palms. There is none to pass anything on: palms are not for sale. */
export const purposes = ['pay', 'visit', 'badge', 'loyalty', 'subscription', 'age'] as const;
export type Purpose = (typeof purposes)[number];

export interface Site {
  readonly site: string;
  readonly name: string;
  readonly place: string;
  readonly timeZone: string;
  readonly open: boolean;
}
export interface Contract {
  readonly contract: string;
  readonly purposes: readonly Purpose[];
  readonly from: string;
  readonly endedAt?: string;
}
export interface Merchant {
  readonly phase: 'registered';
  readonly name: string;
  readonly country: string;
  readonly currency: string;
  readonly sites: readonly Site[];
  readonly contracts: readonly Contract[];
}
export type MerchantState = { readonly phase: 'none' } | Merchant;

export const noMerchant: MerchantState = { phase: 'none' };

export function isPurpose(text: string): text is Purpose {
  return (purposes as readonly string[]).includes(text);
}

/** By any contract that has begun and has not ended. */
export function mayDo(state: MerchantState, purpose: Purpose, at: string): boolean {
  if (state.phase === 'none') return false;
  return state.contracts.some(
    (one) => one.purposes.includes(purpose) && one.endedAt === undefined && Date.parse(one.from) <= Date.parse(at),
  );
}

/** A device at a site that is closed, or was never opened, does nothing. */
export function isSiteOpen(state: MerchantState, site: string): boolean {
  return state.phase === 'registered' && state.sites.some((one) => one.site === site && one.open);
}
