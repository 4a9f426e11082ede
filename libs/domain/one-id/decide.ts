import { never } from '../refused.ts';
import type { OneIdCommand } from './commands.ts';
import type { OneIdEvent } from './events.ts';
import type { OneIdState } from './state.ts';
import { startEnrolment, giveConsent, withdrawConsent, completeEnrolment } from './enrolment.ts';
import {
  enrolPalm,
  replacePalm,
  updatePalmSignature,
  markPalmMatchable,
  markPalmDuplicate,
  removePalm,
} from './palms.ts';
import { addCard, makeCardDefault, removeCard } from './cards.ts';
import { addPhone, verifyPhone, removePhone } from './phones.ts';
import { linkAccount, unlinkAccount, grantCredential, revokeCredential } from './links.ts';
import { openTransaction, closeTransaction } from './transactions.ts';
import { announceChange, withdrawChange, letChangeTakeEffect, confirmChangeByPalm } from './changes.ts';
import { pause, unpause, suspend, resume } from './standing.ts';
import { warnOfExpiry, expire } from './expiry.ts';
import {
  requestErasure,
  withdrawErasure,
  placeLegalHold,
  releaseLegalHold,
  recordLook,
  beginKeyDestruction,
  recordKeyDestroyed,
  markErased,
} from './erasing.ts';

/** Which rule answers which command; the rules stand by subject beside this file. */
export function decide(command: OneIdCommand, state: OneIdState): readonly OneIdEvent[] {
  switch (command.type) {
    case 'StartEnrolment':
      return startEnrolment(command, state);
    case 'GiveConsent':
      return giveConsent(command, state);
    case 'WithdrawConsent':
      return withdrawConsent(command, state);
    case 'CompleteEnrolment':
      return completeEnrolment(command, state);
    case 'EnrolPalm':
      return enrolPalm(command, state);
    case 'ReplacePalm':
      return replacePalm(command, state);
    case 'UpdatePalmSignature':
      return updatePalmSignature(command, state);
    case 'MarkPalmMatchable':
      return markPalmMatchable(command, state);
    case 'MarkPalmDuplicate':
      return markPalmDuplicate(command, state);
    case 'RemovePalm':
      return removePalm(command, state);
    case 'AddCard':
      return addCard(command, state);
    case 'MakeCardDefault':
      return makeCardDefault(command, state);
    case 'RemoveCard':
      return removeCard(command, state);
    case 'AddPhone':
      return addPhone(command, state);
    case 'VerifyPhone':
      return verifyPhone(command, state);
    case 'RemovePhone':
      return removePhone(command, state);
    case 'LinkAccount':
      return linkAccount(command, state);
    case 'UnlinkAccount':
      return unlinkAccount(command, state);
    case 'GrantCredential':
      return grantCredential(command, state);
    case 'RevokeCredential':
      return revokeCredential(command, state);
    case 'OpenTransaction':
      return openTransaction(command, state);
    case 'CloseTransaction':
      return closeTransaction(command, state);
    case 'AnnounceChange':
      return announceChange(command, state);
    case 'WithdrawChange':
      return withdrawChange(command, state);
    case 'LetChangeTakeEffect':
      return letChangeTakeEffect(command, state);
    case 'ConfirmChangeByPalm':
      return confirmChangeByPalm(command, state);
    case 'Pause':
      return pause(command, state);
    case 'Unpause':
      return unpause(command, state);
    case 'Suspend':
      return suspend(command, state);
    case 'Resume':
      return resume(command, state);
    case 'WarnOfExpiry':
      return warnOfExpiry(command, state);
    case 'Expire':
      return expire(command, state);
    case 'RequestErasure':
      return requestErasure(command, state);
    case 'WithdrawErasure':
      return withdrawErasure(command, state);
    case 'PlaceLegalHold':
      return placeLegalHold(command, state);
    case 'ReleaseLegalHold':
      return releaseLegalHold(command, state);
    case 'RecordLook':
      return recordLook(command, state);
    case 'BeginKeyDestruction':
      return beginKeyDestruction(command, state);
    case 'RecordKeyDestroyed':
      return recordKeyDestroyed(command, state);
    case 'MarkErased':
      return markErased(command, state);
    default:
      return never(command);
  }
}
