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
  if (best.count === best.rows.length && score <= best.scores[best.count - 1]!) return;
  let at = best.count < best.rows.length ? best.count++ : best.count - 1;
  while (at > 0 && best.scores[at - 1]! < score) {
    best.scores[at] = best.scores[at - 1]!;
    best.rows[at] = best.rows[at - 1]!;
    at--;
  }
  best.scores[at] = score;
  best.rows[at] = row;
  if (best.count === best.rows.length) best.floor = best.scores[best.count - 1]!;
}
