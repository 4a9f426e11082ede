import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { OneIdEvent } from '#libs/domain/one-id/events.ts';
import type { StoredRecord } from '#libs/ledger/port.ts';
import { write } from '#libs/topics/topics.contract.ts';
import { feedIndex } from './index-feeder.ts';
import { openHouse, type House } from './pipelines.fixture.ts';

const palm = (reference: string): OneIdEvent => ({
  type: 'PalmEnrolled',
  clear: { palm: reference, hand: 'left', modelVersion: '1' },
});
const consent: OneIdEvent = { type: 'ConsentGiven', clear: { version: '1' } };

describe('The index feeder', () => {
  let house: House;
  let stop: AbortController;
  beforeEach(async () => {
    house = await openHouse();
    stop = new AbortController();
  });
  afterEach(() => house.close());
  const eventually = async (holds: () => boolean): Promise<void> => {
    for (let tries = 0; tries < 500 && !holds(); tries += 1) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(holds()).toBe(true);
  };

  it('hands over what concerns the index, in order, and tells again and again that it is at the end', async () => {
    const taken: string[] = [];
    const ends: bigint[] = [];
    const handler = {
      take: async ({ type }: StoredRecord) => void taken.push(type),
      passed: (position: bigint, atEnd: boolean) => {
        if (atEnd) ends.push(position);
      },
    };
    await write(house.ledger, 'oneId-a', consent, palm('p1'), { type: 'Paused', clear: { reason: 'member' } });
    const metrics = { lag: () => {}, parked: () => {}, failed: () => {} };
    const feeding = { ledger: house.ledger, handler, after: 0n, signal: stop.signal, metrics, everyMs: 5 };
    const fed = feedIndex(feeding);
    const head = await house.ledger.head();
    await eventually(() => ends.filter((position) => position === head).length >= 3);
    expect(taken).toEqual(['PalmEnrolled', 'Paused']);
    stop.abort();
    await fed;
  });

  it('brings a record again until it is taken, lets none pass it, and is at no end meanwhile', async () => {
    const taken: string[] = [];
    const failures: string[] = [];
    let broken = true;
    let atEndWhileBroken = false;
    const handler = {
      take: async ({ clear }: StoredRecord) => {
        const { palm } = JSON.parse(clear) as { palm: string };
        if (palm === 'p2' && broken) throw new Error('vault away');
        taken.push(palm);
      },
      passed: (_position: bigint, atEnd: boolean) => {
        atEndWhileBroken ||= atEnd && broken;
      },
    };
    await write(house.ledger, 'oneId-a', palm('p1'), palm('p2'), palm('p3'));
    const metrics = { lag: () => {}, parked: () => {}, failed: (name: string) => void failures.push(name) };
    const feeding = { ledger: house.ledger, handler, after: 0n, signal: stop.signal, metrics, everyMs: 1, firstMs: 1 };
    const fed = feedIndex(feeding);
    await eventually(() => failures.length >= 3);
    expect(taken).toEqual(['p1']);
    expect(atEndWhileBroken).toBe(false);
    broken = false;
    await eventually(() => taken.length === 3);
    expect(taken).toEqual(['p1', 'p2', 'p3']);
    expect(failures[0]).toBe('index');
    stop.abort();
    await fed;
  });
});
