import { hash } from 'node:crypto';
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { LedgerDamaged } from '../errors.ts';

/**
 * The last position that was acknowledged, in a file of 16 bytes beside the ledger: position (big endian) and the head of its SHA-256.
 * SQLite ends its log silently at the first damaged page; with this, acknowledged records that are missing are noticed.
 * Written after each durable commit and never synced, so it may lag after a power loss, but never runs ahead.
 */
export interface HighWater {
  write(position: number): void;
  close(): void;
}

export function openHighWater(file: string): HighWater {
  const fd = openSync(file, 'a+', 0o600);
  closeSync(fd);
  const writing = openSync(file, 'r+');
  const bytes = Buffer.alloc(16);
  return {
    write: (position) => {
      bytes.writeBigUInt64BE(BigInt(position));
      check(bytes).copy(bytes, 8);
      writeSync(writing, bytes, 0, 16, 0);
    },
    close: () => closeSync(writing),
  };
}

/** Throws `LedgerDamaged` where the ledger ends before what was acknowledged. */
export function checkHighWater(acknowledged: number, head: number): void {
  if (acknowledged > head)
    throw new LedgerDamaged(BigInt(head), `it ends here, but position ${acknowledged} was acknowledged`);
}

/** 0 where nothing was. */
export function readHighWater(file: string): number {
  const bytes = readOrNothing(file);
  // Empty or zeroes: a power loss before the file system wrote it.
  if (bytes.every((byte) => byte === 0)) return 0;
  if (bytes.length !== 16 || !check(bytes).equals(bytes.subarray(8)))
    throw new LedgerDamaged(undefined, 'the file with the last acknowledged position is not what was written');
  return Number(bytes.readBigUInt64BE());
}

function readOrNothing(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  }
}

function check(bytes: Buffer): Buffer {
  return hash('sha256', bytes.subarray(0, 8), 'buffer').subarray(0, 8);
}
