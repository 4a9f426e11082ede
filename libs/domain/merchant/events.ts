import type { DomainEvent } from '../event.ts';

export type MerchantRegistered = DomainEvent<'MerchantRegistered', { name: string; country: string; currency: string }>;
export type SiteOpened = DomainEvent<'SiteOpened', { site: string; name: string; place: string; timeZone: string }>;
export type SiteClosed = DomainEvent<'SiteClosed', { site: string }>;
/** A contract says what a merchant (or other third party) may do with palms. */
export type ContractSigned = DomainEvent<
  'ContractSigned',
  { contract: string; purposes: readonly string[]; from: string }
>;
export type ContractEnded = DomainEvent<'ContractEnded', { contract: string }>;

export type MerchantEvent = MerchantRegistered | SiteOpened | SiteClosed | ContractSigned | ContractEnded;
