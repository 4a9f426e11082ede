import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChainStore } from '../chain-store.ts';
import { openChainStore } from './chain-store.ts';

const secret = randomBytes(32);
let folder: string;
let store: ChainStore;
let created = 1_000;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'chain-'));
  store = openChainStore(join(folder, 'devices.db'), secret);
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

async function ask(last: string, print = `print ${++created}`) {
  return store.follow('till', { last, print, created });
}
async function passed(last: string): Promise<string> {
  const verdict = await ask(last);
  if (verdict.verdict !== 'passed') throw new Error(verdict.verdict);
  return verdict.next;
}

describe('the chain of a device', () => {
  it('given the value of the last answer, gives the next', async () => {
    const first = await store.begin('till');
    expect(await passed(await passed(first))).not.toBe(first);
  });

  it('given a value from before the last, suspects a clone', async () => {
    const first = await store.begin('till');
    await passed(await passed(first));
    expect(await ask(first)).toEqual({ verdict: 'suspected', reason: 'fork' });
  });

  it('goes on after a restart', async () => {
    const next = await passed(await store.begin('till'));
    await store.close();
    store = openChainStore(join(folder, 'devices.db'), secret);
    await passed(next);
  });

  it('given a newer value of its own that a power cut made it forget, takes it; of another device, or made up, does not', async () => {
    const first = await store.begin('till');
    await store.begin('gate');
    await store.close();
    cpSync(folder, `${folder}-before`, { recursive: true });
    store = openChainStore(join(folder, 'devices.db'), secret);
    const lost = await passed(await passed(first));
    const gates = await store.follow('gate', { last: 'x', print: 'y', created: 1 });
    await store.close();
    rmSync(folder, { recursive: true });
    cpSync(`${folder}-before`, folder, { recursive: true });
    rmSync(`${folder}-before`, { recursive: true });
    store = openChainStore(join(folder, 'devices.db'), secret);
    expect(gates.verdict).toBe('suspected');
    expect((await store.follow('gate', { last: lost, print: 'z', created: 2_000 })).verdict).toBe('suspected');
    expect((await ask(lost.replace(/^\d+/, '99'))).verdict).toBe('suspected');
    expect((await ask(lost)).verdict).toBe('passed');
  });

  it('given a device that was never activated, suspects it', async () => {
    expect((await ask('anything')).verdict).toBe('suspected');
  });
});
