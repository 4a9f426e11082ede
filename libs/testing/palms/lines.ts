import { seeded } from './seeded.ts';
import type { Seeded } from './seeded.ts';

/**
 * What is drawn on a palm, in the palm's own units: the valleys beside the middle finger's neighbours lie at (-0.5, 0) and
 * (0.5, 0), y runs to the wrist. Right hand: the thumb is at positive x.
 */
export interface PalmLine {
  readonly path: string;
  readonly width: number;
  /** 0 to 1: how dark. */
  readonly depth: number;
}

type Point = readonly [number, number];

/** Life, head and heart line, differently bent for each hand. */
export function principalLines(person: string | number, hand: string): PalmLine[] {
  const draw = seeded('principal', person, hand);
  const near = ([x, y]: Point, spread: number): Point => [draw.normal(x, spread), draw.normal(y, spread)];
  const line = (points: readonly Point[], spread: number): PalmLine => ({
    path: curve(points.map((point) => near(point, spread))),
    width: draw.between(0.03, 0.05),
    depth: draw.between(0.38, 0.58),
  });
  const start: Point = near([0.88, 0.62], 0.06);
  return [
    line([start, [0.35, 0.75], [0.15, 1.3], [0.3, 1.95]], 0.07),
    line([start, [0.35, 0.72], [-0.2, 0.95], [-0.75, 1.3]], 0.09),
    line(
      [
        [-0.95, 0.72],
        [-0.45, 0.55],
        [0.05, 0.5],
        [0.4, 0.12],
      ],
      0.08,
    ),
  ];
}

/** Wrinkles: many, fine, and of this hand alone. */
export function wrinkles(person: string | number, hand: string): PalmLine[] {
  const draw = seeded('wrinkles', person, hand);
  return Array.from({ length: 90 + draw.whole(30) }, () => wrinkle(draw));
}

function wrinkle(draw: Seeded): PalmLine {
  let at: Point = [draw.between(-1.0, 1.0), draw.between(0.1, 2.0)];
  let heading = draw.between(0, 2 * Math.PI);
  const step = draw.between(0.1, 0.26);
  const points: Point[] = [at];
  for (let i = 0; i < 3; i++) {
    heading += draw.normal(0, 0.3);
    at = [at[0] + step * Math.cos(heading), at[1] + step * Math.sin(heading)];
    points.push(at);
  }
  return { path: curve(points), width: draw.between(0.012, 0.04), depth: draw.between(0.1, 0.34) };
}

/** Veins, which near infrared shows: few, broad and soft. */
export function veins(person: string | number, hand: string): PalmLine[] {
  const draw = seeded('veins', person, hand);
  return Array.from({ length: 7 }, () => {
    const x = draw.between(-0.8, 0.8);
    const points: Point[] = [0.05, 0.7, 1.3, 2.0].map((y) => [draw.normal(x, 0.18), y]);
    return { path: curve(points), width: draw.between(0.05, 0.09), depth: draw.between(0.12, 0.25) };
  });
}

/** The creases of a finger's joints, across a finger that points to negative y. */
export function creases(width: number, at: readonly number[]): PalmLine[] {
  const half = width * 0.42;
  return at.map((y) => ({
    path: curve([
      [-half, y],
      [-half / 3, y + 0.03],
      [half / 3, y + 0.03],
      [half, y],
    ]),
    width: 0.022,
    depth: 0.4,
  }));
}

function curve([a, b, c, d]: readonly Point[]): string {
  const text = ([x, y]: Point) => `${x.toFixed(3)} ${y.toFixed(3)}`;
  return `M${text(a!)} C${text(b!)}, ${text(c!)}, ${text(d!)}`;
}
