import { requireAmount, requireCurrency } from '../money.ts';
import { Refused } from '../refused.ts';
import type { AbandonPayment, RecordAuthorised, RecordDeclined, RequestPayment } from './commands.ts';
import type { PaymentEvent } from './events.ts';
import { notRequested } from './refusals.ts';
import type { PaymentState } from './state.ts';

export function requestPayment(command: RequestPayment, state: PaymentState): readonly PaymentEvent[] {
  const { merchant, site, device, amount, currency, kind, owner } = command;
  if (state.phase === 'abandoned')
    throw new Refused('payment-abandoned', 'The payment was abandoned before it was requested.');
  if (state.phase !== 'none') {
    if (sameTerms(command, state)) return [];
    throw new Refused('payment-already-requested', 'The payment was requested on other terms.');
  }
  requireAmount(amount);
  requireCurrency(currency);
  return [{ type: 'PaymentRequested', clear: { merchant, site, device, amount, currency, kind }, sealed: owner }];
}

function sameTerms(command: RequestPayment, { terms }: Extract<PaymentState, { terms: unknown }>): boolean {
  return (
    terms.merchant === command.merchant &&
    terms.site === command.site &&
    terms.device === command.device &&
    terms.amount === command.amount &&
    terms.currency === command.currency &&
    terms.kind === command.kind
  );
}

/** An answer that comes after the void's intent is too late: the cancel on its way defeats it at the network. */
export function recordAuthorised({ network, reason }: RecordAuthorised, state: PaymentState): readonly PaymentEvent[] {
  switch (state.phase) {
    case 'requested':
      return [{ type: 'PaymentAuthorised', clear: { network, reason } }];
    case 'none':
    case 'abandoned':
      throw notRequested(state);
    case 'declined':
      throw new Refused('payment-declined', 'The payment was declined.');
    case 'void-requested':
    case 'voided':
      if (state.network === network) return [];
      throw tooLate();
    default:
      if (state.network === network) return [];
      throw alreadyAuthorised();
  }
}

export function recordDeclined({ network, reason }: RecordDeclined, state: PaymentState): readonly PaymentEvent[] {
  switch (state.phase) {
    case 'requested':
      return [{ type: 'PaymentDeclined', clear: { network, reason } }];
    case 'none':
    case 'abandoned':
      throw notRequested(state);
    case 'declined':
      return [];
    case 'void-requested':
    case 'voided':
      throw tooLate();
    default:
      throw alreadyAuthorised();
  }
}

/** Only a payment that was never requested; after that it is voided. */
export function abandonPayment({ reason }: AbandonPayment, state: PaymentState): readonly PaymentEvent[] {
  if (state.phase === 'abandoned') return [];
  if (state.phase === 'none') return [{ type: 'PaymentAbandoned', clear: { reason } }];
  throw new Refused('payment-already-requested', 'The payment was requested already; it can be voided.');
}

function tooLate(): Refused {
  return new Refused('payment-too-late', 'The payment is being voided, or was.');
}

function alreadyAuthorised(): Refused {
  return new Refused('payment-already-authorised', 'The payment was authorised under another reference.');
}
