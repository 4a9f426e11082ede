import type { QualityReason } from './port.ts';

/*
 * What a region must be like. The limits leave room on either side of real palms of one contactless sensor (figures in
 * docs/recognition.md), of which these rules were not told which are good.
 */
export const DARKEST = 0.12;
export const BRIGHTEST = 0.9;
/** Share of the region that the sensor could not tell from white. */
const MOST_BURNT = 0.2;
/** Share of the region much darker than its skin: ground, a sleeve, a gap between fingers. */
const MOST_DARK = 0.08;
const DARK = 0.3;
/** Fine lines over broad ones: sharp palms 0.43 to 0.68; a blur of 2 pixels takes it to 0.4, of 3 to 0.34; noise has 0.97. */
const LEAST_FINE = 0.42;
const MOST_FINE = 0.85;
/** Contrast of broad lines, over brightness: real palms 0.025 to 0.06, a sheet of paper nothing, print 0.3. */
const LEAST_LINES = 0.012;
const MOST_LINES = 0.22;

export interface Judgement {
  readonly reasons: readonly QualityReason[];
  /** 0 (just good enough, or refused) to 1. */
  readonly quality: number;
}

interface Measures {
  readonly brightness: number;
  readonly burnt: number;
  readonly dark: number;
  readonly lines: number;
  readonly fine: number;
}

/** Is this square of grey (numbers 0 to 1) a palm that a signature can be taken from, and if not, what can be done about it? */
export function judge(region: Float32Array, side: number): Judgement {
  const measures = measure(region, side);
  const reasons = reasonsOf(measures);
  return { reasons, quality: reasons.length > 0 ? 0 : qualityOf(measures) };
}

function reasonsOf({ brightness, burnt, dark, lines, fine }: Measures): QualityReason[] {
  // In the dark and in glare nothing else can be told.
  if (brightness < DARKEST) return ['too-dark'];
  if (brightness > BRIGHTEST || burnt > MOST_BURNT) return ['too-bright'];
  if (dark > MOST_DARK || lines < LEAST_LINES || lines > MOST_LINES || fine > MOST_FINE) return ['not-a-palm'];
  return fine < LEAST_FINE ? ['blurred'] : [];
}

function qualityOf({ brightness, burnt, dark, lines, fine }: Measures): number {
  const light =
    rise(brightness, DARKEST, 0.3) * rise(BRIGHTEST - brightness, 0, 0.2) * rise(MOST_BURNT - burnt, 0, 0.15);
  const sharp = rise(fine, LEAST_FINE - 0.05, 0.5);
  return light * sharp * rise(lines, LEAST_LINES, 0.03) * rise(MOST_DARK - dark, -0.02, MOST_DARK);
}

function rise(value: number, from: number, to: number): number {
  return Math.max(0, Math.min(1, (value - from) / (to - from)));
}

function measure(region: Float32Array, side: number): Measures {
  const skin = nearlyBrightest(region);
  let sum = 0;
  let burnt = 0;
  let dark = 0;
  for (let i = 0; i < region.length; i++) {
    const value = region[i]!;
    sum += value;
    if (value > 0.98) burnt++;
    if (value < DARK * skin) dark++;
  }
  const brightness = sum / region.length;
  const smooth = boxed(region, side);
  const near = surround(smooth, side, 3) / brightness;
  const far = surround(smooth, side, 6) / brightness;
  smooth.fill(0);
  const count = region.length;
  return { brightness, burnt: burnt / count, dark: dark / count, lines: far || 0, fine: near / far || 0 };
}

/** What nine tenths of the region are darker than. */
function nearlyBrightest(region: Float32Array): number {
  const histogram = new Uint32Array(256);
  for (let i = 0; i < region.length; i++) histogram[Math.min(255, Math.floor(region[i]! * 255))]!++;
  let level = 255;
  for (let above = histogram[level]!; level > 0 && above < region.length / 10; above += histogram[level]!) level--;
  return level / 255;
}

/** Means of 3 x 3, which take the sensor's grain out. */
function boxed(region: Float32Array, side: number): Float32Array {
  const out = region.slice();
  for (let y = 1; y < side - 1; y++) {
    for (let at = y * side + 1; at < (y + 1) * side - 1; at++) {
      out[at] =
        (region[at - side - 1]! +
          region[at - side]! +
          region[at - side + 1]! +
          region[at - 1]! +
          region[at]! +
          region[at + 1]! +
          region[at + side - 1]! +
          region[at + side]! +
          region[at + side + 1]!) /
        9;
    }
  }
  return out;
}

/** Root mean square of the difference to the surround `reach` pixels away: contrast of lines some two reaches wide. */
function surround(values: Float32Array, side: number, reach: number): number {
  const edge = 8;
  let sum = 0;
  for (let y = edge; y < side - edge; y++) {
    for (let at = y * side + edge; at < (y + 1) * side - edge; at++) {
      const around =
        values[at - reach]! + values[at + reach]! + values[at - reach * side]! + values[at + reach * side]!;
      sum += (values[at]! - around / 4) ** 2;
    }
  }
  return Math.sqrt(sum / (side - 2 * edge) ** 2);
}
