import { randomBytes, randomUUID } from 'node:crypto';
import type { NewRecord, StoredRecord } from './port.ts';

/** A record for tests, with something of everything. */
export function aRecord(fields: Partial<NewRecord> = {}): NewRecord {
  return {
    id: randomUUID(),
    type: 'TransactionOpened',
    version: 1,
    recordedAt: '2026-11-24T15:00:00.000Z',
    actor: 'device',
    clear: '{"kind":"payment","number":1}',
    sealed: randomBytes(40),
    ...fields,
  };
}

export function records(count: number, fields: Partial<NewRecord> = {}): NewRecord[] {
  return Array.from({ length: count }, (_, number) => aRecord({ clear: `{"number":${number}}`, ...fields }));
}

/** What was appended, of what is read. */
export function asNew({ id, type, version, recordedAt, actor, clear, sealed }: NewRecord): Record<string, unknown> {
  return { id, type, version, recordedAt, actor, clear, sealed: Buffer.from(sealed).toString('hex') };
}

export function idsOf(stored: readonly (NewRecord | StoredRecord)[]): string[] {
  return stored.map(({ id }) => id);
}
