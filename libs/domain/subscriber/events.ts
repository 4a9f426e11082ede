import type { DomainEvent } from '../event.ts';

export type SubscriberRegistered = DomainEvent<
  'SubscriberRegistered',
  { name: string; merchant?: string; topics: readonly string[]; acknowledgesErasures: boolean }
>;
export type SubscriptionChanged = DomainEvent<
  'SubscriptionChanged',
  { topics: readonly string[]; acknowledgesErasures: boolean }
>;
export type SubscriberRetired = DomainEvent<'SubscriberRetired', { reason: string }>;

export type SubscriberEvent = SubscriberRegistered | SubscriptionChanged | SubscriberRetired;
