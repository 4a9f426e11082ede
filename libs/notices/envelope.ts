import { createHash } from 'node:crypto';
import { isTemplate } from './render.ts';
import { LANGUAGES } from './templates.ts';
import { NoticeInvalid, type Notice, type Sealing } from './port.ts';

const CHANNELS = ['sms', 'email', 'letter'];

/** The name of a message outside: it says nothing, and is the same for each repeat. */
export function outerId(id: string): string {
  return createHash('sha256').update(`palmledger notice ${id}`).digest('hex').slice(0, 40);
}

export function requireNotice({ id, key, channel, to, template, language, notAfter }: Notice): void {
  if (!/^[\x21-\x7e]{1,200}$/.test(id)) throw new NoticeInvalid('id');
  if (key.length === 0 || key.length > 256) throw new NoticeInvalid('key');
  if (!CHANNELS.includes(channel)) throw new NoticeInvalid('channel');
  if (to.length === 0 || to.length > 500) throw new NoticeInvalid('to');
  if (!isTemplate(template)) throw new NoticeInvalid('template');
  if (!LANGUAGES.includes(language)) throw new NoticeInvalid('language');
  if (notAfter !== undefined && Number.isNaN(Date.parse(notAfter))) throw new NoticeInvalid('notAfter');
}

/** What the outbox's own key opens: under which key the message lies, and until when it is of use. */
export interface Envelope {
  readonly key: string;
  readonly notAfter?: string;
  /** The message, sealed under `key`; base64. */
  readonly inner: string;
}

/**
 * Seals twice: the message under its own key, and that key's name, which would tie the message to a person, under the
 * outbox's. Both are bound to the message's outer id.
 */
export async function sealNotice(sealing: Sealing, ownKey: string, outer: string, notice: Notice): Promise<Uint8Array> {
  const { key, notAfter, id: _id, ...message } = notice;
  const plaintext = encode(message);
  const inner = await sealing.seal(key, plaintext, `notice ${outer}`);
  plaintext.fill(0);
  const envelope: Envelope = {
    key,
    inner: Buffer.from(inner).toString('base64'),
    ...(notAfter === undefined ? {} : { notAfter }),
  };
  return sealing.seal(ownKey, encode(envelope), `notice envelope ${outer}`);
}

export async function openEnvelope(
  sealing: Sealing,
  ownKey: string,
  outer: string,
  sealed: Uint8Array,
): Promise<Envelope | 'gone'> {
  const opened = await sealing.open(ownKey, sealed, `notice envelope ${outer}`);
  return opened === 'gone' ? 'gone' : decode<Envelope>(opened);
}

export type OpenedNotice = Omit<Notice, 'id' | 'key' | 'notAfter'>;

export async function openInner(
  sealing: Sealing,
  outer: string,
  { key, inner }: Envelope,
): Promise<OpenedNotice | 'gone'> {
  const opened = await sealing.open(key, Buffer.from(inner, 'base64'), `notice ${outer}`);
  if (opened === 'gone') return 'gone';
  const message = decode<OpenedNotice>(opened);
  opened.fill(0);
  return message;
}

function encode(value: object): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}

function decode<T>(bytes: Uint8Array): T {
  return JSON.parse(new TextDecoder().decode(bytes)) as T;
}
