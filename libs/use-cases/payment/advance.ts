import type { PaymentState, PaymentStep } from '#libs/domain/payment/state.ts';
import { nextStep } from '#libs/domain/payment/state.ts';
import { never, Refused } from '#libs/domain/refused.ts';
import { isoNow } from '#libs/runtime/clock.ts';
import type { Deps } from '../deps.ts';
import { payments } from '../stream/aggregates.ts';
import { decideOn, type Who } from '../stream/decide.ts';
import { load } from '../stream/load.ts';

/** Before a capture is requested, whoever settles goes only back; after it, only forward. Only the till's own request goes forward before. */
export type Direction = 'back' | { readonly forwardWith: { readonly token: string } };

/**
 * Takes a payment as far as it goes, step by step: each intent is on the stream before the network is called, each call
 * stands under a key made from payment and step, so that doing it twice, or at once, changes nothing.
 * Throws the network's `OutcomeUnknown` where it gave no answer; then the payment stands where it stood.
 */
export async function advance(deps: Deps, payment: string, direction: Direction, who: Who): Promise<PaymentState> {
  for (;;) {
    const { state } = await load(deps.ledger, payments, payment);
    const step = nextStep(state);
    if (step === undefined) return state;
    try {
      await take(deps, payment, state, step, direction, who);
    } catch (error) {
      if (!(error instanceof Refused) || !(await hasMoved(deps, payment, state))) throw error;
    }
  }
}

/** Somebody else settles it at the same moment: what we wanted to write no longer fits, and the next step is another. */
async function hasMoved(deps: Deps, payment: string, from: PaymentState): Promise<boolean> {
  const { state } = await load(deps.ledger, payments, payment);
  return JSON.stringify(state) !== JSON.stringify(from);
}

/** The network's key for a step of a payment. */
export function networkKey(payment: string, step: string): string {
  return `${payment}/${step}`;
}

async function take(
  deps: Deps,
  payment: string,
  state: PaymentState,
  step: PaymentStep,
  direction: Direction,
  who: Who,
): Promise<void> {
  switch (step.do) {
    case 'look-up':
      return direction === 'back'
        ? goBack(deps, payment, who)
        : authorise(deps, payment, state, direction.forwardWith.token, who);
    case 'capture-or-void':
      return direction === 'back' ? goBack(deps, payment, who) : requestCapture(deps, payment, who);
    case 'capture':
      return capture(deps, payment, state, step.amount, who);
    case 'cancel':
      return cancel(deps, payment, who);
    case 'refund':
      return refund(deps, payment, state, step, who);
    default:
      return never(step);
  }
}

async function authorise(deps: Deps, payment: string, state: PaymentState, token: string, who: Who): Promise<void> {
  if (!('terms' in state)) return;
  const { amount, currency, merchant } = state.terms;
  const request = { key: networkKey(payment, 'authorise'), token, amount, currency, merchant };
  const answer = await deps.network.authorise(request, { deadlineMs: deps.policy.networkDeadlineMs });
  const told = { at: isoNow(deps.clock), network: answer.reference, reason: answer.reason };
  if (answer.outcome === 'declined')
    return void (await decideOn(deps, payments, payment, { type: 'RecordDeclined', ...told }, who));
  const intent = { type: 'RequestCapture', at: told.at } as const;
  await decideOn(deps, payments, payment, [{ type: 'RecordAuthorised', ...told }, intent], who);
}

async function requestCapture(deps: Deps, payment: string, who: Who): Promise<void> {
  await decideOn(deps, payments, payment, { type: 'RequestCapture', at: isoNow(deps.clock) }, who);
}

async function capture(deps: Deps, payment: string, state: PaymentState, amount: number, who: Who): Promise<void> {
  const request = { key: networkKey(payment, 'capture'), reference: referenceOf(state), amount };
  const answer = await deps.network.capture(request, { deadlineMs: deps.policy.networkDeadlineMs });
  const at = isoNow(deps.clock);
  const command =
    answer.outcome === 'captured'
      ? ({ type: 'RecordCaptured', at } as const)
      : ({ type: 'RecordCaptureRefused', at, reason: answer.reason } as const);
  await decideOn(deps, payments, payment, command, who);
}

async function goBack(deps: Deps, payment: string, who: Who): Promise<void> {
  await decideOn(
    deps,
    payments,
    payment,
    { type: 'RequestVoid', at: isoNow(deps.clock), reason: 'not-completed' },
    who,
  );
}

async function cancel(deps: Deps, payment: string, who: Who): Promise<void> {
  const request = { key: networkKey(payment, 'cancel'), cancels: networkKey(payment, 'authorise') };
  const answer = await deps.network.cancel(request, { deadlineMs: deps.policy.networkDeadlineMs });
  // Nothing is captured before CaptureRequested, and after it there is no VoidRequested: a refusal is a broken promise of the network.
  if (answer.outcome !== 'cancelled') throw new Error('the card network captured what was never asked of it');
  await decideOn(deps, payments, payment, { type: 'RecordVoided', at: isoNow(deps.clock) }, who);
}

async function refund(
  deps: Deps,
  payment: string,
  state: PaymentState,
  step: Extract<PaymentStep, { do: 'refund' }>,
  who: Who,
): Promise<void> {
  const request = {
    key: networkKey(payment, `refund/${step.refund}`),
    reference: referenceOf(state),
    amount: step.amount,
  };
  const answer = await deps.network.refund(request, { deadlineMs: deps.policy.networkDeadlineMs });
  const told = { at: isoNow(deps.clock), refund: step.refund };
  const command =
    answer.outcome === 'refunded'
      ? ({ type: 'RecordRefunded', ...told } as const)
      : ({ type: 'RecordRefundRefused', ...told, reason: answer.reason } as const);
  await decideOn(deps, payments, payment, command, who);
}

/** The network's own reference of the authorisation: by it a refund works long after the person is gone. */
function referenceOf(state: PaymentState): string {
  if ('network' in state && typeof state.network === 'string') return state.network;
  throw new Error('a step of the network needs an authorisation');
}
