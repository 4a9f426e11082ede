import { clearOf, open } from '#libs/event-codec/codec.ts';
import type { StoredRecord } from '#libs/ledger/port.ts';
import { readPages, readWhole } from '#libs/ledger/read-whole.ts';
import type { Deps } from '#libs/use-cases/deps.ts';

/** Everything that goes with a One ID. */
export interface Belongings {
  /** Names of keys: its own, its items', those of all its transactions, looks, claims and earlier erasures. */
  readonly keys: readonly string[];
  /** Payments, visits and checks, without the kind: what views hold of the person is found by these. */
  readonly inViews: readonly string[];
}

/** Fields of a One ID's events that name an item with a key of its own. */
const ITEMS = ['palm', 'card', 'phone', 'link', 'credential'];
const IN_VIEWS = /^(?:payment|visit|check)-(.*)$/;
const LISTING = ['TransactionOpened', 'LookRecorded', 'ErasureRequested'];

/** Read from its own sealed list; undefined where its key is gone, and with it the list. `erasure` is the running one, which goes last. */
export async function belongingsOf(
  deps: Pick<Deps, 'ledger' | 'keyring'>,
  oneId: string,
  erasure: string,
): Promise<Belongings | undefined> {
  const [lives] = await deps.keyring.has([oneId]);
  if (lives !== true) return undefined;
  const keys = new Set([oneId]);
  for await (const page of readPages(deps.ledger, oneId)) {
    for (const item of page.flatMap(itemsOf)) keys.add(`${oneId}/${item}`);
    for (const stream of await listedIn(deps, page)) if (stream !== erasure) keys.add(stream);
  }
  for (const stream of [...keys]) {
    if (stream.startsWith('payment-')) for (const key of await keysWithin(deps, stream)) keys.add(key);
  }
  const inViews = [...keys].flatMap((key) => (key.includes('/') ? [] : (IN_VIEWS.exec(key)?.[1] ?? [])));
  return { keys: [...keys], inViews };
}

function itemsOf(record: StoredRecord): readonly string[] {
  const clear = clearOf(record);
  return ITEMS.flatMap((field) => (typeof clear[field] === 'string' ? [clear[field]] : []));
}

async function listedIn(deps: Pick<Deps, 'keyring'>, page: readonly StoredRecord[]): Promise<readonly string[]> {
  const opened = await open(
    deps.keyring,
    page.filter(({ type }) => LISTING.includes(type)),
  );
  return opened.flatMap(({ sealed }) => {
    if (sealed === undefined) return [];
    if (sealed === 'gone') throw new Error('the list of what belongs to a One ID does not open');
    const { streams = [], look, erasure } = sealed as { streams?: string[]; look?: string; erasure?: string };
    return [...streams, ...(look === undefined ? [] : [look]), ...(erasure === undefined ? [] : [erasure])];
  });
}

/** A payment's refunds, disputes and charge-backs each have a key of their own. */
async function keysWithin(deps: Pick<Deps, 'ledger'>, payment: string): Promise<readonly string[]> {
  const keys: string[] = [];
  for await (const record of readWhole(deps.ledger, payment)) {
    const { refund, dispute } = clearOf(record) as { refund?: string; dispute?: string };
    for (const ref of [refund, dispute]) if (ref !== undefined) keys.push(`${payment}/${ref}`);
  }
  return keys;
}
