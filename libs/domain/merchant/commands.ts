export type MerchantCommand = RegisterMerchant | OpenSite | CloseSite | SignContract | EndContract;

/** `country`: ISO 3166 two letters; `currency`: ISO 4217. */
export interface RegisterMerchant {
  readonly type: 'RegisterMerchant';
  readonly at: string;
  readonly name: string;
  readonly country: string;
  readonly currency: string;
}
/** `timeZone`: IANA name. */
export interface OpenSite {
  readonly type: 'OpenSite';
  readonly at: string;
  readonly site: string;
  readonly name: string;
  readonly place: string;
  readonly timeZone: string;
}
export interface CloseSite {
  readonly type: 'CloseSite';
  readonly at: string;
  readonly site: string;
}
/** `purposes`: of `purposes` in state.ts; `from`: when it begins. */
export interface SignContract {
  readonly type: 'SignContract';
  readonly at: string;
  readonly contract: string;
  readonly purposes: readonly string[];
  readonly from: string;
}
export interface EndContract {
  readonly type: 'EndContract';
  readonly at: string;
  readonly contract: string;
}
