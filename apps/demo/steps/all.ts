import { remember, replay } from './audit.ts';
import { addCardAndPhone, addPalm, linkAccount } from './change.ts';
import { credentials } from './check.ts';
import { disputed } from './dispute.ts';
import { enrol, enrolKnown } from './enrol.ts';
import { adminErasure, unusedForTwoYears } from './erase.ts';
import { followTopics } from './follow.ts';
import { download, leave, refundAfterwards } from './leave.ts';
import { expenses, history, messages, whoLooked } from './look-back.ts';
import { declined, pausedAndRefused, pay, recognise, refundInPart, stranger } from './pay.ts';
import { setUp } from './set-up.ts';
import type { Step } from './step.ts';
import { shopWithoutCheckout } from './visit.ts';

export type { Step } from './step.ts';

/** A member's whole life, in the order in which it is played. */
export const steps: readonly Step[] = [
  setUp,
  enrol,
  remember,
  recognise,
  pay,
  linkAccount,
  declined,
  refundInPart,
  addPalm,
  addCardAndPhone,
  pausedAndRefused,
  shopWithoutCheckout,
  credentials,
  stranger,
  enrolKnown,
  disputed,
  expenses,
  history,
  messages,
  replay,
  whoLooked,
  followTopics,
  download,
  leave,
  refundAfterwards,
  adminErasure,
  unusedForTwoYears,
];
