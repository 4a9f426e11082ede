/**
 * What a palm picture was taken for. All but `enrol` identify. `manage`: a risky change that needs the palm;
 * `confirm`: an announced change is confirmed with it.
 */
export type Purpose = 'enrol' | 'pay' | 'enter' | 'leave' | 'check' | 'manage' | 'confirm';

export const PURPOSES: readonly Purpose[] = ['enrol', 'pay', 'enter', 'leave', 'check', 'manage', 'confirm'];

/** What the device binds into the encrypted capture. One that differs in any part does not open. */
export interface CaptureBinding {
  readonly device: string;
  readonly merchant: string;
  readonly purpose: Purpose;
  /** Minor units; with `currency` or not at all. */
  readonly amount?: number;
  /** ISO 4217. */
  readonly currency?: string;
  /** The idempotency key of the write that the capture is for. */
  readonly request: string;
}

/** What the sender of a card number binds in. `sender`: the device's id, or `member` from the platform. */
export interface CardBinding {
  readonly sender: string;
  /** The idempotency key of the write that the card is for. */
  readonly request: string;
}
