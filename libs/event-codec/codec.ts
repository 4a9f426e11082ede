import canonicalize from 'canonicalize';
import { randomUUID } from 'node:crypto';
import type { DomainEvent, Folded } from '#libs/domain/event.ts';
import type { ActorKind } from '#libs/domain/values.ts';
import type { Keyring } from '#libs/keyring/port.ts';
import type { NewRecord, StoredRecord } from '#libs/ledger/port.ts';
import { RecordMalformed, UnlistedField } from './errors.ts';
import { frame, unframe, type Sections } from './sections.ts';
import type { FieldTable, KeyRule } from './table.ts';
import { currentVersion, fieldsOf, kindOf } from './tables/all.ts';
import { upcast } from './upcast.ts';

/** Who did it. Sealed with every event, so that the ledger in the clear tells only the kind of actor. */
export interface About {
  readonly who: string;
  readonly device?: string;
  readonly correlation?: string;
  readonly causation?: string;
}

export interface Writing {
  readonly at: string;
  readonly actor: ActorKind;
  readonly about: About;
}

/** An event with what its keys still open: `gone` where the key was destroyed. */
export interface OpenedEvent {
  readonly stream: string;
  readonly revision: bigint;
  readonly position: bigint;
  readonly id: string;
  readonly type: string;
  readonly version: number;
  readonly at: string;
  readonly actor: ActorKind;
  readonly clear: Record<string, unknown>;
  readonly sealed: Record<string, unknown> | 'gone' | undefined;
  readonly about: About | 'gone' | undefined;
}

interface ToSeal {
  readonly record: number;
  readonly section: keyof Sections;
  readonly key: string;
  readonly plaintext: Uint8Array;
  readonly context: string;
}

/**
 * Domain events as records for a stream, sealed by the field table of each type's newest version.
 * Throws `UnlistedField` where an event has a field that no table lists, and the keyring's error where a key is missing: sealing never makes one.
 */
export async function encode(
  keyring: Pick<Keyring, 'seal'>,
  stream: string,
  events: readonly DomainEvent[],
  writing: Writing,
): Promise<NewRecord[]> {
  const sections: Sections[] = events.map(() => ({}));
  const toSeal: ToSeal[] = [];
  const records = events.map((event, record) => {
    const id = event.id ?? randomUUID();
    const version = currentVersion(stream, event.type);
    const table = fieldsOf(stream, event.type, version);
    const clear = listed(event.type, event.clear as Record<string, unknown>, table.clear);
    const seal = (section: keyof Sections, rule: KeyRule, plaintext: Uint8Array): void => {
      toSeal.push({
        record,
        section,
        plaintext,
        key: keyName(stream, rule, clear),
        context: contextOf(stream, id, section),
      });
    };
    const data = sealedData(event, table);
    if (data?.sealed !== undefined) sections[record]!.data = data.sealed;
    if (data?.plain !== undefined) seal('data', table.sealed!.key, data.plain);
    const about = table.about ?? 'stream';
    if (!isPublic(stream) && about !== 'nobody') seal('about', about, padded(writing.about));
    return { id, type: event.type, version, recordedAt: writing.at, actor: writing.actor, clear: canonicalize(clear)! };
  });
  const ciphertexts = await keyring.seal(toSeal);
  toSeal.forEach(({ record, section }, index) => (sections[record]![section] = ciphertexts[index]!));
  return records.map((record, index) => ({ ...record, sealed: frame(sections[index]!) }));
}

/** The part that a fold reads, in today's version. Needs no key. Throws `UnknownEvent` for a type or version that no table has. */
export function foldedOf<E extends DomainEvent>(record: StoredRecord): Folded<E> {
  fieldsOf(record.stream, record.type, record.version);
  const { clear } = upcast(record.type, record.version, { clear: clearOf(record), sealed: undefined });
  return { type: record.type, clear, at: record.recordedAt } as unknown as Folded<E>;
}

/** Records with everything that today's keys open. Signatures (form `bytes`) are not opened here: see palm-signature.ts. */
export async function open(keyring: Pick<Keyring, 'open'>, records: readonly StoredRecord[]): Promise<OpenedEvent[]> {
  const wanted: { record: number; section: keyof Sections; key: string; ciphertext: Uint8Array; context: string }[] =
    [];
  const clears = records.map((record, index) => {
    const table = fieldsOf(record.stream, record.type, record.version);
    const clear = clearOf(record);
    const sections = sectionsOf(record);
    const want = (section: keyof Sections, rule: KeyRule | undefined): void => {
      const ciphertext = sections[section];
      if (ciphertext === undefined || rule === undefined) return;
      const key = keyName(record.stream, rule, clear);
      wanted.push({ record: index, section, ciphertext, key, context: contextOf(record.stream, record.id, section) });
    };
    if (table.sealed?.form !== 'bytes') want('data', table.sealed?.key);
    want('about', table.about === 'nobody' ? undefined : (table.about ?? 'stream'));
    return clear;
  });
  const opened = await keyring.open(wanted);
  const parts: { data?: Record<string, unknown> | 'gone'; about?: Record<string, unknown> | 'gone' }[] = records.map(
    () => ({}),
  );
  wanted.forEach(({ record, section }, index) => (parts[record]![section] = parsed(opened[index]!)));
  return records.map((record, index) => {
    const { clear, sealed } = upcast(record.type, record.version, {
      clear: clears[index]!,
      sealed: parts[index]!.data,
    });
    const { stream, revision, position, id, type, version, recordedAt, actor } = record;
    const about = parts[index]!.about as About | 'gone' | undefined;
    return { stream, revision, position, id, type, version, at: recordedAt, actor, clear, sealed, about };
  });
}

/** The key's name of an item or stream, as DESIGN.md names keys; never stored outside the stream it belongs to. */
export function keyName(stream: string, rule: KeyRule, clear: Readonly<Record<string, unknown>>): string {
  if (rule === 'stream') return stream;
  if ('reserved' in rule) return `${kindOf(stream)}-${reference(stream, clear[rule.reserved])}`;
  return `${stream}/${reference(stream, clear[rule.item])}`;
}

function reference(stream: string, value: unknown): string {
  if (typeof value === 'string') return value;
  throw new RecordMalformed(kindOf(stream), 'the reference that names its key is missing');
}

/** The reference of the item whose own key seals this record, where there is one. Needs no key. */
export function itemOf(record: StoredRecord): string | undefined {
  const rule = fieldsOf(record.stream, record.type, record.version).sealed?.key;
  if (rule === undefined || rule === 'stream' || 'reserved' in rule) return undefined;
  return reference(record.stream, clearOf(record)[rule.item]);
}

/** Bound into each ciphertext, so that one moved to another place opens nothing. */
export function contextOf(stream: string, eventId: string, section: keyof Sections): string {
  return `${stream}\n${eventId}\n${section}`;
}

export function clearOf(record: StoredRecord): Record<string, unknown> {
  return JSON.parse(record.clear) as Record<string, unknown>;
}

export function sectionsOf(record: StoredRecord): Sections {
  const sections = unframe(record.sealed);
  if (sections === undefined) throw new RecordMalformed(record.type, 'sealed part');
  return sections;
}

/** Signed heads are for everybody: nobody in particular does them, and nothing in them is sealed. */
function isPublic(stream: string): boolean {
  return stream.startsWith('head-');
}

function listed(type: string, clear: Record<string, unknown>, fields: readonly string[]): Record<string, unknown> {
  for (const field of Object.keys(clear)) if (!fields.includes(field)) throw new UnlistedField(type, field);
  return clear;
}

function sealedData(event: DomainEvent, table: FieldTable): { sealed?: Uint8Array; plain?: Uint8Array } | undefined {
  if (event.sealed === undefined) return undefined;
  if (table.sealed === undefined) throw new UnlistedField(event.type, Object.keys(event.sealed)[0] ?? 'sealed');
  if ('presealed' in event.sealed) return { sealed: event.sealed.presealed };
  if (table.sealed.form === 'bytes') throw new UnlistedField(event.type, 'a signature that was not sealed in its zone');
  return { plain: padded(listed(event.type, event.sealed as Record<string, unknown>, table.sealed.fields)) };
}

/** JSON filled with spaces to a multiple of 64 bytes, so that a length tells little about what is inside. */
function padded(value: object): Uint8Array {
  const json = Buffer.from(JSON.stringify(value), 'utf8');
  const filled = Buffer.alloc(Math.ceil(json.length / 64) * 64, 0x20);
  json.copy(filled);
  json.fill(0);
  return filled;
}

function parsed(opened: Uint8Array | 'gone'): Record<string, unknown> | 'gone' {
  if (opened === 'gone') return 'gone';
  const value = JSON.parse(Buffer.from(opened).toString('utf8')) as Record<string, unknown>;
  opened.fill(0);
  return value;
}
