/** The network's own book. No card number is ever in it. */
export const SCHEMA = `
CREATE TABLE IF NOT EXISTS cards (
  token TEXT PRIMARY KEY, brand TEXT NOT NULL, last_four TEXT NOT NULL, expiry TEXT NOT NULL, behaviour TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS calls (
  key TEXT PRIMARY KEY, step TEXT NOT NULL, digest TEXT NOT NULL, outcome TEXT NOT NULL, at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS cancelled (key TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS authorisations (
  position INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, reference TEXT NOT NULL UNIQUE,
  token TEXT NOT NULL, merchant TEXT NOT NULL,
  amount INTEGER NOT NULL CHECK (amount > 0), currency TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('authorised', 'declined', 'captured', 'cancelled')), reason TEXT NOT NULL,
  captured INTEGER NOT NULL DEFAULT 0 CHECK (captured BETWEEN 0 AND amount),
  refunded INTEGER NOT NULL DEFAULT 0, charged_back INTEGER NOT NULL DEFAULT 0, at TEXT NOT NULL,
  CHECK (refunded >= 0 AND charged_back >= 0 AND refunded + charged_back <= captured)
) STRICT;
CREATE TABLE IF NOT EXISTS charge_backs (
  position INTEGER PRIMARY KEY AUTOINCREMENT, dispute TEXT NOT NULL UNIQUE, reference TEXT NOT NULL,
  amount INTEGER NOT NULL CHECK (amount > 0), currency TEXT NOT NULL, reason TEXT NOT NULL, at TEXT NOT NULL
) STRICT;
`;
