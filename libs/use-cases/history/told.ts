import type { OneIdEvent } from '#libs/domain/one-id/events.ts';
import type { ActorKind } from '#libs/domain/values.ts';
import type { OpenedEvent } from '#libs/event-codec/codec.ts';

/** One change of the account, as its member reads it. */
export interface HistoryEntry {
  readonly at: string;
  /** The event's type: CardAdded, Paused, … */
  readonly what: string;
  readonly by: { readonly kind: ActorKind; readonly device?: string; readonly principal?: string };
  /** What its keys still open; of what was removed only the reference is left. */
  readonly details: Readonly<Record<string, unknown>>;
}

/** What is sealed in these events and is the member's to see. Tokens, signatures and other One IDs are not among it. */
const SHOWN: Partial<Record<OneIdEvent['type'], readonly string[]>> = {
  EnrolmentStarted: ['merchant', 'site', 'device'],
  ConsentGiven: ['language'],
  CardAdded: ['brand', 'lastFour', 'expiry'],
  PhoneAdded: ['number'],
  AccountLinked: ['account'],
  CredentialGranted: ['thirdParty', 'facts'],
};

/** Uses of the palm are told as expenses and places, looks by themselves. */
export const NOT_TOLD: readonly string[] = ['TransactionOpened', 'TransactionClosed', 'LookRecorded'];

export function told({ at, type, actor, about, clear, sealed }: OpenedEvent): HistoryEntry {
  const who = about === undefined || about === 'gone' ? undefined : about;
  const principal = who?.who.startsWith('principal-') === true ? who.who.slice('principal-'.length) : undefined;
  const by = {
    kind: actor,
    ...(who?.device === undefined ? {} : { device: who.device }),
    ...(principal === undefined ? {} : { principal }),
  };
  return { at, what: type, by, details: { ...clear, ...shown(type, sealed) } };
}

function shown(type: string, sealed: OpenedEvent['sealed']): Record<string, unknown> {
  const fields = SHOWN[type as OneIdEvent['type']] ?? [];
  if (sealed === undefined || sealed === 'gone') return {};
  return Object.fromEntries(fields.filter((field) => field in sealed).map((field) => [field, sealed[field]]));
}
