import { describe, expect, it } from '@jest/globals';
import { NonceMemory } from './nonce-memory.ts';

const START = 1_795_532_400;
const at = (second: number): Date => new Date((START + second) * 1000);

function memory(capacity?: number): NonceMemory {
  return new NonceMemory({ startedAt: at(0), ...(capacity === undefined ? {} : { capacity }) });
}

describe('the memory of nonces', () => {
  it('takes each once, for each device', () => {
    const nonces = memory();
    expect(nonces.take('device1', 'n', START + 1, at(1))).toBe('fresh');
    expect(nonces.take('device1', 'n', START + 1, at(60))).toBe('repeated');
    expect(nonces.take('device2', 'n', START + 1, at(1))).toBe('fresh');
  });

  it('refuses what was signed before it started, since it may have been used', () => {
    expect(memory().take('device1', 'n', START - 1, at(1))).toBe('before-start');
  });

  it('knows a nonce to the last second in which it counts', () => {
    const nonces = memory();
    nonces.take('device1', 'n', START + 60, at(0));
    expect(nonces.take('device1', 'n', START + 60, at(120))).toBe('repeated');
    expect(nonces.take('device1', 'n', START + 60, at(121))).toBe('out-of-window');
  });

  it('forgets what does not count any more', () => {
    const nonces = memory();
    for (let n = 0; n < 30; n++) nonces.take('device1', `n${n}`, START + n, at(n));
    expect(nonces.size).toBe(30);
    nonces.take('device1', 'later', START + 300, at(300));
    expect(nonces.size).toBe(1);
  });

  it('refuses rather than forgetting early when it is full', () => {
    const nonces = memory(2);
    nonces.take('device1', 'a', START, at(0));
    nonces.take('device1', 'b', START, at(0));
    expect(nonces.take('device1', 'c', START, at(0))).toBe('busy');
    expect(nonces.take('device1', 'a', START, at(0))).toBe('repeated');
    expect(nonces.take('device1', 'c', START + 100, at(100))).toBe('fresh');
  });

  it('does not take again, when the clock is set back, what it has forgotten', () => {
    const nonces = memory();
    nonces.take('device1', 'a', START + 10, at(10));
    nonces.take('device1', 'b', START + 500, at(500));
    expect(nonces.take('device1', 'a', START + 10, at(10))).toBe('out-of-window');
  });
});
