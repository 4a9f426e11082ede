import { creases } from './lines.ts';
import type { PalmLine } from './lines.ts';
import type { Seeded } from './seeded.ts';

interface Finger {
  readonly x: number;
  readonly y: number;
  readonly length: number;
  readonly width: number;
  /** Degrees from straight up. */
  readonly lean: number;
}

/** Little, ring, middle, index, of a right hand seen from its palm. */
const FINGERS: readonly Finger[] = [
  { x: -0.76, y: 0.42, length: 1.32, width: 0.4, lean: -15 },
  { x: -0.26, y: 0.3, length: 1.66, width: 0.44, lean: -5 },
  { x: 0.25, y: 0.3, length: 1.8, width: 0.46, lean: 4 },
  { x: 0.75, y: 0.36, length: 1.66, width: 0.45, lean: 13 },
];
const THUMB: Finger = { x: 0.72, y: 1.42, length: 1.5, width: 0.52, lean: 52 };

export const PALM =
  'M-0.97 0.3 C-1.05 0.8, -1.1 1.4, -0.96 1.8 C-0.88 2.05, -0.7 2.2, -0.66 2.45 L0.66 2.45 C0.7 2.2, 1.0 2.05, 1.08 1.65 C1.12 1.2, 1.0 0.8, 1.0 0.25 Q0.5 0.0, 0.0 -0.01 Q-0.5 0.0, -0.97 0.3 Z';
const ARM = 'M-0.67 2.2 L-0.8 7 L0.8 7 L0.67 2.2 Z';

/** The parts of a hand as SVG, filled with `fill`; how the fingers stand differs a little each time the hand is laid down. */
export function handShape(person: Seeded, capture: Seeded, fill: string): string {
  const fingers = FINGERS.map((finger) => {
    const length = finger.length * person.between(0.94, 1.06);
    const width = finger.width * person.between(0.95, 1.03);
    return capsule({ ...finger, length, width, lean: finger.lean + capture.normal(0, 1) }, fill);
  });
  const thumb = capsule({ ...THUMB, lean: THUMB.lean + capture.normal(0, 3) }, fill);
  return `<path d="${ARM}" fill="${fill}"/>${thumb}${fingers.join('')}<path d="${PALM}" fill="${fill}"/>`;
}

function capsule({ x, y, length, width, lean }: Finger, fill: string): string {
  const half = width / 2;
  const joints = creases(width, [-0.45 * length, -0.72 * length]).map((line) => stroke(line, '#3a1c12'));
  return `<g transform="translate(${x} ${y}) rotate(${lean.toFixed(2)})"><path fill="${fill}" d="M${-half} 0 L${-half * 0.82} ${half - length} A${half * 0.82} ${half * 0.82} 0 0 1 ${half * 0.82} ${half - length} L${half} 0 Z"/>${joints.join('')}</g>`;
}

export function stroke({ path, width, depth }: PalmLine, colour: string): string {
  return `<path d="${path}" fill="none" stroke="${colour}" stroke-linecap="round" stroke-width="${width.toFixed(3)}" stroke-opacity="${depth.toFixed(2)}"/>`;
}
