import { clearOf, contextOf, sectionsOf } from '#libs/event-codec/codec.ts';
import type { ContactIndex, ContactKind, Owner } from '#libs/identity/contact-index.ts';
import type { Keyring } from '#libs/keyring/port.ts';
import { follow, type FollowMetrics } from '#libs/ledger/follow.ts';
import type { Ledger, StoredRecord } from '#libs/ledger/port.ts';
import { goesWhole, oneIdOf } from './palm-standing.ts';

const ADDED: Readonly<Record<string, { readonly kind: ContactKind; readonly ref: string; readonly value: string }>> = {
  PhoneAdded: { kind: 'phone', ref: 'phone', value: 'number' },
  AccountLinked: { kind: 'account', ref: 'link', value: 'account' },
};
const TYPES = [
  ...Object.keys(ADDED),
  'PhoneVerified',
  'PhoneRemoved',
  'AccountUnlinked',
  'KeyDestructionBegun',
  'OneIdErased',
];

export interface ContactFeeding {
  readonly ledger: Pick<Ledger, 'subscribe' | 'head'>;
  readonly keyring: Pick<Keyring, 'open'>;
  readonly contacts: ContactIndex;
  readonly signal: AbortSignal;
  readonly metrics: FollowMetrics;
  /** A phone was verified whose number others hold as well: they lose it (see phone-moved.ts). */
  readonly moved?: (losers: readonly Owner[]) => void;
}

/**
 * Phones and linked accounts from the ledger into the vault's memory, from the beginning at each start, until the signal
 * aborts. A page's sealed numbers are opened in one call.
 */
export async function feedContacts(feeding: ContactFeeding): Promise<void> {
  const { ledger, signal, metrics, contacts } = feeding;
  await follow({ name: 'contacts', ledger, types: TYPES, after: 0n, signal, metrics }, async (records, passed) => {
    const values = await openValues(feeding, records);
    records.forEach((record, at) => take(feeding, record, values[at]));
    contacts.passed(passed);
  });
}

function take({ contacts, moved }: ContactFeeding, record: StoredRecord, value: string | undefined): void {
  const oneId = oneIdOf(record);
  const clear = clearOf(record);
  const added = ADDED[record.type];
  if (added !== undefined) {
    // Where the key is gone, so is the phone.
    const owner = { oneId, ref: clear[added.ref] as string, verified: added.kind === 'account' };
    if (value !== undefined) contacts.put(added.kind, value, owner);
  } else if (record.type === 'PhoneVerified') {
    const ref = clear['phone'] as string;
    contacts.verify(oneId, ref);
    const losers = contacts.othersOf(oneId, ref);
    if (losers.length > 0) moved?.(losers);
  } else if (record.type === 'PhoneRemoved') contacts.remove(oneId, clear['phone'] as string);
  else if (record.type === 'AccountUnlinked') contacts.remove(oneId, clear['link'] as string);
  else if (goesWhole(record)) contacts.removeOneId(oneId);
}

/** The phone numbers and accounts among the records, each at its record's place. */
async function openValues(
  { keyring }: Pick<ContactFeeding, 'keyring'>,
  records: readonly StoredRecord[],
): Promise<readonly (string | undefined)[]> {
  const values: (string | undefined)[] = records.map(() => undefined);
  const wanted = records.flatMap((record, at) => {
    const added = ADDED[record.type];
    const ciphertext = added === undefined ? undefined : sectionsOf(record).data;
    if (added === undefined || ciphertext === undefined) return [];
    const key = `${record.stream}/${clearOf(record)[added.ref] as string}`;
    return [
      { at, field: added.value, item: { key, ciphertext, context: contextOf(record.stream, record.id, 'data') } },
    ];
  });
  const opened = await keyring.open(wanted.map(({ item }) => item));
  wanted.forEach(({ at, field }, index) => {
    const bytes = opened[index]!;
    if (bytes === 'gone') return;
    values[at] = (JSON.parse(Buffer.from(bytes).toString('utf8')) as Record<string, string>)[field];
    bytes.fill(0);
  });
  return values;
}
