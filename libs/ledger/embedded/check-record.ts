import { RecordRefused, RecordTooLarge } from '../errors.ts';
import type { NewRecord } from '../port.ts';
import { actorCode } from './actors.ts';

/** The most that clear and sealed parts of one append may have together: 1 MiB, EventStoreDB's default too. */
export const APPEND_LIMIT = 1024 * 1024;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const LONGEST_NAME = 200;

/** Throws `RecordRefused` or `RecordTooLarge`. */
export function checkAppend(stream: string, records: readonly NewRecord[], keepUntil: string | undefined): void {
  if (stream === '' || stream.startsWith('$') || stream.length > LONGEST_NAME || !stream.isWellFormed())
    throw new RecordRefused('stream name');
  if (keepUntil !== undefined) checkTime(keepUntil, 'time to keep');
  let bytes = 0;
  for (const record of records) {
    checkRecord(record);
    bytes += Buffer.byteLength(record.clear) + record.sealed.byteLength;
  }
  if (bytes > APPEND_LIMIT) throw new RecordTooLarge(bytes, APPEND_LIMIT);
}

export function checkTime(time: string, field: string): void {
  if (!TIME.test(time)) throw new RecordRefused(field);
}

function checkRecord({ id, type, version, recordedAt, actor, clear, sealed }: NewRecord): void {
  if (!UUID.test(id)) throw new RecordRefused('id');
  if (type === '' || type.startsWith('$') || type.length > LONGEST_NAME || !type.isWellFormed())
    throw new RecordRefused('type');
  if (!Number.isSafeInteger(version) || version < 1) throw new RecordRefused('version');
  checkTime(recordedAt, 'time');
  if (actorCode(actor) < 0) throw new RecordRefused('actor');
  if (clear === '' || clear.includes('\0') || !clear.isWellFormed()) throw new RecordRefused('clear part');
  if (!ArrayBuffer.isView(sealed)) throw new RecordRefused('sealed part');
}
