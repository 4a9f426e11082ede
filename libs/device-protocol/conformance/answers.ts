import { newId } from '#libs/runtime/ids.ts';
import { randomNonce } from '../sign-request.ts';

/** Money that a stand-in has taken: enough to answer the next question about it. */
export interface StandInPayment {
  readonly payment: string;
  readonly state: 'captured' | 'voided';
  readonly amount: number;
  readonly currency: string;
  readonly captured: number;
  readonly refunded: number;
  readonly left: number;
}

/** What a service would answer where all goes well. Nothing of it is kept longer than the process. */
export function answerTo(
  route: string,
  body: Readonly<Record<string, unknown>>,
  pathname: string,
  payments: Map<string, StandInPayment>,
  now: Date,
): object | undefined {
  const inMinutes = (minutes: number): string => new Date(now.getTime() + minutes * 60_000).toISOString();
  const paymentId = pathname.split('/')[4] ?? '';
  switch (route) {
    case 'heartbeats':
      return { now: now.toISOString() };
    case 'enrolments':
      return { handle: newId(), enrolBy: inMinutes(24 * 60) };
    case 'enrolment-palms':
    case 'member-palms':
      return { palm: newId(), hand: body['hand'] };
    case 'enrolment-cards':
    case 'member-cards':
      return { card: newId(), brand: 'visa', lastFour: '4242' };
    case 'enrolment-phones':
      return { phone: newId(), codeExpiresAt: inMinutes(10) };
    case 'enrolment-phones-verify':
    case 'member-confirmations':
      return {};
    case 'enrolment-known':
      return { codeExpiresAt: inMinutes(10) };
    case 'enrolment-known-verify':
      return { member: true };
    case 'enrolment-complete':
      return { completedAt: now.toISOString(), durationMs: 30_000 };
    case 'identifications':
      return { outcome: 'ticket', ticket: randomTicket(), expiresAt: inMinutes(2) };
    case 'payments':
      return took(payments, body['amount'] as number, body['currency'] as string);
    case 'payment':
      return payments.get(paymentId);
    case 'refunds':
      return refunded(payments, paymentId, body['amount'] as number);
    case 'void':
      return payments.get(paymentId);
    case 'visits':
      return { visit: newId() };
    case 'leave':
      return { visit: newId(), items: [], total: 0 };
    case 'checks':
      return { check: newId(), kind: body['kind'], answer: 'yes', pseudonym: newId() };
    case 'member-credentials':
      return { credential: newId(), kind: body['kind'], pseudonym: newId() };
    default:
      return {};
  }
}

function took(payments: Map<string, StandInPayment>, amount: number, currency: string): StandInPayment {
  const payment = newId();
  const taken = { payment, state: 'captured', amount, currency, captured: amount, refunded: 0, left: amount } as const;
  payments.set(payment, taken);
  return taken;
}

function refunded(payments: Map<string, StandInPayment>, id: string, amount: number): object | undefined {
  const before = payments.get(id);
  if (before === undefined || amount > before.left) return undefined;
  const after = { ...before, refunded: before.refunded + amount, left: before.left - amount };
  payments.set(id, after);
  return { ...after, refund: newId() };
}

function randomTicket(): string {
  return (randomNonce() + randomNonce()).slice(0, 43);
}
