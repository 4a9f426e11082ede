import type { PaymentEvent } from '#libs/domain/payment/events.ts';
import { v1, versions, type EventTables } from '../table.ts';

const owner = { fields: ['oneId', 'transaction', 'card', 'pseudonym'], key: 'stream' } as const;
/** A refund, dispute or charge-back may come when the person, and with them the payment's key, is gone: each has a key of its own. */
const refund = { item: 'refund' } as const;
const dispute = { item: 'dispute' } as const;
const said = { fields: ['said', 'who'], key: dispute } as const;

export const paymentTables = {
  PaymentRequested: versions([{ clear: ['merchant', 'site', 'device', 'amount', 'currency'], sealed: owner }], {
    clear: ['merchant', 'site', 'device', 'amount', 'currency', 'kind'],
    sealed: owner,
  }),
  PaymentAuthorised: v1({ clear: ['network', 'reason'] }),
  PaymentDeclined: v1({ clear: ['network', 'reason'] }),
  CaptureRequested: v1({ clear: ['amount'] }),
  PaymentCaptured: v1({ clear: ['amount'] }),
  CaptureRefused: v1({ clear: ['amount', 'reason'] }),
  VoidRequested: v1({ clear: ['reason'] }),
  PaymentVoided: v1({ clear: ['reason'] }),
  PaymentAbandoned: v1({ clear: ['reason'] }),
  RefundRequested: v1({ clear: ['refund', 'amount', 'reason'], about: refund }),
  PaymentRefunded: v1({ clear: ['refund', 'amount', 'reason'], about: refund }),
  RefundRefused: v1({ clear: ['refund', 'amount', 'reason'], about: refund }),
  PaymentDisputed: v1({ clear: ['dispute', 'amount'], sealed: said, about: dispute }),
  DisputeDecided: v1({ clear: ['dispute', 'outcome', 'amount'], sealed: said, about: dispute }),
  ChargedBack: v1({ clear: ['dispute', 'amount', 'reason'], about: dispute }),
} satisfies EventTables<PaymentEvent>;
