import { never } from '../refused.ts';
import {
  approveErasure,
  holdErasure,
  refuseErasure,
  releaseErasure,
  startErasure,
  withdrawErasureProcess,
} from './before-destruction.ts';
import type { ErasureCommand } from './commands.ts';
import type { ErasureEvent } from './events.ts';
import type { ErasureState } from './state.ts';
import {
  acknowledge,
  beginDestruction,
  certify,
  destroyErasureKey,
  markOverdue,
  settleTransactions,
  take,
} from './steps.ts';

export function decide(command: ErasureCommand, state: ErasureState): readonly ErasureEvent[] {
  switch (command.type) {
    case 'StartErasure':
      return startErasure(command, state);
    case 'ApproveErasure':
      return approveErasure(command, state);
    case 'RefuseErasure':
      return refuseErasure(command, state);
    case 'WithdrawErasureProcess':
      return withdrawErasureProcess(command, state);
    case 'HoldErasure':
      return holdErasure(command, state);
    case 'ReleaseErasure':
      return releaseErasure(command, state);
    case 'RecordTransactionsSettled':
      return settleTransactions(command, state);
    case 'BeginDestruction':
      return beginDestruction(command, state);
    case 'RecordIndexCleared':
      return take({ type: 'IndexCleared', clear: { epoch: command.epoch } }, state);
    case 'RecordViewsPurged':
      return take({ type: 'ViewsPurged', clear: {} }, state);
    case 'RecordLastMessageSent':
      return take({ type: 'LastMessageSent', clear: { messages: command.messages } }, state);
    case 'RecordKeysDestroyed': {
      const { epoch, keys, copies } = command;
      return take({ type: 'KeysDestroyed', clear: { epoch, keys, copies } }, state);
    }
    case 'RecordStreamPruned':
      return take({ type: 'StreamPruned', clear: { records: command.records } }, state);
    case 'RecordTombstonesPublished': {
      const { subscribers, acknowledgeBy } = command;
      return take({ type: 'TombstonesPublished', clear: { subscribers, acknowledgeBy } }, state);
    }
    case 'AcknowledgeErasure':
      return acknowledge(command, state);
    case 'MarkSubscriberOverdue':
      return markOverdue(command, state);
    case 'RecordErasureKeyDestroyed':
      return destroyErasureKey(command, state);
    case 'CertifyErasure':
      return certify(command, state);
    default:
      return never(command);
  }
}
