/** A phone number of which only the last two digits can be read: `+41•••••••67`. */
export function masked(number: string): string {
  const country = number.slice(0, 3);
  return `${country}${'•'.repeat(Math.max(0, number.length - 5))}${number.slice(-2)}`;
}
