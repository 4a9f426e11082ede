import Database from 'better-sqlite3';
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { ChainStore } from '../chain-store.ts';
import { chainStart, followChain, type ChainState } from '../device-chain.ts';

/**
 * Chains in a file of their own. A commit here does not wait for the disk (WAL, synchronous=NORMAL survives kill -9): after a
 * power cut a device may hold a newer value than we do. Each value carries its number and a MAC, so such a value is known to
 * be ours and newer, and is taken; one that is older, or not ours, is a fork.
 */
export function openChainStore(path: string, secret: Uint8Array): ChainStore {
  const db = new Database(path);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = NORMAL');
  db.exec(
    'CREATE TABLE IF NOT EXISTS chain (device TEXT PRIMARY KEY, number INTEGER NOT NULL, state TEXT NOT NULL) STRICT',
  );
  const select = db.prepare<[string], { number: number; state: string }>(
    'SELECT number, state FROM chain WHERE device = ?',
  );
  const upsert = db.prepare(
    'INSERT INTO chain VALUES (?, ?, ?) ON CONFLICT (device) DO UPDATE SET number = excluded.number, state = excluded.state',
  );
  const save = (device: string, number: number, state: ChainState): void => {
    upsert.run(device, number, JSON.stringify(state));
  };

  return {
    begin: async (device) => {
      const number = (select.get(device)?.number ?? 0) + 1;
      const first = valueOf(secret, device, number);
      save(device, number, chainStart(first));
      return first;
    },
    follow: async (device, request) => {
      const row = select.get(device);
      if (row === undefined) return { verdict: 'suspected', reason: 'fork' };
      const ahead = numberAhead(secret, device, request.last, row.number);
      const state = ahead === undefined ? (JSON.parse(row.state) as ChainState) : chainStart(request.last);
      const number = (ahead ?? row.number) + 1;
      const verdict = followChain(state, request, valueOf(secret, device, number));
      if (verdict.verdict === 'passed') save(device, number, verdict.state);
      return verdict;
    },
    close: async () => {
      db.close();
    },
  };
}

/** `<number>_<random>_<MAC>`: ours, and in which order we gave it. */
function valueOf(secret: Uint8Array, device: string, number: number): string {
  const body = `${number}_${randomBytes(8).toString('hex')}`;
  return `${body}_${macOf(secret, device, body)}`;
}

function macOf(secret: Uint8Array, device: string, body: string): string {
  return createHmac('sha256', secret).update(`${device}\n${body}`).digest('hex').slice(0, 32);
}

/** The number of a value that we gave and do not remember; undefined for any other. */
function numberAhead(secret: Uint8Array, device: string, value: string, known: number): number | undefined {
  const [number, random, mac] = value.split('_');
  if (number === undefined || random === undefined || mac === undefined) return undefined;
  const [said, is] = [Buffer.from(mac), Buffer.from(macOf(secret, device, `${number}_${random}`))];
  if (said.length !== is.length || !timingSafeEqual(said, is)) return undefined;
  return Number(number) > known ? Number(number) : undefined;
}
