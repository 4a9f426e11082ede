import { readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { messagesIn, TOPICS } from './read-topics.ts';
import { recordsUnder, sealedIn, sqliteFiles, withDatabase } from './read-ledger.ts';

/** Something that stands in a copy: a record, a row, a message, a line. Each field with its value as text. */
export interface Fact {
  readonly where: string;
  readonly fields: ReadonlyMap<string, string>;
}

/** Everything in a copy that has fields: ledger (backups' too), every table, topics, logs. */
export function factsIn(folder: string): Fact[] {
  return [...ledgerFacts(folder), ...tableFacts(folder), ...topicFacts(folder), ...logFacts(folder)];
}

function ledgerFacts(folder: string): Fact[] {
  return recordsUnder(folder).map((record) => {
    const { stream, id, type, version, recordedAt, position, clear, sealed, leaf } = record;
    const columns = { stream, id, version, recordedAt, position, leaf: leaf.toString('hex'), bytes: sealed.length };
    const parts = sealedIn([record]).map(({ section, ciphertext }) => [section, ciphertext.toString('hex')]);
    const clearFields = JSON.parse(clear) as unknown;
    return { where: `ledger ${type}`, fields: flat({ ...columns, ...Object.fromEntries(parts), clear: clearFields }) };
  });
}

function tableFacts(folder: string): Fact[] {
  return sqliteFiles(folder)
    .filter((file) => !file.endsWith('ledger.db'))
    .flatMap((file) =>
      withDatabase(file, (db) => {
        const names = db.prepare<[], string>(`SELECT name FROM sqlite_schema WHERE type = 'table'`).pluck().all();
        return names.flatMap((name) => {
          const rows = db.prepare<[], Record<string, unknown>>(`SELECT * FROM "${name}"`).all();
          const where = `${relative(folder, file).replace(/[0-9a-z]{16,}/g, '…')} ${name}`;
          return rows.map((row) => ({ where, fields: flat(row) }));
        });
      }),
    );
}

function topicFacts(folder: string): Fact[] {
  return TOPICS.flatMap((topic) => {
    const messages = messagesIn(readFileSync(join(folder, 'topics', `${topic}.sse`), 'utf8'));
    return messages.map((message) => ({ where: `topic ${topic} ${String(message['type'])}`, fields: flat(message) }));
  });
}

function logFacts(folder: string): Fact[] {
  return readdirSync(join(folder, 'logs')).flatMap((name) => {
    const lines = readFileSync(join(folder, 'logs', name), 'utf8')
      .split('\n')
      .filter(Boolean);
    return lines.map((line) => ({ where: `log ${name}`, fields: flat(parsed(line)) }));
  });
}

/** Leaves by their path; JSON within text is looked into as well. */
function flat(value: unknown): Map<string, string> {
  const fields = new Map<string, string>();
  const visit = (path: string, at: unknown): void => {
    if (Buffer.isBuffer(at)) fields.set(path, at.toString('hex'));
    else if (typeof at === 'string' && /^[[{]/.test(at) && typeof parsed(at) === 'object') visit(path, parsed(at));
    else if (typeof at === 'object' && at !== null)
      for (const [name, inner] of Object.entries(at)) visit(path === '' ? name : `${path}.${name}`, inner);
    else if (at !== null && at !== undefined) fields.set(path, `${at as string | number | boolean}`);
  };
  visit('', value);
  return fields;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
