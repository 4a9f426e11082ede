import { describe, expect, it } from '@jest/globals';
import { watchClock, type ClockMemory, type ClockSeen } from './clock-watch.ts';

const START = Date.parse('2026-11-24T15:00:00.000Z');
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

function memory(seen?: ClockSeen): ClockMemory & { readonly last: () => ClockSeen | undefined } {
  let kept = seen;
  return { load: () => kept, save: (next) => void (kept = next), last: () => kept };
}

describe('The watch over the clock', () => {
  const clock = { wall: START, mono: 0 };
  const options = (kept: ClockMemory) => ({
    now: () => new Date(clock.wall),
    elapsed: () => clock.mono,
    memory: kept,
  });
  const pass = (wall: number, mono = wall): void => {
    clock.wall += wall;
    clock.mono += mono;
  };

  it('given a clock that goes with the time that passes, believes it', () => {
    const watch = watchClock(options(memory()));
    pass(HOUR);
    expect(watch.look()).toBe(true);
    pass(30 * DAY);
    expect(watch.look()).toBe(true);
  });

  it.each([
    ['forward by years', 2 * 365 * DAY],
    ['back by an hour', -HOUR],
  ])('given a jump %s, stops until an admin has confirmed it', (_, jump) => {
    const watch = watchClock(options(memory()));
    pass(jump, 1_000);
    expect(watch.look()).toBe(false);
    pass(HOUR);
    expect(watch.look()).toBe(false);
    expect(watch.status()).toMatchObject({ stopped: true });
    watch.confirm();
    pass(HOUR);
    expect(watch.look()).toBe(true);
    expect(watch.status()).toEqual({ stopped: false });
  });

  it('given a stop, still stands still after a restart', () => {
    const kept = memory();
    const watch = watchClock(options(kept));
    pass(100 * DAY, 1_000);
    watch.look();
    expect(watchClock(options(kept)).look()).toBe(false);
  });

  it('given a clock that jumped while nobody ran, stops; given a night off, goes on', () => {
    const seen = new Date(clock.wall).toISOString();
    pass(100 * DAY, 0);
    expect(watchClock(options(memory({ at: seen }))).look()).toBe(false);
    const yesterday = new Date(clock.wall - DAY).toISOString();
    expect(watchClock(options(memory({ at: yesterday }))).look()).toBe(true);
    const tomorrow = new Date(clock.wall + DAY).toISOString();
    expect(watchClock(options(memory({ at: tomorrow }))).look()).toBe(false);
  });
});
