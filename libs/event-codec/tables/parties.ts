import type { DeviceEvent } from '#libs/domain/device/events.ts';
import type { MerchantEvent } from '#libs/domain/merchant/events.ts';
import type { PrincipalEvent } from '#libs/domain/principal/events.ts';
import type { SubscriberEvent } from '#libs/domain/subscriber/events.ts';
import { v1, type EventTables } from '../table.ts';

export const deviceTables = {
  DeviceRegistered: v1({ clear: ['merchant', 'site', 'kind', 'name', 'nearInfrared', 'activationHash', 'activateBy'] }),
  DeviceActivated: v1({ clear: ['publicKey'] }),
  DeviceKeyRotated: v1({ clear: ['publicKey'] }),
  DeviceSuspected: v1({ clear: ['reason'] }),
  DeviceRevoked: v1({ clear: ['reason'] }),
} satisfies EventTables<DeviceEvent>;

export const merchantTables = {
  MerchantRegistered: v1({ clear: ['name', 'country', 'currency'] }),
  SiteOpened: v1({ clear: ['site', 'name', 'place', 'timeZone'] }),
  SiteClosed: v1({ clear: ['site'] }),
  ContractSigned: v1({ clear: ['contract', 'purposes', 'from'] }),
  ContractEnded: v1({ clear: ['contract'] }),
} satisfies EventTables<MerchantEvent>;

export const principalTables = {
  PrincipalInvited: v1({ clear: [], sealed: { fields: ['name', 'contact'], key: 'stream' } }),
  CredentialBound: v1({ clear: ['secretHash'] }),
  RoleGranted: v1({ clear: ['role', 'merchant', 'subscriber'] }),
  RoleRevoked: v1({ clear: ['role', 'merchant', 'subscriber'] }),
  PrincipalRemoved: v1({ clear: [] }),
} satisfies EventTables<PrincipalEvent>;

export const subscriberTables = {
  SubscriberRegistered: v1({ clear: ['name', 'merchant', 'topics', 'acknowledgesErasures'] }),
  SubscriptionChanged: v1({ clear: ['topics', 'acknowledgesErasures'] }),
  SubscriberRetired: v1({ clear: ['reason'] }),
} satisfies EventTables<SubscriberEvent>;
