import type { OneIdEvent } from '#libs/domain/one-id/events.ts';
import { v1, type EventTables } from '../table.ts';

const palm = { fields: ['signature'], key: { item: 'palm' }, form: 'bytes' } as const;

export const oneIdTables = {
  EnrolmentStarted: v1({ clear: ['enrolBy'], sealed: { fields: ['device', 'site', 'merchant'], key: 'stream' } }),
  ConsentGiven: v1({ clear: ['version'], sealed: { fields: ['language', 'device'], key: 'stream' } }),
  ConsentWithdrawn: v1({ clear: ['version'], sealed: { fields: ['language'], key: 'stream' } }),
  PalmEnrolled: v1({ clear: ['palm', 'hand', 'modelVersion'], sealed: palm }),
  PalmSignatureUpdated: v1({ clear: ['palm', 'hand', 'modelVersion'], sealed: palm }),
  PalmMatchable: v1({ clear: ['palm'] }),
  PalmDuplicateFound: v1({ clear: ['palm'], sealed: { fields: ['oneId'], key: 'stream' } }),
  PalmRemoved: v1({ clear: ['palm'] }),
  CardAdded: v1({
    clear: ['card'],
    sealed: { fields: ['token', 'brand', 'lastFour', 'expiry'], key: { item: 'card' } },
  }),
  CardMadeDefault: v1({ clear: ['card'] }),
  CardRemoved: v1({ clear: ['card'] }),
  PhoneAdded: v1({ clear: ['phone'], sealed: { fields: ['number'], key: { item: 'phone' } } }),
  PhoneVerified: v1({ clear: ['phone'] }),
  PhoneRemoved: v1({ clear: ['phone', 'reason'] }),
  AccountLinked: v1({ clear: ['link'], sealed: { fields: ['account'], key: { item: 'link' } } }),
  AccountUnlinked: v1({ clear: ['link'] }),
  CredentialGranted: v1({
    clear: ['credential', 'kind'],
    sealed: { fields: ['thirdParty', 'reference', 'facts'], key: { item: 'credential' } },
  }),
  CredentialRevoked: v1({ clear: ['credential', 'kind'] }),
  EnrolmentCompleted: v1({ clear: [], sealed: { fields: ['durationMs', 'device'], key: 'stream' } }),
  TransactionOpened: v1({
    clear: ['number', 'kind', 'settleBy', 'ticketHash'],
    sealed: { fields: ['streams', 'merchant', 'site', 'device', 'evidence'], key: 'stream' },
  }),
  TransactionClosed: v1({ clear: ['number', 'outcome'] }),
  ChangeAnnounced: v1({
    clear: ['change', 'kind', 'target', 'takesEffectAt'],
    sealed: { fields: ['details'], key: 'stream' },
  }),
  ChangeWithdrawn: v1({ clear: ['change'] }),
  ChangeTookEffect: v1({ clear: ['change', 'confirmedBy'] }),
  Paused: v1({ clear: ['reason'] }),
  Unpaused: v1({ clear: ['reason'] }),
  Suspended: v1({ clear: ['reason'] }),
  Resumed: v1({ clear: ['reason'] }),
  ExpiryWarned: v1({ clear: ['expiresOn'] }),
  OneIdExpired: v1({ clear: ['expiresOn'] }),
  ErasureRequested: v1({ clear: ['reason'], sealed: { fields: ['erasure'], key: 'stream' } }),
  ErasureWithdrawn: v1({ clear: ['reason'] }),
  LegalHoldPlaced: v1({ clear: ['hold'], sealed: { fields: ['reason', 'authority'], key: 'stream' } }),
  LegalHoldReleased: v1({ clear: ['hold'] }),
  LookRecorded: v1({ clear: [], sealed: { fields: ['look'], key: 'stream' } }),
  KeyDestructionBegun: v1({ clear: ['scope'] }),
  // Written when the One ID's own key is gone already.
  KeyDestroyed: v1({ clear: ['scope', 'epoch'], about: 'nobody' }),
  OneIdErased: v1({ clear: [], about: 'nobody' }),
} satisfies EventTables<OneIdEvent>;
