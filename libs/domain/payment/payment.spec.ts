import { describe, expect, it } from '@jest/globals';
import { at, given } from '#libs/testing/given.ts';
import type { DomainEvent } from '../event.ts';
import type { PaymentCommand, RequestPayment } from './commands.ts';
import { paymentDecider } from './decider.ts';
import type { PaymentEvent } from './events.ts';
import { amountsOf, nextStep, nextSteps, openDispute, outcomeOf } from './state.ts';

const now = '2026-11-24T15:00:00.000Z';
const owner = { oneId: 'someone', transaction: 1, card: 'a-card', pseudonym: 'a-pseudonym' };
const terms = {
  merchant: 'shop',
  site: 'corner',
  device: 'till',
  amount: 1250,
  currency: 'EUR',
  kind: 'sale',
} as const;
const request: RequestPayment = { type: 'RequestPayment', at: now, ...terms, owner };

const requested: PaymentEvent = { type: 'PaymentRequested', clear: terms };
const authorised: PaymentEvent = { type: 'PaymentAuthorised', clear: { network: 'n1', reason: '00' } };
const declined: PaymentEvent = { type: 'PaymentDeclined', clear: { network: 'n1', reason: '51' } };
const captureRequested: PaymentEvent = { type: 'CaptureRequested', clear: { amount: 1250 } };
const captured: PaymentEvent = { type: 'PaymentCaptured', clear: { amount: 1250 } };
const captureRefused: PaymentEvent = { type: 'CaptureRefused', clear: { amount: 1250, reason: '05' } };
const voidRequested: PaymentEvent = { type: 'VoidRequested', clear: { reason: 'cancelled' } };
const voided: PaymentEvent = { type: 'PaymentVoided', clear: { reason: 'cancelled' } };
const abandoned: PaymentEvent = { type: 'PaymentAbandoned', clear: { reason: 'timeout' } };

const payment = (...past: PaymentEvent[]) => given(paymentDecider, ...past);
const toAuthorised = [requested, authorised];
const toCapturing = [...toAuthorised, captureRequested];
const toCaptured = [...toCapturing, captured];
const refundRequested = (refund: string, amount: number): PaymentEvent => ({
  type: 'RefundRequested',
  clear: { refund, amount, reason: 'returned' },
});
const refunded = (refund: string, amount: number): PaymentEvent => ({
  type: 'PaymentRefunded',
  clear: { refund, amount, reason: 'returned' },
});
const refundRefused = (refund: string, amount: number): PaymentEvent => ({
  type: 'RefundRefused',
  clear: { refund, amount, reason: '05' },
});
const disputed = (amount: number): PaymentEvent => ({ type: 'PaymentDisputed', clear: { dispute: 'd1', amount } });
const chargedBack = (dispute: string, amount: number): PaymentEvent => ({
  type: 'ChargedBack',
  clear: { dispute, amount, reason: '4837' },
});

describe('Requesting a payment', () => {
  it('is the first thing that happens to it', () => {
    payment().when(request).then({ type: 'PaymentRequested', clear: terms, sealed: owner });
  });
  it('decides nothing when repeated, whatever became of the payment', () => {
    for (const past of [[requested], toAuthorised, [requested, declined], toCaptured, [requested, voidRequested]])
      payment(...past)
        .when(request)
        .thenNothing();
  });
  it.each([
    ['amount', { amount: 1251 }],
    ['currency', { currency: 'USD' }],
    ['merchant', { merchant: 'other' }],
    ['site', { site: 'other' }],
    ['device', { device: 'other' }],
    ['kind', { kind: 'visit' as const }],
  ])('is refused with another %s', (_what, other) => {
    payment(requested)
      .when({ ...request, ...other })
      .thenRefused('payment-already-requested');
  });
  it('is refused once the payment was abandoned', () => {
    payment(abandoned).when(request).thenRefused('payment-abandoned');
  });
  it.each([0, -1, 12.5, Number.NaN, Number.POSITIVE_INFINITY, 1_000_000_000])(
    'is refused for an amount of %d',
    (amount) => {
      payment()
        .when({ ...request, amount })
        .thenRefused('invalid-amount');
    },
  );
  it('takes the largest amount', () => {
    const amount = 999_999_999;
    payment()
      .when({ ...request, amount })
      .then({ type: 'PaymentRequested', clear: { ...terms, amount } });
  });
  it.each(['EURO', 'eur', 'XYZ', ''])('is refused in the currency %p', (currency) => {
    payment()
      .when({ ...request, currency })
      .thenRefused('invalid-currency');
  });
});

describe("The network's answer", () => {
  const yes: PaymentCommand = { type: 'RecordAuthorised', at: now, network: 'n1', reason: '00' };
  const no: PaymentCommand = { type: 'RecordDeclined', at: now, network: 'n1', reason: '51' };

  it('authorises or declines what was requested', () => {
    payment(requested).when(yes).then(authorised);
    payment(requested).when(no).then(declined);
  });
  it('decides nothing when heard again', () => {
    for (const past of [toAuthorised, toCapturing, toCaptured, [...toAuthorised, voidRequested, voided]])
      payment(...past)
        .when(yes)
        .thenNothing();
    payment(requested, declined).when(no).thenNothing();
  });
  it('is too late once a void was requested', () => {
    payment(requested, voidRequested).when(yes).thenRefused('payment-too-late');
    payment(requested, voidRequested, voided).when(yes).thenRefused('payment-too-late');
    payment(requested, voidRequested).when(no).thenRefused('payment-too-late');
  });
  it('is refused where it contradicts the first', () => {
    payment(...toAuthorised)
      .when(no)
      .thenRefused('payment-already-authorised');
    payment(requested, declined).when(yes).thenRefused('payment-declined');
    payment(...toAuthorised)
      .when({ ...yes, network: 'n2' })
      .thenRefused('payment-already-authorised');
  });
  it('is refused where nothing was asked', () => {
    payment().when(yes).thenRefused('payment-not-found');
    payment(abandoned).when(no).thenRefused('payment-abandoned');
  });
});

describe('Capturing', () => {
  const capture: PaymentCommand = { type: 'RequestCapture', at: now };

  it('takes all that was authorised, or less', () => {
    payment(...toAuthorised)
      .when(capture)
      .then(captureRequested);
    payment(...toAuthorised)
      .when({ ...capture, amount: 1000 })
      .then({ type: 'CaptureRequested', clear: { amount: 1000 } });
  });
  it('never takes more, or nothing', () => {
    payment(...toAuthorised)
      .when({ ...capture, amount: 1251 })
      .thenRefused('capture-too-large');
    payment(...toAuthorised)
      .when({ ...capture, amount: 0 })
      .thenRefused('invalid-amount');
  });
  it('decides nothing when repeated, and is refused with another amount', () => {
    for (const past of [toCapturing, toCaptured, [...toCapturing, captureRefused]]) {
      payment(...past)
        .when(capture)
        .thenNothing();
      payment(...past)
        .when({ ...capture, amount: 1 })
        .thenRefused('capture-already-requested');
    }
  });
  it('needs an authorisation', () => {
    payment().when(capture).thenRefused('payment-not-found');
    payment(requested).when(capture).thenRefused('payment-not-authorised');
    payment(requested, declined).when(capture).thenRefused('payment-declined');
    payment(...toAuthorised, voidRequested)
      .when(capture)
      .thenRefused('payment-voided');
  });
  it('is recorded once, as captured or refused', () => {
    payment(...toCapturing)
      .when({ type: 'RecordCaptured', at: now })
      .then(captured);
    payment(...toCaptured)
      .when({ type: 'RecordCaptured', at: now })
      .thenNothing();
    payment(...toCapturing)
      .when({ type: 'RecordCaptureRefused', at: now, reason: '05' })
      .then(captureRefused);
    payment(...toCapturing, captureRefused)
      .when({ type: 'RecordCaptureRefused', at: now, reason: '05' })
      .thenNothing();
  });
  it('is not recorded against what was recorded, or without intent', () => {
    payment(...toCaptured)
      .when({ type: 'RecordCaptureRefused', at: now, reason: '05' })
      .thenRefused('payment-already-captured');
    payment(...toCapturing, captureRefused)
      .when({ type: 'RecordCaptured', at: now })
      .thenRefused('capture-refused');
    payment(...toAuthorised)
      .when({ type: 'RecordCaptured', at: now })
      .thenRefused('capture-not-requested');
    payment().when({ type: 'RecordCaptured', at: now }).thenRefused('payment-not-found');
  });
});

describe('Going back', () => {
  const back: PaymentCommand = { type: 'RequestVoid', at: now, reason: 'cancelled' };

  it('voids what was requested or authorised', () => {
    payment(requested).when(back).then(voidRequested);
    payment(...toAuthorised)
      .when(back)
      .then(voidRequested);
  });
  it('decides nothing when repeated', () => {
    payment(requested, voidRequested).when(back).thenNothing();
    payment(requested, voidRequested, voided).when(back).thenNothing();
    payment(requested, voidRequested, voided).when({ type: 'RecordVoided', at: now }).thenNothing();
  });
  it('is refused from the capture on, and for what was declined or never asked', () => {
    payment(...toCapturing)
      .when(back)
      .thenRefused('capture-already-requested');
    payment(...toCaptured)
      .when(back)
      .thenRefused('capture-already-requested');
    payment(requested, declined).when(back).thenRefused('payment-declined');
    payment().when(back).thenRefused('payment-not-found');
  });
  it('is recorded after its intent only', () => {
    payment(requested, voidRequested).when({ type: 'RecordVoided', at: now }).then(voided);
    payment(requested).when({ type: 'RecordVoided', at: now }).thenRefused('void-not-requested');
    payment().when({ type: 'RecordVoided', at: now }).thenRefused('payment-not-found');
  });
  it('abandons only what was never requested', () => {
    const abandon: PaymentCommand = { type: 'AbandonPayment', at: now, reason: 'timeout' };
    payment().when(abandon).then(abandoned);
    payment(abandoned).when(abandon).thenNothing();
    payment(requested).when(abandon).thenRefused('payment-already-requested');
  });
});

describe('Refunding', () => {
  const refund = (reference: string, amount: number): PaymentCommand => ({
    type: 'RequestRefund',
    at: now,
    refund: reference,
    amount,
    reason: 'returned',
  });

  it('gives back in parts, up to what was captured', () => {
    payment(...toCaptured)
      .when(refund('r1', 1000))
      .then(refundRequested('r1', 1000));
    payment(...toCaptured, refundRequested('r1', 1000), refunded('r1', 1000))
      .when(refund('r2', 250))
      .then(refundRequested('r2', 250));
  });
  it('counts refunds on their way and made, and charge-backs; not refused ones', () => {
    payment(...toCaptured, refundRequested('r1', 1000))
      .when(refund('r2', 251))
      .thenRefused('refund-too-large');
    payment(...toCaptured, refundRequested('r1', 1000), refunded('r1', 1000))
      .when(refund('r2', 251))
      .thenRefused('refund-too-large');
    payment(...toCaptured, chargedBack('c1', 1000))
      .when(refund('r2', 251))
      .thenRefused('refund-too-large');
    payment(...toCaptured, refundRequested('r1', 1000), refundRefused('r1', 1000))
      .when(refund('r2', 1250))
      .then(refundRequested('r2', 1250));
  });
  it('decides nothing for a reference that is known, and refuses it with another amount', () => {
    for (const past of [[], [refunded('r1', 1000)], [refundRefused('r1', 1000)]]) {
      payment(...toCaptured, refundRequested('r1', 1000), ...past)
        .when(refund('r1', 1000))
        .thenNothing();
      payment(...toCaptured, refundRequested('r1', 1000), ...past)
        .when(refund('r1', 1))
        .thenRefused('refund-reference-used');
    }
  });
  it('needs a capture', () => {
    payment(...toCapturing)
      .when(refund('r1', 1))
      .thenRefused('payment-not-captured');
    payment().when(refund('r1', 1)).thenRefused('payment-not-found');
  });
  it('refuses nothing and less', () => {
    payment(...toCaptured)
      .when(refund('r1', 0))
      .thenRefused('invalid-amount');
    payment(...toCaptured)
      .when(refund('r1', -5))
      .thenRefused('invalid-amount');
  });
  it('takes so many refunds and no more', () => {
    const many = Array.from({ length: 100 }, (_, n) => [refundRequested(`m${n}`, 1), refunded(`m${n}`, 1)]).flat();
    payment(...toCaptured, ...many)
      .when(refund('r1', 1))
      .thenRefused('too-many-refunds');
  });

  const made: PaymentCommand = { type: 'RecordRefunded', at: now, refund: 'r1' };
  const failed: PaymentCommand = { type: 'RecordRefundRefused', at: now, refund: 'r1', reason: '05' };
  it('is recorded once, as made or refused', () => {
    payment(...toCaptured, refundRequested('r1', 10))
      .when(made)
      .then(refunded('r1', 10));
    payment(...toCaptured, refundRequested('r1', 10), refunded('r1', 10))
      .when(made)
      .thenNothing();
    payment(...toCaptured, refundRequested('r1', 10))
      .when(failed)
      .then(refundRefused('r1', 10));
    payment(...toCaptured, refundRequested('r1', 10), refundRefused('r1', 10))
      .when(failed)
      .thenNothing();
  });
  it('is not recorded against what was recorded, or unasked', () => {
    payment(...toCaptured, refundRequested('r1', 10), refunded('r1', 10))
      .when(failed)
      .thenRefused('refund-already-made');
    payment(...toCaptured, refundRequested('r1', 10), refundRefused('r1', 10))
      .when(made)
      .thenRefused('refund-already-refused');
    payment(...toCaptured)
      .when(made)
      .thenRefused('refund-not-found');
  });
});

describe('Disputing', () => {
  const dispute: PaymentCommand = {
    type: 'DisputePayment',
    at: now,
    dispute: 'd1',
    amount: 1250,
    said: 'That was not me',
    who: 'the member',
  };
  const takenAt = (moment: string) => given(paymentDecider, ...toCapturing, at<PaymentEvent>(moment, captured));

  it('keeps what was said sealed', () => {
    takenAt('2026-11-01T00:00:00.000Z')
      .when(dispute)
      .then({
        type: 'PaymentDisputed',
        clear: { dispute: 'd1', amount: 1250 },
        sealed: { said: 'That was not me', who: 'the member' },
      });
  });
  it('is possible for 120 days after the capture', () => {
    takenAt('2026-07-27T15:00:00.000Z').when(dispute).then(disputed(1250));
    takenAt('2026-07-27T14:59:59.999Z').when(dispute).thenRefused('dispute-too-late');
  });
  it('is one at a time, and decides nothing when repeated', () => {
    payment(...toCaptured, disputed(1250))
      .when(dispute)
      .thenNothing();
    payment(...toCaptured, disputed(1250))
      .when({ ...dispute, amount: 1 })
      .thenRefused('dispute-reference-used');
    payment(...toCaptured, disputed(1250))
      .when({ ...dispute, dispute: 'd2' })
      .thenRefused('dispute-open');
  });
  it('is about no more than is left', () => {
    given(paymentDecider, ...toCapturing, at<PaymentEvent>(now, captured), refundRequested('r1', 1))
      .when(dispute)
      .thenRefused('dispute-too-large');
    payment(...toAuthorised)
      .when(dispute)
      .thenRefused('payment-not-captured');
  });

  const forMember: PaymentCommand = {
    type: 'DecideDispute',
    at: now,
    dispute: 'd1',
    outcome: 'for-member',
    amount: 1250,
    refund: 'r1',
    said: 'The score was low',
    who: 'an admin',
  };
  const decided: PaymentEvent = {
    type: 'DisputeDecided',
    clear: { dispute: 'd1', outcome: 'for-member', amount: 1250 },
  };
  it('is decided for the member together with the intent to refund', () => {
    payment(...toCaptured, disputed(1250))
      .when(forMember)
      .then(
        { ...decided, sealed: { said: 'The score was low', who: 'an admin' } },
        { type: 'RefundRequested', clear: { refund: 'r1', amount: 1250, reason: 'dispute' } },
      );
  });
  it('is decided for the merchant with nothing given back', () => {
    payment(...toCaptured, disputed(1250))
      .when({ ...forMember, outcome: 'for-merchant', amount: 0 })
      .then({ type: 'DisputeDecided', clear: { dispute: 'd1', outcome: 'for-merchant', amount: 0 } });
    payment(...toCaptured, disputed(1250))
      .when({ ...forMember, outcome: 'for-merchant' })
      .thenRefused('invalid-amount');
  });
  it('is decided once', () => {
    payment(...toCaptured, disputed(1250), decided)
      .when(forMember)
      .thenNothing();
    payment(...toCaptured, disputed(1250), decided)
      .when({ ...forMember, amount: 1 })
      .thenRefused('dispute-already-decided');
    payment(...toCaptured)
      .when(forMember)
      .thenRefused('dispute-not-found');
  });
  it('never gives back more than was disputed or is left', () => {
    payment(...toCaptured, disputed(1000))
      .when(forMember)
      .thenRefused('award-too-large');
    payment(...toCaptured, disputed(1250), chargedBack('c1', 250))
      .when(forMember)
      .thenRefused('refund-too-large');
    payment(...toCaptured, disputed(1250))
      .when({ ...forMember, amount: 0 })
      .thenRefused('invalid-amount');
    payment(...toCaptured, disputed(1000), refundRequested('r1', 10))
      .when({ ...forMember, amount: 1000 })
      .thenRefused('refund-reference-used');
  });
  it('can still be decided for the member where everything went back already', () => {
    payment(...toCaptured, disputed(1250), chargedBack('c1', 1250))
      .when({ ...forMember, amount: 0 })
      .then({ type: 'DisputeDecided', clear: { dispute: 'd1', outcome: 'for-member', amount: 0 } });
  });
  it('may come again after a decision', () => {
    given(paymentDecider, ...toCapturing, at<PaymentEvent>(now, captured), disputed(1), {
      type: 'DisputeDecided',
      clear: { dispute: 'd1', outcome: 'for-merchant', amount: 0 },
    })
      .when({ ...dispute, dispute: 'd2' })
      .then({ type: 'PaymentDisputed', clear: { dispute: 'd2', amount: 1250 } });
  });
});

describe('A charge-back', () => {
  const chargeBack: PaymentCommand = {
    type: 'RecordChargedBack',
    at: '2031-01-01T00:00:00.000Z',
    dispute: 'c1',
    amount: 1250,
    reason: '4837',
  };
  it('is taken at any time after the capture, also on top of refunds', () => {
    payment(...toCaptured)
      .when(chargeBack)
      .then(chargedBack('c1', 1250));
    payment(...toCaptured, refundRequested('r1', 1250), refunded('r1', 1250))
      .when(chargeBack)
      .then(chargedBack('c1', 1250));
  });
  it('needs no key: the payment of one who is gone takes it as well', () => {
    const keyless: DomainEvent[] = toCaptured.map(({ type, clear }) => ({ type, clear }));
    payment(...(keyless as PaymentEvent[]))
      .when(chargeBack)
      .then(chargedBack('c1', 1250));
  });
  it('decides nothing when told again', () => {
    payment(...toCaptured, chargedBack('c1', 1250))
      .when(chargeBack)
      .thenNothing();
    payment(...toCaptured, chargedBack('c1', 1))
      .when(chargeBack)
      .thenRefused('charge-back-reference-used');
  });
  it('is never more than was captured', () => {
    payment(...toCaptured, chargedBack('c0', 1))
      .when(chargeBack)
      .thenRefused('charge-back-too-large');
    payment(...toCapturing)
      .when(chargeBack)
      .thenRefused('payment-not-captured');
  });
});

describe('Whoever finds a payment half-way', () => {
  const step = (...past: PaymentEvent[]) => nextStep(payment(...past).state);
  const outcome = (...past: PaymentEvent[]) => outcomeOf(payment(...past).state);

  it('knows what to do next', () => {
    expect(step()).toBeUndefined();
    expect(step(requested)).toEqual({ do: 'look-up' });
    expect(step(...toAuthorised)).toEqual({ do: 'capture-or-void' });
    expect(step(...toCapturing)).toEqual({ do: 'capture', amount: 1250 });
    expect(step(requested, voidRequested)).toEqual({ do: 'cancel' });
    expect(step(...toCaptured)).toBeUndefined();
    expect(nextSteps(payment(...toCaptured, refundRequested('r1', 1), refundRequested('r2', 2)).state)).toEqual([
      { do: 'refund', refund: 'r1', amount: 1 },
      { do: 'refund', refund: 'r2', amount: 2 },
    ]);
  });
  it('knows how the transaction ends', () => {
    expect(outcome(...toCaptured)).toBe('completed');
    expect(outcome(requested, declined)).toBe('declined');
    expect(outcome(...toCapturing, captureRefused)).toBe('refused');
    expect(outcome(requested, voidRequested, voided)).toBe('voided');
    expect(outcome(abandoned)).toBe('abandoned');
    for (const open of [[], [requested], toAuthorised, toCapturing, [requested, voidRequested]])
      expect(outcome(...open)).toBeUndefined();
  });
  it('knows the amounts', () => {
    const past = [...toCaptured, refundRequested('r1', 100), refunded('r1', 100), refundRequested('r2', 50)];
    expect(amountsOf(payment(...past, chargedBack('c1', 25)).state)).toEqual({
      requested: 1250,
      captured: 1250,
      refunded: 100,
      refundPending: 50,
      chargedBack: 25,
      left: 1075,
    });
    expect(amountsOf(payment(...past, chargedBack('c1', 1250)).state).left).toBe(0);
    expect(amountsOf(payment().state).requested).toBe(0);
    expect(openDispute(payment(...toCaptured, disputed(5)).state)).toEqual({ dispute: 'd1', amount: 5 });
    expect(openDispute(payment().state)).toBeUndefined();
  });
});
