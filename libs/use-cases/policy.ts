import type { Policy } from './deps.ts';

export const defaultPolicy: Policy = {
  networkDeadlineMs: 4_000,
  settlePaymentSeconds: 120,
  settleVisitSeconds: 6 * 3_600,
  enrolmentHours: 24,
  changeHours: 72,
  erasureDueDays: 30,
  acknowledgeDays: 14,
  consentVersion: '2026-11',
};
