import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { openEmbeddedLedger } from '#libs/ledger/embedded/open.ts';
import type { Ledger } from '#libs/ledger/port.ts';
import { cursorFrom } from './cursor.ts';
import { createEmbeddedTopics } from './embedded/topics.ts';
import type { Cursor, Topics } from './port.ts';
import { sseFrames, Stalled } from './sse.ts';
import { paid, write } from './topics.contract.ts';

const SUBSCRIBER = fileURLToPath(new URL('../../docs/examples/subscriber.mjs', import.meta.url));

let dir: string;
let ledger: Ledger;
let topics: Topics;
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'palmledger-sse-'));
  ledger = await openEmbeddedLedger({ dir });
  topics = createEmbeddedTopics({ ledger, source: '/palmledger/test', partitions: 2 });
});
afterEach(async () => {
  await topics.close();
  await ledger.close();
  rmSync(dir, { recursive: true });
});

/** So many events, and then no more. */
async function events(count: number, after: Cursor | 'beginning'): Promise<EventSourceMessage[]> {
  const seen: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (event) => seen.push(event) });
  const { signal } = new AbortController();
  for await (const frame of sseFrames({ topics, follow: ['purchases'], after, signal })) {
    parser.feed(frame);
    if (seen.length >= count) break;
  }
  return seen;
}

describe('A stream of server-sent events', () => {
  it('tells each message with its attributes, its bytes and its JSON form, and the place to go on from', async () => {
    await write(ledger, 'payment-p1', ...paid(1250));
    await write(ledger, 'payment-p2', ...paid(20));
    const all = await events(6, 'beginning');
    expect(all[2]?.event).toBe('purchases');
    expect(JSON.parse(all[2]!.data)).toMatchObject({
      type: 'palmledger.purchases.captured.v1',
      key: 'p1',
      subject: 'p1',
      json: { payment: 'p1', standing: { status: 'PURCHASE_STATUS_CAPTURED', captured: '1250' } },
    });
    for (const [index, { id }] of all.entries()) {
      if (index === all.length - 1) continue;
      const rest = await events(all.length - 1 - index, cursorFrom(id!));
      const ids = (some: EventSourceMessage[]) => some.map(({ data }) => (JSON.parse(data) as { id: string }).id);
      expect(ids(rest)).toEqual(ids(all.slice(index + 1)));
    }
  });

  it('sends something also while nothing happens', async () => {
    await write(ledger, 'payment-p1', ...paid(1));
    const frames = sseFrames({
      topics,
      follow: ['devices'],
      after: 'beginning',
      signal: new AbortController().signal,
      beatMs: 10,
    });
    const seen: string[] = [];
    for await (const frame of frames) if (seen.push(frame) === 2) break;
    expect(seen).toContain(': beat\n\n');
  });

  it('says that a cursor is too old, and ends', async () => {
    const ahead: Cursor = { since: 0n, done: { 'purchases/0': 1_000n } };
    const frames: string[] = [];
    const { signal } = new AbortController();
    for await (const frame of sseFrames({ topics, follow: ['purchases'], after: ahead, signal })) frames.push(frame);
    expect(frames).toEqual(['event: too-old\ndata: {}\n\n']);
  });

  it('cuts off who takes nothing', async () => {
    await write(ledger, 'payment-p1', ...paid(1));
    const { signal } = new AbortController();
    const frames = sseFrames({ topics, follow: ['purchases'], after: 'beginning', signal, stalledMs: 20 });
    await frames.next();
    await new Promise((resolve) => setTimeout(resolve, 60));
    const rest = async (): Promise<void> => {
      for await (const _ of frames);
    };
    await expect(rest()).rejects.toThrow(Stalled);
  });
});

describe('The subscriber of docs/examples, as a process', () => {
  let server: Server;
  let child: ChildProcess | undefined;
  const connections = new Set<() => void>();
  const asked: (string | undefined)[] = [];
  beforeEach(async () => {
    server = createServer((request, response) => {
      const id = request.headers['last-event-id'] as string | undefined;
      asked.push(id);
      const cut = new AbortController();
      connections.add(() => response.destroy());
      response.on('close', () => cut.abort());
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const after = id === undefined ? 'beginning' : cursorFrom(id);
      Readable.from(sseFrames({ topics, follow: ['purchases'], after, signal: cut.signal })).pipe(response);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(async () => {
    if (child !== undefined && child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    server.closeAllConnections();
    server.close();
  });

  const file = (): string => join(dir, 'subscriber.json');
  const start = (): void => {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const env = { PALMLEDGER_TOKEN: 'token' };
    child = spawn(process.execPath, [SUBSCRIBER, url, file()], { env, stdio: 'ignore' });
  };
  const knows = async (...keys: string[]): Promise<void> => {
    for (let tries = 0; tries < 500; tries += 1) {
      if (keys.every((key) => held()[key]?.status === 'PURCHASE_STATUS_CAPTURED')) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error('it never heard of them');
  };
  function held(): Record<string, { status: string } | undefined> {
    try {
      return (JSON.parse(readFileSync(file(), 'utf8')) as { purchases: Record<string, { status: string }> }).purchases;
    } catch {
      return {};
    }
  }

  it('follows, is cut off, is killed, and each time goes on where it was', async () => {
    await write(ledger, 'payment-p1', ...paid(1));
    start();
    await knows('p1');
    for (const cut of connections) cut();
    await write(ledger, 'payment-p2', ...paid(2));
    await knows('p1', 'p2');
    child!.kill('SIGKILL');
    await once(child!, 'exit');
    await write(ledger, 'payment-p3', ...paid(3));
    start();
    await knows('p1', 'p2', 'p3');
    expect(asked[0]).toBeUndefined();
    expect(asked.slice(1).every((id) => id !== undefined)).toBe(true);
  });
});
