import type { Decider } from '../decider.ts';
import { never } from '../refused.ts';
import { abandonPayment, recordAuthorised, recordDeclined, requestPayment } from './authorise.ts';
import { recordCaptured, recordCaptureRefused, recordVoided, requestCapture, requestVoid } from './capture.ts';
import type { PaymentCommand } from './commands.ts';
import { decideDispute, disputePayment, recordChargedBack } from './dispute.ts';
import type { PaymentEvent } from './events.ts';
import { evolve } from './evolve.ts';
import { recordRefunded, recordRefundRefused, requestRefund } from './refund.ts';
import { noPayment } from './state.ts';
import type { PaymentState } from './state.ts';

export const paymentDecider: Decider<PaymentState, PaymentCommand, PaymentEvent> = {
  initialState: noPayment,
  evolve,
  decide,
};

function decide(command: PaymentCommand, state: PaymentState): readonly PaymentEvent[] {
  switch (command.type) {
    case 'RequestPayment':
      return requestPayment(command, state);
    case 'RecordAuthorised':
      return recordAuthorised(command, state);
    case 'RecordDeclined':
      return recordDeclined(command, state);
    case 'AbandonPayment':
      return abandonPayment(command, state);
    case 'RequestCapture':
      return requestCapture(command, state);
    case 'RecordCaptured':
      return recordCaptured(state);
    case 'RecordCaptureRefused':
      return recordCaptureRefused(command, state);
    case 'RequestVoid':
      return requestVoid(command, state);
    case 'RecordVoided':
      return recordVoided(state);
    case 'RequestRefund':
      return requestRefund(command, state);
    case 'RecordRefunded':
      return recordRefunded(command, state);
    case 'RecordRefundRefused':
      return recordRefundRefused(command, state);
    case 'DisputePayment':
      return disputePayment(command, state);
    case 'DecideDispute':
      return decideDispute(command, state);
    case 'RecordChargedBack':
      return recordChargedBack(command, state);
    default:
      return never(command);
  }
}
