import { NotACursor } from './errors.ts';
import { TOPICS, type Cursor, type Topic } from './port.ts';

const LONGEST = 8192;
const NUMBER = /^(0|[1-9][0-9]{0,18})$/;
const PARTITION = /^([a-z-]+)\/(0|[1-9][0-9]{0,4})$/;

export const partitionName = (topic: Topic, partition: number): string => `${topic}/${partition}`;

/** A cursor as opaque text, fit for a header, a URL or a file. */
export function cursorText(cursor: Cursor): string {
  const done = Object.entries(cursor.done).map(([name, position]) => [name, position.toString()]);
  return Buffer.from(JSON.stringify([cursor.since.toString(), Object.fromEntries(done)])).toString('base64url');
}

/** Throws `NotACursor`. */
export function cursorFrom(text: string): Cursor {
  if (text.length > LONGEST) throw new NotACursor();
  const parsed = parse(text);
  if (!Array.isArray(parsed) || parsed.length !== 2) throw new NotACursor();
  const [since, done] = parsed as [unknown, unknown];
  if (typeof done !== 'object' || done === null || Array.isArray(done)) throw new NotACursor();
  const entries = Object.entries(done).map(([name, position]) => [checkedName(name), number(position)] as const);
  return { since: number(since), done: Object.fromEntries(entries) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    throw new NotACursor();
  }
}

function checkedName(name: string): string {
  const topic = PARTITION.exec(name)?.[1];
  if (topic === undefined || !(TOPICS as readonly string[]).includes(topic)) throw new NotACursor();
  return name;
}

function number(value: unknown): bigint {
  if (typeof value !== 'string' || !NUMBER.test(value)) throw new NotACursor();
  return BigInt(value);
}
