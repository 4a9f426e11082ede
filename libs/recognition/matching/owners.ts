/**
 * Which rows a One ID has: a hash table of chains in two integer arrays, since a Map with a string for each palm would
 * weigh more than the palm's own entry may. Keys are not kept; whoever walks a chain compares.
 */
export interface Owners {
  /** The rows whose One ID may have this hash. */
  readonly rowsOf: (hash: number) => number[];
  readonly link: (hash: number, row: number) => void;
  readonly unlink: (hash: number, row: number) => void;
  readonly bytes: () => number;
}

const NONE = -1;

export function newOwners(hashOfRow: (row: number) => number): Owners {
  let heads = new Int32Array(1024).fill(NONE);
  let next = new Int32Array(1024).fill(NONE);
  let linked = 0;

  const slot = (hash: number): number => (hash >>> 0) & (heads.length - 1);

  const rehash = (): void => {
    const rows: number[] = [];
    for (const head of heads) for (let row = head; row !== NONE; row = next[row]!) rows.push(row);
    heads = new Int32Array(heads.length * 2).fill(NONE);
    for (const row of rows) push(hashOfRow(row), row);
  };

  const push = (hash: number, row: number): void => {
    const at = slot(hash);
    next[row] = heads[at]!;
    heads[at] = row;
  };

  return {
    rowsOf: (hash) => {
      const rows: number[] = [];
      for (let row = heads[slot(hash)]!; row !== NONE; row = next[row]!) rows.push(row);
      return rows;
    },
    link: (hash, row) => {
      if (row >= next.length) {
        const longer = new Int32Array(Math.max(row + 1, Math.ceil(next.length * 1.25))).fill(NONE);
        longer.set(next);
        next = longer;
      }
      if (linked >= heads.length) rehash();
      push(hash, row);
      linked++;
    },
    unlink: (hash, row) => {
      const at = slot(hash);
      if (heads[at] === row) heads[at] = next[row]!;
      else {
        let before = heads[at]!;
        while (before !== NONE && next[before] !== row) before = next[before]!;
        if (before === NONE) return;
        next[before] = next[row]!;
      }
      next[row] = NONE;
      linked--;
    },
    bytes: () => heads.byteLength + next.byteLength,
  };
}

/** FNV-1a over the characters. */
export function hashOf(id: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193);
  return hash ^ (hash >>> 15);
}
