import { RequestInvalid, type Authorise, type Cancel, type Capture, type Refund, type Tokenise } from './port.ts';

/** What any adapter demands of a request before it goes out, so that the edge hears the same of all of them. */
export function requireKey(key: string, field = 'key'): void {
  if (!/^[\x21-\x7e]{1,128}$/.test(key)) throw new RequestInvalid(field);
}

export function requireTokenise({ key, card, context }: Tokenise): void {
  requireKey(key);
  if (!/^[A-Za-z0-9_-]{1,4096}$/.test(card)) throw new RequestInvalid('card');
  if (context.sender.length > 128 || context.request.length > 256) throw new RequestInvalid('context');
}

export function requireAuthorise({ key, token, amount, currency, merchant }: Authorise): void {
  requireKey(key);
  requireKey(token, 'token');
  requireKey(merchant, 'merchant');
  requireAmount(amount);
  if (!/^[A-Z]{3}$/.test(currency)) throw new RequestInvalid('currency');
}

export function requireStep({ key, reference, amount }: Capture | Refund): void {
  requireKey(key);
  requireKey(reference, 'reference');
  requireAmount(amount);
}

export function requireCancel({ key, cancels }: Cancel): void {
  requireKey(key);
  requireKey(cancels, 'cancels');
  if (key === cancels) throw new RequestInvalid('cancels');
}

export function requireAmount(amount: number): void {
  if (!Number.isSafeInteger(amount) || amount <= 0) throw new RequestInvalid('amount');
}

export function requirePosition(position: string): void {
  if (!/^\d{1,15}$/.test(position)) throw new RequestInvalid('position');
}
