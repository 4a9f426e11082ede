import { describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbeddedLedger } from '#libs/ledger/embedded/open.ts';
import { cursorFrom } from '../cursor.ts';
import { NotACursor } from '../errors.ts';
import { describeTopics } from '../topics.contract.ts';
import { createEmbeddedTopics } from './topics.ts';

const create = async (partitions: number, positionStep: number) => {
  const dir = mkdtempSync(join(tmpdir(), 'palmledger-topics-'));
  const ledger = await openEmbeddedLedger({ dir, positionStep });
  const topics = createEmbeddedTopics({ ledger, source: '/palmledger/test', partitions });
  return {
    ledger,
    topics,
    close: async () => {
      await topics.close();
      await ledger.close();
      rmSync(dir, { recursive: true });
    },
  };
};

describeTopics('The ledger', () => create(1, 1));
describeTopics('The ledger in three partitions, with gaps', () => create(3, 7));

describe('Text that is no cursor', () => {
  const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  it.each([
    '',
    'nonsense',
    encoded({}),
    encoded(['0']),
    encoded(['-1', {}]),
    encoded(['0', null]),
    encoded(['0', { 'no-topic/0': '1' }]),
    encoded(['0', { 'purchases/x': '1' }]),
    encoded(['0', { 'purchases/0': 1 }]),
    encoded(['0', { 'purchases/0': '99999999999999999999' }]),
    'a'.repeat(10_000),
  ])('is refused: %#', (text) => {
    expect(() => cursorFrom(text)).toThrow(NotACursor);
  });
});
