import { setImmediate } from 'node:timers/promises';
import type { Ledger, ReadStreamOptions, StoredRecord } from './port.ts';

/** After a page as long as this, others have their turn before the next. */
const LONG = 100;

/** A stream's records page by page, to its end. Nothing is held between two pages. */
export async function* readPages(
  ledger: Pick<Ledger, 'readStream'>,
  stream: string,
  options: ReadStreamOptions = {},
): AsyncGenerator<StoredRecord[]> {
  const step = options.backwards === true ? -1n : 1n;
  let from = options.from;
  for (;;) {
    const page = await ledger.readStream(stream, from === undefined ? options : { ...options, from });
    const last = page.at(-1);
    if (last === undefined) return;
    yield page;
    if (page.length >= LONG) await setImmediate();
    from = last.revision + step;
    if (from < 0n) return;
  }
}

/** A stream's records one by one, to its end. `limit` is the size of a page. */
export async function* readWhole(
  ledger: Pick<Ledger, 'readStream'>,
  stream: string,
  options: ReadStreamOptions = {},
): AsyncGenerator<StoredRecord> {
  for await (const page of readPages(ledger, stream, options)) yield* page;
}
