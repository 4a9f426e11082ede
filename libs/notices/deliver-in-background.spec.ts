import { describe, expect, it } from '@jest/globals';
import { deliverInBackground } from './deliver-in-background.ts';

const NOTHING = { sent: 0, failed: 0, gone: 0, late: 0 };

describe('delivery in the background', () => {
  it('has one round at a time, and another one for what came meanwhile', async () => {
    let rounds = 0;
    let release = (): void => undefined;
    const deliver = () => {
      rounds += 1;
      return new Promise<typeof NOTHING>((resolve) => (release = () => resolve(NOTHING)));
    };
    const delivery = deliverInBackground({ deliver }, { everyMs: 60_000, failed: () => undefined });
    delivery.nudge();
    delivery.nudge();
    delivery.nudge();
    expect(rounds).toBe(1);
    release();
    await new Promise((resolve) => setImmediate(resolve));
    expect(rounds).toBe(2);
    const stopped = delivery.stop();
    release();
    await stopped;
    delivery.nudge();
    expect(rounds).toBe(2);
  });

  it('goes on after a round that broke', async () => {
    const failures: unknown[] = [];
    let rounds = 0;
    const deliver = () => (++rounds === 1 ? Promise.reject(new Error('broken')) : Promise.resolve(NOTHING));
    const delivery = deliverInBackground({ deliver }, { everyMs: 60_000, failed: (error) => failures.push(error) });
    delivery.nudge();
    await new Promise((resolve) => setImmediate(resolve));
    delivery.nudge();
    await delivery.stop();
    expect([rounds, failures.length]).toEqual([2, 1]);
  });
});
