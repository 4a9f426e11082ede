import { create, toBinary } from '@bufbuild/protobuf';
import type { Folded } from '#libs/domain/event.ts';
import type { PaymentEvent } from '#libs/domain/payment/events.ts';
import { evolve } from '#libs/domain/payment/evolve.ts';
import { amountsOf, noPayment, type PaymentState, type PaymentTerms } from '#libs/domain/payment/state.ts';
import { PurchaseChange, PurchaseSchema } from '../generated/palmledger/topics/v1/purchase_pb.js';
import { foldBy, type StreamFold } from './fold.ts';
import { disputedOf, statusOf } from './purchase-standing.ts';
import { sealedMember } from './sealed-member.ts';
import { timestamp } from './timestamp.ts';
import type { Step, TopicMapping } from './topic-mapping.ts';

const fold: StreamFold<PaymentState> = {
  kind: 'payment',
  whole: true,
  types: [
    'PaymentRequested',
    'PaymentAuthorised',
    'PaymentDeclined',
    'CaptureRequested',
    'PaymentCaptured',
    'CaptureRefused',
    'VoidRequested',
    'PaymentVoided',
    'PaymentAbandoned',
    'RefundRequested',
    'PaymentRefunded',
    'RefundRefused',
    'PaymentDisputed',
    'DisputeDecided',
    'ChargedBack',
  ],
  initialState: noPayment,
  evolve: foldBy(evolve),
};

/** Each step of a payment as others see it: intents (to capture, void, refund) are nobody's news before they are done. */
export const purchases: TopicMapping<PaymentState> = {
  topic: 'purchases',
  fold,
  message: (step) => {
    // A payment that was abandoned before it was requested has no terms, and publishes nothing.
    if (step.before === step.after || !('terms' in step.after)) return undefined;
    const named = namedOf(step.event as unknown as Folded<PaymentEvent>, step.after);
    if (named === undefined) return undefined;
    const [change, value, amount] = named;
    return { change, value: encoded(step, step.after.terms, value, amount) };
  },
};

function namedOf(
  event: Folded<PaymentEvent>,
  state: PaymentState,
): readonly [string, PurchaseChange, number] | undefined {
  const { requested } = amountsOf(state);
  switch (event.type) {
    case 'PaymentRequested':
      return ['requested', PurchaseChange.REQUESTED, requested];
    case 'PaymentAuthorised':
      return ['authorised', PurchaseChange.AUTHORISED, requested];
    case 'PaymentDeclined':
      return ['declined', PurchaseChange.DECLINED, requested];
    case 'PaymentCaptured':
      return ['captured', PurchaseChange.CAPTURED, event.clear.amount];
    case 'CaptureRefused':
      // The network has refused in the end: to everybody else that is a decline.
      return ['declined', PurchaseChange.DECLINED, event.clear.amount];
    case 'PaymentVoided':
      return ['voided', PurchaseChange.VOIDED, requested];
    case 'PaymentAbandoned':
      return ['abandoned', PurchaseChange.ABANDONED, requested];
    case 'PaymentRefunded':
      return ['refunded', PurchaseChange.REFUNDED, event.clear.amount];
    case 'PaymentDisputed':
    case 'DisputeDecided':
      return ['disputed', PurchaseChange.DISPUTED, event.clear.amount];
    case 'ChargedBack':
      return ['charged-back', PurchaseChange.CHARGED_BACK, event.clear.amount];
    default:
      return undefined;
  }
}

function encoded(
  { key, after, event, record }: Step<PaymentState>,
  terms: PaymentTerms,
  change: PurchaseChange,
  amount: number,
): Uint8Array {
  const { requested, captured, refunded, chargedBack } = amountsOf(after);
  const { merchant, site, device, currency } = terms;
  const message = create(PurchaseSchema, {
    payment: key,
    change,
    time: timestamp(event.at),
    amount: BigInt(amount),
    currency,
    merchant,
    site,
    device,
    standing: {
      status: statusOf(after),
      requestedAt: timestamp(terms.requestedAt),
      requested: BigInt(requested),
      captured: BigInt(captured),
      refunded: BigInt(refunded),
      disputed: BigInt(disputedOf(after)),
      chargedBack: BigInt(chargedBack),
    },
    ...(event.type === 'PaymentRequested' ? sealedMember(record) : {}),
  });
  return toBinary(PurchaseSchema, message);
}
