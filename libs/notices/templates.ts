import type { ChangeKind, ErasureReason } from '#libs/domain/one-id/events.ts';
import type { Hand } from '#libs/domain/values.ts';

/** What the parts of each message are. Dates and amounts arrive as values; the text says them in the reader's language. */
export interface TemplateValues {
  /** A one-time code. `purpose`: what it lets its reader do. */
  'sign-in-code': { readonly code: string; readonly minutes: number };
  'phone-code': { readonly code: string; readonly minutes: number };
  'change-code': { readonly code: string; readonly minutes: number };
  'phone-added': { readonly lastTwo: string; readonly at: string };
  'phone-removed': { readonly lastTwo: string; readonly at: string };
  /** To the other contacts of a One ID whose number somebody else has verified since. */
  'phone-taken': { readonly lastTwo: string; readonly at: string };
  'card-added': { readonly brand: string; readonly lastFour: string; readonly at: string };
  'card-removed': { readonly brand: string; readonly lastFour: string; readonly at: string };
  'palm-added': { readonly hand: Hand; readonly at: string };
  'palm-removed': { readonly hand: Hand; readonly at: string };
  'change-announced': { readonly change: ChangeKind; readonly takesEffectAt: string };
  'change-withdrawn': { readonly change: ChangeKind };
  'change-done': { readonly change: ChangeKind };
  'expiry-warned': { readonly expiresOn: string };
  'enrolment-completed': { readonly at: string };
  'enrolment-lapsed': {};
  'palm-known': { readonly at: string };
  'erasure-started': { readonly dueBy: string };
  'erasure-withdrawn': {};
  /** The last message. `receipt` where nobody asked for the erasure; who asked has it already. */
  erased: { readonly receipt?: string; readonly reason: ErasureReason };
  'payment-receipt': {
    readonly merchant: string;
    readonly amount: number;
    readonly currency: string;
    readonly at: string;
  };
  'refund-receipt': {
    readonly merchant: string;
    readonly amount: number;
    readonly currency: string;
    readonly at: string;
  };
  'looked-at': { readonly by: 'auditor' | 'admin' | 'service'; readonly reason: string; readonly at: string };
  'security-notice': { readonly what: SecurityNotice; readonly at: string };
  'dispute-decided': { readonly outcome: 'accepted' | 'rejected' };
  /** To a principal, not a member. */
  'principal-invited': { readonly role: string; readonly credential: string };
}

export type NoticeTemplate = keyof TemplateValues;
export type Language = 'en' | 'de';
export type SecurityNotice =
  'signed-in' | 'paused' | 'unpaused' | 'suspended' | 'resumed' | 'downloaded' | 'link-changed';

export const LANGUAGES: readonly Language[] = ['en', 'de'];
