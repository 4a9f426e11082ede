import { UTCDate } from '@date-fns/utc';
import { addYears, subDays } from 'date-fns';
import type { Expire, WarnOfExpiry } from './commands.ts';
import type { OneIdEvent } from './events.ts';
import { living } from './guards.ts';
import type { Holding, OneIdState } from './state.ts';

const YEARS_UNUSED = 2;
const FIRST_WARNING_DAYS = 60;
const LAST_WARNING_DAYS = 7;

/**
 * When it expires, ISO 8601: two calendar years (UTC) after the last device interaction; from 29 February to 28 February.
 * Where the first warning came late, a week after that warning: nobody loses a One ID without having been told in time.
 */
export function expiresOn(state: Holding): string {
  return state.warnings[0]?.expiresOn ?? twoYearsAfter(state.lastDeviceAt);
}

/** What the calendar asks for at `now`. The scheduler only finds candidates by it; the stream decides. */
export function expiryStep(state: OneIdState, now: string): 'none' | 'warn' | 'expire' {
  if (state.status !== 'active') return 'none';
  const on = expiresOn(state);
  const [last] = state.warnings.slice(-1);
  if (!last) return now >= daysBefore(on, FIRST_WARNING_DAYS) ? 'warn' : 'none';
  if (now >= on) return state.transactions.open.length === 0 ? 'expire' : 'none';
  const lastFrom = daysBefore(on, LAST_WARNING_DAYS);
  return now >= lastFrom && last.at < lastFrom ? 'warn' : 'none';
}

/** The next moment at which `expiryStep` may say something; for a scheduler to wait for. */
export function expiryLookedAtOn(state: OneIdState): string | undefined {
  if (state.status !== 'active') return undefined;
  const on = expiresOn(state);
  const [last] = state.warnings.slice(-1);
  if (!last) return daysBefore(on, FIRST_WARNING_DAYS);
  const lastFrom = daysBefore(on, LAST_WARNING_DAYS);
  return last.at < lastFrom ? lastFrom : on;
}

/** Two warnings: two months before, and a week before. Decides nothing where none is due. */
export function warnOfExpiry(command: WarnOfExpiry, state: OneIdState): readonly OneIdEvent[] {
  const one = living(state);
  if (expiryStep(one, command.at) !== 'warn') return [];
  const inAWeek = subDays(new UTCDate(command.at), -LAST_WARNING_DAYS).toISOString();
  const on = expiresOn(one);
  return [{ type: 'ExpiryWarned', clear: { expiresOn: on > inAWeek ? on : inAWeek } }];
}

/** Never while something is open: who is in a shop is using it. A legal hold does not stop it, only the destruction. */
export function expire(command: Expire, state: OneIdState): readonly OneIdEvent[] {
  const one = living(state);
  if (expiryStep(one, command.at) !== 'expire') return [];
  return [{ type: 'OneIdExpired', clear: { expiresOn: expiresOn(one) } }];
}

function twoYearsAfter(at: string): string {
  return addYears(new UTCDate(at), YEARS_UNUSED).toISOString();
}

function daysBefore(at: string, days: number): string {
  return subDays(new UTCDate(at), days).toISOString();
}
