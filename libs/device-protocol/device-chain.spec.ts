import { describe, expect, it } from '@jest/globals';
import { chainStart, followChain, type ChainState } from './device-chain.ts';

const first = chainStart('v0');

function follow(state: ChainState, last: string, print: string, created: number, fresh: string) {
  return followChain(state, { last, print, created }, fresh);
}

function passed(state: ChainState, last: string, print: string, created: number, fresh: string): ChainState {
  const verdict = follow(state, last, print, created, fresh);
  if (verdict.verdict !== 'passed') throw new Error(verdict.verdict);
  expect(verdict.next).toBe(fresh);
  return verdict.state;
}

describe('the chain of a device', () => {
  it('goes on from the value that was given last', () => {
    const one = passed(first, 'v0', 'a', 10, 'v1');
    expect(follow(one, 'v1', 'b', 11, 'v2')).toMatchObject({ verdict: 'passed', lostAnswer: false });
  });

  it('answers the very same request, signed again, with the same value, as often as it comes', () => {
    const one = passed(first, 'v0', 'a', 10, 'v1');
    expect(follow(one, 'v0', 'a', 12, 'v2')).toEqual({ verdict: 'repeated', next: 'v1' });
    expect(follow(one, 'v0', 'a', 13, 'v3')).toEqual({ verdict: 'repeated', next: 'v1' });
  });

  it('believes one lost answer', () => {
    const one = passed(first, 'v0', 'a', 10, 'v1');
    const verdict = follow(one, 'v0', 'b', 11, 'v2');
    expect(verdict).toMatchObject({ verdict: 'passed', next: 'v2', lostAnswer: true });
  });

  it('suspects two lost answers in a row', () => {
    const one = passed(first, 'v0', 'a', 10, 'v1');
    const two = passed(one, 'v0', 'b', 11, 'v2');
    expect(follow(two, 'v0', 'c', 12, 'v3')).toEqual({ verdict: 'suspected', reason: 'fork' });
  });

  it('suspects the value that a lost answer is said to have carried, once another has been given', () => {
    const one = passed(first, 'v0', 'a', 10, 'v1');
    const cloneCameIn = passed(one, 'v0', 'clone', 11, 'v2');
    expect(follow(cloneCameIn, 'v1', 'owner', 12, 'v3')).toMatchObject({ verdict: 'suspected' });
  });

  it('believes a lost answer again after one that arrived', () => {
    const one = passed(first, 'v0', 'a', 10, 'v1');
    const two = passed(one, 'v0', 'b', 11, 'v2');
    const three = passed(two, 'v2', 'c', 12, 'v3');
    expect(follow(three, 'v2', 'd', 13, 'v4')).toMatchObject({ verdict: 'passed', lostAnswer: true });
  });

  it('suspects an old value, and one that was never given', () => {
    const two = passed(passed(first, 'v0', 'a', 10, 'v1'), 'v1', 'b', 11, 'v2');
    expect(follow(two, 'v0', 'c', 12, 'v3')).toMatchObject({ verdict: 'suspected' });
    expect(follow(two, 'made up', 'c', 12, 'v3')).toMatchObject({ verdict: 'suspected' });
  });

  it('refuses, without suspicion, what was signed before the last request', () => {
    const two = passed(passed(first, 'v0', 'a', 10, 'v1'), 'v1', 'b', 20, 'v2');
    expect(follow(two, 'v0', 'a', 10, 'v3')).toEqual({ verdict: 'overtaken' });
    expect(follow(two, 'v1', 'late', 15, 'v3')).toEqual({ verdict: 'overtaken' });
  });

  it('suspects any value but the first of a device that has not spoken yet', () => {
    expect(follow(first, 'none', 'a', 10, 'v1')).toMatchObject({ verdict: 'suspected' });
  });
});
