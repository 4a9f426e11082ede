/** The largest level of a stored component: bytes 1..127 stand for -63..63, as the kernel's 7-bit operand wants. */
const ROW_LEVELS = 63;
const ROW_ZERO = 64;
const QUERY_LEVELS = 127;

export interface Quantised {
  /** The component that one level stands for. */
  readonly scale: number;
  /** Length of what quantising lost: |vector - scale * levels|. */
  readonly error: number;
}

/** Writes a stored vector's bytes. `out` may be longer than the vector: the rest stands for zero. */
export function quantiseRow(vector: Float32Array, out: Uint8Array): Quantised {
  const scale = Math.fround(largest(vector) / ROW_LEVELS);
  let lost = 0;
  out.fill(ROW_ZERO);
  for (let i = 0; i < vector.length; i++) {
    const level = Math.round(vector[i]! / scale);
    out[i] = level + ROW_ZERO;
    lost += (vector[i]! - level * scale) ** 2;
  }
  return { scale, error: Math.sqrt(lost) };
}

/** Writes a query's bytes and says what to subtract from each sum of products, since stored bytes are shifted by 64. */
export function quantiseQuery(vector: Float32Array, out: Int8Array): Quantised & { readonly offset: number } {
  const scale = Math.fround(largest(vector) / QUERY_LEVELS);
  let lost = 0;
  let sum = 0;
  out.fill(0);
  for (let i = 0; i < vector.length; i++) {
    const level = Math.round(vector[i]! / scale);
    out[i] = level;
    sum += level;
    lost += (vector[i]! - level * scale) ** 2;
  }
  return { scale, error: Math.sqrt(lost), offset: sum * ROW_ZERO };
}

function largest(vector: Float32Array): number {
  let most = 0;
  for (const component of vector) most = Math.max(most, Math.abs(component));
  return most;
}
