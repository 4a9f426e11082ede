import type { Keyring } from '#libs/keyring/port.ts';
import type { StoredRecord } from '#libs/ledger/port.ts';
import { clearOf, contextOf, keyName, sectionsOf } from './codec.ts';

const PALM = { item: 'palm' } as const;

/** Seals a signature's bytes for the event that will carry it. The bytes are the caller's, to overwrite afterwards. */
export async function sealSignature(
  keyring: Pick<Keyring, 'seal'>,
  place: { stream: string; eventId: string; palm: string },
  signature: Uint8Array,
): Promise<Uint8Array> {
  const key = keyName(place.stream, PALM, { palm: place.palm });
  const [sealed] = await keyring.seal([
    { key, plaintext: signature, context: contextOf(place.stream, place.eventId, 'data') },
  ]);
  return sealed!;
}

/** The bytes of a PalmEnrolled or PalmSignatureUpdated, in a buffer for the caller to overwrite; `gone` once the palm's key is destroyed. */
export async function openSignature(
  keyring: Pick<Keyring, 'open'>,
  record: StoredRecord,
): Promise<Uint8Array | 'gone'> {
  const ciphertext = sectionsOf(record).data;
  if (ciphertext === undefined) return 'gone';
  const key = keyName(record.stream, PALM, clearOf(record));
  const [opened] = await keyring.open([{ key, ciphertext, context: contextOf(record.stream, record.id, 'data') }]);
  return opened!;
}
