import { join } from 'node:path';
import type { Needle } from './needle.ts';
import { sealedIn, type Found } from './read-ledger.ts';
import { searchFiles } from './search-files.ts';
import { searchFor } from './search.ts';
import type { Whose } from './whose.ts';

const PIECE = 32;

/**
 * Pieces of what was to be removed, in the bytes of a copy's files, free pages and logs of databases included: the records of the
 * person's own stream anywhere in the data, and in views also the sealed link from a purchase to the person. Backups stay as they were.
 */
export function remainsIn(folder: string, records: readonly Found[], { oneId, streams }: Whose): readonly string[] {
  const own = records.filter(({ stream }) => stream === oneId);
  const links = records.filter(({ stream }) => stream !== oneId && streams.has(stream));
  const inData = searchFiles(
    join(folder, 'data'),
    searchFor(own.flatMap((record) => [idOf(record), ...sealedOf([record])])),
  );
  const inViews = searchFiles(join(folder, 'data', 'views'), searchFor(sealedOf(links)));
  return [...inData.found, ...inViews.found];
}

function idOf({ id, type }: Found): Needle {
  return { kind: 'value', what: `the id of a ${type}`, bytes: Buffer.from(id.replaceAll('-', ''), 'hex'), least: 16 };
}

function sealedOf(records: readonly Found[]): Needle[] {
  return sealedIn(records).map(({ type, ciphertext }) => {
    return { kind: 'value', what: `a sealed part of ${type}`, bytes: ciphertext.subarray(0, PIECE), least: PIECE };
  });
}
