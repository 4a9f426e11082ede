import type { OneIdEvent } from '#libs/domain/one-id/events.ts';
import type { ActorKind } from '#libs/domain/values.ts';
import type { OpenedEvent } from '#libs/event-codec/codec.ts';
import { picked } from './account-state.ts';

/** One event of an account as an auditor reads it. */
export interface AccountEvent {
  readonly revision: string;
  readonly position: string;
  readonly at: string;
  readonly type: string;
  readonly version: number;
  readonly by: { readonly kind: ActorKind; readonly who?: string; readonly device?: string } & { gone?: true };
  readonly clear: Readonly<Record<string, unknown>>;
  /** What its key opens; `gone` once that is destroyed, `sealed` where nobody but the recognition zone may open it. */
  readonly sealed?: Readonly<Record<string, unknown>> | 'gone' | 'sealed';
}

/** What of a sealed part an auditor sees: no network token, no stream of somebody else's, no plan. */
const SHOWN: Partial<Record<OneIdEvent['type'], readonly string[]>> = {
  EnrolmentStarted: ['merchant', 'site', 'device'],
  ConsentGiven: ['language', 'device'],
  ConsentWithdrawn: ['language'],
  CardAdded: ['brand', 'lastFour', 'expiry'],
  PhoneAdded: ['number'],
  AccountLinked: ['account'],
  CredentialGranted: ['thirdParty', 'reference', 'facts'],
  EnrolmentCompleted: ['durationMs', 'device'],
  TransactionOpened: ['merchant', 'site', 'device', 'evidence'],
  LegalHoldPlaced: ['reason', 'authority'],
};
const ZONES_ALONE: readonly string[] = ['PalmEnrolled', 'PalmSignatureUpdated'];
/** Hashes of what lets somebody in are nobody's to read. */
const NOT_SHOWN: readonly string[] = ['ticketHash'];

export function accountEvent({
  revision,
  position,
  at,
  type,
  version,
  actor,
  clear,
  sealed,
  about,
}: OpenedEvent): AccountEvent {
  return {
    ...{ revision: revision.toString(), position: position.toString(), at, type, version },
    by: byWhom(actor, about),
    clear: Object.fromEntries(Object.entries(clear).filter(([field]) => !NOT_SHOWN.includes(field))),
    ...sealedPart(type, sealed),
  };
}

function byWhom(kind: ActorKind, about: OpenedEvent['about']): AccountEvent['by'] {
  if (about === 'gone') return { kind, gone: true };
  if (about === undefined) return { kind };
  return { kind, who: about.who, ...(about.device === undefined ? {} : { device: about.device }) };
}

function sealedPart(type: string, sealed: OpenedEvent['sealed']): Pick<AccountEvent, 'sealed'> {
  if (ZONES_ALONE.includes(type)) return { sealed: 'sealed' };
  if (sealed === undefined) return {};
  return { sealed: sealed === 'gone' ? 'gone' : picked(sealed, SHOWN[type as OneIdEvent['type']] ?? []) };
}
