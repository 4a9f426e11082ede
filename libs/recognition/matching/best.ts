/** The best few rows by score, held in order. `floor` is what a further row must exceed to matter. */
export interface Best {
  readonly rows: Int32Array;
  readonly scores: Float32Array;
  count: number;
  floor: number;
}

export function newBest(few: number): Best {
  return { rows: new Int32Array(few), scores: new Float32Array(few), count: 0, floor: -2 };
}

export function offer(best: Best, row: number, score: number): void {
  const few = best.rows.length;
  if (best.count === few && score <= best.scores[few - 1]!) return;
  const at = placeOf(best, score);
  best.scores.copyWithin(at + 1, at, few - 1);
  best.rows.copyWithin(at + 1, at, few - 1);
  best.scores[at] = score;
  best.rows[at] = row;
  best.count = Math.min(few, best.count + 1);
  if (best.count === few) best.floor = best.scores[few - 1]!;
}

/** Behind all that score as much or more. */
function placeOf({ scores, count }: Best, score: number): number {
  let from = 0;
  let to = count;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (scores[middle]! >= score) from = middle + 1;
    else to = middle;
  }
  return from;
}
