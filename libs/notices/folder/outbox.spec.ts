import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { outboxContract, type OutboxUnderTest } from '../outbox.contract.ts';
import type { CarriedNotice, Outbox, Sealing } from '../port.ts';
import { folderCarrier } from './carrier.ts';
import { openOutbox } from './outbox.ts';

/** Keys in memory, AES-256-GCM: what a keyring does, as far as an outbox needs it. */
function keysInMemory(): { sealing: Sealing; destroy: (key: string) => void } {
  const secret = randomBytes(32);
  const destroyed = new Set<string>();
  const keyOf = (key: string): Buffer => createHash('sha256').update(secret).update(key).digest();
  return {
    destroy: (key) => void destroyed.add(key),
    sealing: {
      seal: async (key, plaintext, context) => {
        const iv = randomBytes(12);
        const cipher = createCipheriv('aes-256-gcm', keyOf(key), iv).setAAD(Buffer.from(context));
        return Buffer.concat([iv, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
      },
      open: async (key, sealed, context) => {
        if (destroyed.has(key)) return 'gone';
        const decipher = createDecipheriv('aes-256-gcm', keyOf(key), sealed.subarray(0, 12));
        decipher.setAAD(Buffer.from(context)).setAuthTag(sealed.subarray(-16));
        return Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()]);
      },
    },
  };
}

async function openUnderTest(): Promise<OutboxUnderTest & { folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'palmledger-outbox-'));
  const { sealing, destroy } = keysInMemory();
  let now = Date.parse('2026-11-24T15:00:00.000Z');
  let failing = false;
  const carried: CarriedNotice[] = [];
  const clock = { now: () => new Date(now) };
  const carrier = async (message: CarriedNotice): Promise<void> => {
    if (failing) throw new Error('the line is down');
    carried.push(message);
  };
  const open = (): Promise<Outbox> => openOutbox({ folder, carrier, sealing, ownKey: 'outbox', clock });
  let outbox = await open();
  return {
    outbox,
    carried,
    folder,
    fail: (next) => void (failing = next),
    destroyKey: destroy,
    pass: (ms) => void (now += ms),
    restart: async () => {
      await outbox.close();
      return (outbox = await open());
    },
    close: async () => {
      await outbox.close();
      await rm(folder, { recursive: true });
    },
  };
}

outboxContract('on a file', openUnderTest);

const NOTICE = {
  id: 'step-1',
  key: 'oneId-planted',
  channel: 'sms',
  to: '+4917055501234',
  template: 'looked-at',
  language: 'en',
  values: { by: 'auditor', reason: 'planted reason', at: '2026-11-24T15:00:00.000Z' },
} as const;

describe('the outbox’s files', () => {
  it('show neither message nor recipient nor key while it waits, and hold no sealed byte of it afterwards', async () => {
    const under = await openUnderTest();
    await under.outbox.enqueue(NOTICE);
    const waiting = await bytesOf(under.folder);
    for (const planted of [NOTICE.to, 'planted', NOTICE.id]) expect(waiting.includes(planted)).toBe(false);
    const sealed = await sealedBytes(under);
    expect(waiting.includes(sealed)).toBe(true);
    await under.outbox.deliver();
    expect((await bytesOf(under.folder)).includes(sealed)).toBe(false);
    await under.close();
  });
});

describe('the folder that stands for the outside world', () => {
  it('gets one file a message, the same for a repeat, and no half one', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'palmledger-sent-'));
    const carry = await folderCarrier(folder, { now: () => new Date('2026-11-24T15:00:00.000Z') });
    const message: CarriedNotice = {
      id: 'abc',
      channel: 'sms',
      to: '+4917055501234',
      template: 'phone-code',
      language: 'en',
      subject: 'Your code',
      text: '481516',
    };
    await carry(message);
    await carry(message);
    expect(await readdir(folder)).toEqual(['abc.json']);
    const file = JSON.parse(await readFile(join(folder, 'abc.json'), 'utf8')) as unknown;
    expect(file).toEqual({ ...message, sentAt: '2026-11-24T15:00:00.000Z' });
    await rm(folder, { recursive: true });
  });
});

async function bytesOf(folder: string): Promise<Buffer> {
  const names = await readdir(folder);
  return Buffer.concat(await Promise.all(names.map((name) => readFile(join(folder, name)))));
}

/** A run of the waiting ciphertext, found by the length that only it has: what stands between the id and the page's end. */
async function sealedBytes({ folder }: { folder: string }): Promise<Buffer> {
  const bytes = await bytesOf(folder);
  const id = createHash('sha256').update(`palmledger notice ${NOTICE.id}`).digest('hex').slice(0, 40);
  const at = bytes.indexOf(id);
  return bytes.subarray(at + 40 + 20, at + 40 + 80);
}
