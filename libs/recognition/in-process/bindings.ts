import type { CaptureBinding } from '#libs/device-protocol/purpose.ts';

/** Two bindings are the same when, and only when, these are. */
export function printOf({ device, merchant, purpose, amount, currency, request }: CaptureBinding): string {
  return JSON.stringify([device, merchant, purpose, amount ?? null, currency ?? null, request]);
}

/** The same without the request: two requests of one attempt at one till. */
export function printOfAttempt(binding: CaptureBinding): string {
  return printOf({ ...binding, request: '' });
}

/** An amount is a whole number of minor units and comes with its currency; a payment always has both. */
export function isWellFormed({ device, merchant, purpose, amount, currency, request }: CaptureBinding): boolean {
  if (device === '' || merchant === '' || request === '') return false;
  if ((amount === undefined) !== (currency === undefined)) return false;
  if (purpose === 'pay' && amount === undefined) return false;
  return amount === undefined || (Number.isSafeInteger(amount) && amount >= 0 && /^[A-Z]{3}$/.test(currency!));
}
