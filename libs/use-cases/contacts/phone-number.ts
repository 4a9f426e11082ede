import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { Refused } from '#libs/domain/refused.ts';

/** A phone number as E.164. Throws `phone-invalid`; what was given is never repeated in the answer. */
export function phoneNumber(given: string): string {
  const parsed = parsePhoneNumberFromString(given);
  if (parsed === undefined || !parsed.isPossible()) {
    throw new Refused('phone-invalid', 'this is no phone number with its country code', 'invalid');
  }
  return parsed.number;
}
