// Looked up once: in a test's own realm each look at a global takes its time.
const { imul, sqrt, log, cos, floor, PI } = Math;

/** A deterministic source of numbers: the same words give the same numbers everywhere. Not for secrets. */
export interface Seeded {
  /** From `low` up to `high`. */
  between(low: number, high: number): number;
  /** Normally distributed. */
  normal(mean: number, deviation: number): number;
  whole(bound: number): number;
}

export function seeded(...words: readonly (string | number)[]): Seeded {
  const next = sfc32(hash(words.map(String).join('\u0000')));
  return {
    between: (low, high) => low + (high - low) * next(),
    normal: (mean, deviation) => mean + deviation * sqrt(-2 * log(next() || 1e-12)) * cos(2 * PI * next()),
    whole: (bound) => floor(next() * bound),
  };
}

/** FNV-1a, four lanes. */
function hash(text: string): [number, number, number, number] {
  const lanes: [number, number, number, number] = [0x811c9dc5, 0x01000193, 0x9e3779b9, 0x85ebca6b];
  for (let i = 0; i < text.length; i++) {
    for (let lane = 0; lane < 4; lane++) {
      lanes[lane] = imul(lanes[lane]! ^ (text.charCodeAt(i) + lane * 0x51ed27), 0x01000193 + lane * 2);
    }
  }
  return lanes;
}

/** Small fast counter of PractRand's author Chris Doty-Humphrey, 32 bits; the first numbers are thrown away. */
function sfc32([a, b, c, d]: [number, number, number, number]): () => number {
  const next = () => {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return (t >>> 0) / 4294967296;
  };
  for (let i = 0; i < 15; i++) next();
  return next;
}
