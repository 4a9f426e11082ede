import Database from 'better-sqlite3';
import { ViewClosed, ViewDamaged } from '../errors.ts';
import { isDamage } from './writer-client.ts';

/** A prepared statement of the live generation. */
export type Prepare = (sql: string) => Database.Statement;

export interface Reader {
  /** Bounded reads, done before this returns: nothing stays open across an await. Throws `ViewDamaged`. */
  read<T>(work: (prepare: Prepare) => T): T;
  /** From now on another file is read. */
  point(file: string): void;
  close(): void;
}

const STATEMENTS = 200;

/** Reads beside the writer, from this thread: each read is one page at most. */
export function createReader(first: string, onDamage: () => void): Reader {
  let open: { db: Database.Database; statements: Map<string, Database.Statement> } | undefined = opened(first);

  function prepare(sql: string): Database.Statement {
    const { db, statements } = open!;
    const known = statements.get(sql);
    if (known !== undefined) return known;
    const statement = db.prepare(sql);
    if (statements.size < STATEMENTS) statements.set(sql, statement);
    return statement;
  }

  return {
    read: (work) => {
      if (open === undefined) throw new ViewClosed();
      try {
        return work(prepare);
      } catch (error) {
        if (!(error instanceof ViewDamaged) && !isDamage((error as { code?: unknown }).code)) throw error;
        onDamage();
        throw error instanceof ViewDamaged ? error : new ViewDamaged('its file');
      }
    },
    point: (file) => {
      const before = open;
      open = opened(file);
      before?.db.close();
    },
    close: () => {
      open?.db.close();
      open = undefined;
    },
  };
}

function opened(file: string) {
  const db = new Database(file, { readonly: true, fileMustExist: true });
  db.pragma('busy_timeout = 5000');
  return { db, statements: new Map<string, Database.Statement>() };
}
