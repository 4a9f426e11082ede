const FIRST_SLICE = 64;

/** Rows of a block that are scanned at once. */
export interface Slice {
  readonly from: number;
  readonly rows: number;
}

/**
 * A block at once, but for the first: while the floor is still low nearly every row reaches it, so the first rows are
 * taken in slices that double.
 */
export function slicesOf(block: number, rows: number): Slice[] {
  if (rows <= 0) return [];
  if (block > 0) return [{ from: 0, rows }];
  const slices: Slice[] = [];
  for (let from = 0; from < rows;) {
    const next = Math.max(FIRST_SLICE, from);
    slices.push({ from, rows: Math.min(next, rows - from) });
    from += next;
  }
  return slices;
}
