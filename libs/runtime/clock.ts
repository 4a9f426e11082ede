/** Where time is read. Only a folder made for demo, test or seed may have one that is moved. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };

/** Now, as it stands in events: ISO 8601, UTC, milliseconds. */
export function isoNow(clock: Clock): string {
  return clock.now().toISOString();
}
