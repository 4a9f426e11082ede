import { timingSafeEqual } from 'node:crypto';

/** Every phone is compared, each in constant time. */
export function isAmong(digits: string, phones: readonly string[]): boolean {
  const said = Buffer.from(digits);
  return phones
    .map((lastFour) => Buffer.from(lastFour))
    .reduce((found, held) => (held.length === said.length && timingSafeEqual(held, said)) || found, false);
}
