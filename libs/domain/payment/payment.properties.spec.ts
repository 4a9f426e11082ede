import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { live } from '#libs/testing/life.ts';
import type { PaymentCommand } from './commands.ts';
import { paymentDecider } from './decider.ts';
import type { PaymentEvent } from './events.ts';
import { amountsOf } from './state.ts';

const at = fc.constantFrom('2026-11-24T15:00:00.000Z', '2026-12-24T15:00:00.000Z', '2027-12-24T15:00:00.000Z');
const amount = fc.oneof(fc.constantFrom(1, 10, 60, 100), fc.integer({ min: -5, max: 130 }));
const reference = fc.constantFrom('a', 'b', 'c', 'd');
const network = fc.constantFrom('n1', 'n2');
const reason = fc.constant('r');
const secret = 'planted-secret';

const kinds: Record<PaymentCommand['type'], fc.Arbitrary<PaymentCommand>> = {
  RequestPayment: fc.record({
    type: fc.constant('RequestPayment' as const),
    at,
    merchant: fc.constant('m'),
    site: fc.constant('s'),
    device: fc.constant('d'),
    amount: fc.constantFrom(100, 100, 100, 50),
    currency: fc.constant('EUR'),
    kind: fc.constant('sale' as const),
    owner: fc.constant({ oneId: secret, transaction: 1, card: secret, pseudonym: secret }),
  }),
  RecordAuthorised: fc.record({ type: fc.constant('RecordAuthorised' as const), at, network, reason }),
  RecordDeclined: fc.record({ type: fc.constant('RecordDeclined' as const), at, network, reason }),
  RequestCapture: fc.record(
    { type: fc.constant('RequestCapture' as const), at, amount },
    { requiredKeys: ['type', 'at'] },
  ),
  RecordCaptured: fc.record({ type: fc.constant('RecordCaptured' as const), at }),
  RecordCaptureRefused: fc.record({ type: fc.constant('RecordCaptureRefused' as const), at, reason }),
  RequestVoid: fc.record({ type: fc.constant('RequestVoid' as const), at, reason }),
  RecordVoided: fc.record({ type: fc.constant('RecordVoided' as const), at }),
  AbandonPayment: fc.record({ type: fc.constant('AbandonPayment' as const), at, reason }),
  RequestRefund: fc.record({ type: fc.constant('RequestRefund' as const), at, refund: reference, amount, reason }),
  RecordRefunded: fc.record({ type: fc.constant('RecordRefunded' as const), at, refund: reference }),
  RecordRefundRefused: fc.record({ type: fc.constant('RecordRefundRefused' as const), at, refund: reference, reason }),
  DisputePayment: fc.record({
    type: fc.constant('DisputePayment' as const),
    at,
    dispute: reference,
    amount,
    said: fc.constant(secret),
    who: fc.constant(secret),
  }),
  DecideDispute: fc.record({
    type: fc.constant('DecideDispute' as const),
    at,
    dispute: reference,
    outcome: fc.constantFrom('for-member' as const, 'for-merchant' as const),
    amount,
    refund: reference,
    said: fc.constant(secret),
    who: fc.constant(secret),
  }),
  RecordChargedBack: fc.record({
    type: fc.constant('RecordChargedBack' as const),
    at,
    dispute: reference,
    amount,
    reason,
  }),
};
const anything = fc.oneof(...Object.values(kinds));
/** Most lives are to reach the capture, or the money rules would seldom be tried. */
const way = fc.constantFrom<PaymentCommand['type'][]>(
  ['RequestPayment', 'RecordAuthorised', 'RequestCapture', 'RecordCaptured'],
  ['RequestPayment', 'RecordAuthorised', 'RequestCapture'],
  ['RequestPayment', 'RequestVoid'],
  [],
);
const life = fc
  .tuple(
    way.chain((types) => fc.tuple(...types.map((type) => kinds[type]))),
    fc.array(anything, { maxLength: 40 }),
  )
  .map(([first, then]) => [...first, ...then]);

const isA =
  <Type extends PaymentEvent['type']>(type: Type) =>
  (event: PaymentEvent): event is Extract<PaymentEvent, { type: Type }> =>
    event.type === type;
const sum = (events: readonly { clear: { amount: number } }[]) =>
  events.reduce((total, { clear }) => total + clear.amount, 0);

describe('In any life of a payment', () => {
  it('a repeated command decides nothing, and folding needs no key', () => {
    fc.assert(
      fc.property(life, (commands) => {
        const { state } = live(paymentDecider, commands);
        expect(JSON.stringify(state)).not.toContain(secret);
      }),
      { numRuns: 300 },
    );
  });

  it('it is captured at most once, for no more than was authorised, and never after a void', () => {
    fc.assert(
      fc.property(life, (commands) => {
        const { events } = live(paymentDecider, commands);
        const captures = events.filter(isA('PaymentCaptured'));
        expect(captures.length).toBeLessThanOrEqual(1);
        expect(events.filter(isA('CaptureRequested')).length).toBeLessThanOrEqual(1);
        if (captures.length === 0) return;
        expect(sum(captures)).toBeLessThanOrEqual(sum(events.filter(isA('PaymentRequested'))));
        expect(events.some(({ type }) => type === 'VoidRequested' || type === 'PaymentVoided')).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  it('no more is refunded than was captured, and no refund begins beyond what charge-backs left', () => {
    fc.assert(
      fc.property(life, (commands) => {
        const { events, states } = live(paymentDecider, commands);
        expect(sum(events.filter(isA('PaymentRefunded')))).toBeLessThanOrEqual(
          sum(events.filter(isA('PaymentCaptured'))),
        );
        states.reduce((before, after) => {
          const [was, is] = [amountsOf(before), amountsOf(after)];
          if (is.refundPending > was.refundPending)
            expect(is.refunded + is.refundPending).toBeLessThanOrEqual(is.captured - is.chargedBack);
          return after;
        }, paymentDecider.initialState);
      }),
      { numRuns: 300 },
    );
  });
});
