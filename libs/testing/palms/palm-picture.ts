import sharp from 'sharp';
import { PALM, handShape, stroke } from './hand-shape.ts';
import { principalLines, veins, wrinkles } from './lines.ts';
import { seeded } from './seeded.ts';
import type { Seeded } from './seeded.ts';
import { developed } from './develop.ts';

export interface DrawnPalm {
  /** Any word or number: who it is. */
  readonly person: string | number;
  readonly hand: 'left' | 'right';
  /** Each capture of a hand lies, is lit and grains differently. */
  readonly capture: number;
  /** The whole hand on a plain ground, or the region of interest alone. */
  readonly kind?: 'hand' | 'region';
  readonly light?: 'visible' | 'near-infrared';
}

/** Pixels and where the palm lies in them: `unit` pixels are the distance of the outer two finger valleys. */
interface Scene {
  readonly width: number;
  readonly height: number;
  readonly x: number;
  readonly y: number;
  readonly unit: number;
  readonly turn: number;
}

/**
 * A palm that belongs to nobody, drawn: PNG. Deterministic: the same arguments give the same picture, captures of one hand
 * match, hands of different persons (and the two of one) do not.
 */
export async function drawPalm(palm: DrawnPalm): Promise<Uint8Array> {
  const { person, hand, capture, kind = 'hand', light = 'visible' } = palm;
  // The pose is the same in both lights: a device takes both pictures at once.
  const pose = seeded('pose', person, hand, capture);
  const scene = kind === 'hand' ? wholeHand(pose) : regionAlone(pose, hand);
  const svg = drawing(palm, scene, seeded('fingers', person, hand, capture));
  const { data } = await sharp(Buffer.from(svg)).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const pixels = developed(data, scene.width, scene.height, seeded('grain', person, hand, capture, light), {
    texture: seeded('texture', person, hand),
    place: { ...scene, mirrored: hand === 'left' },
    grey: light === 'near-infrared',
  });
  const png = await sharp(pixels, { raw: { width: scene.width, height: scene.height, channels: 3 } })
    .png({ compressionLevel: 3 })
    .toBuffer();
  return Uint8Array.from(png);
}

function wholeHand(pose: Seeded): Scene {
  const width = 540;
  const height = 640;
  return {
    width,
    height,
    unit: pose.between(116, 132),
    x: width / 2 + pose.normal(0, 10),
    y: 285 + pose.normal(0, 10),
    turn: Math.max(-14, Math.min(14, pose.normal(0, 6))),
  };
}

/** Where the reader finds the region in a drawn hand: its middle, its side, and by how many degrees it stands turned. */
const FOUND = { x: 0.025, y: 1.16, side: 1.63, turn: -2 };

/** The square that the reader would cut from a whole hand, cut by somebody else: a little beside it. */
function regionAlone(pose: Seeded, hand: 'left' | 'right'): Scene {
  const side = 192;
  const mirror = hand === 'left' ? -1 : 1;
  const unit = (side / FOUND.side) * pose.between(0.98, 1.02);
  const turn = -FOUND.turn * mirror + pose.normal(0, 1);
  const [cos, sin] = [Math.cos((turn * Math.PI) / 180), Math.sin((turn * Math.PI) / 180)];
  const [x, y] = [FOUND.x * mirror * unit, FOUND.y * unit];
  return {
    width: side,
    height: side,
    unit,
    x: side / 2 - (x * cos - y * sin) + pose.normal(0, 1.5),
    y: side / 2 - (x * sin + y * cos) + pose.normal(0, 1.5),
    turn,
  };
}

function drawing({ person, hand, kind = 'hand', light = 'visible' }: DrawnPalm, scene: Scene, fingers: Seeded): string {
  const infrared = light === 'near-infrared';
  const ink = infrared ? '#303030' : '#3a1c12';
  const skin = infrared ? '#b4b4b4' : skinOf(person);
  const ground = kind === 'region' ? skin : infrared ? '#141414' : '#1b2430';
  const lines = [...principalLines(person, hand), ...wrinkles(person, hand)];
  const drawn = lines.map((line) => stroke({ ...line, depth: line.depth * (infrared ? 0.75 : 1) }, ink));
  if (infrared) drawn.push(...veins(person, hand).map((line) => stroke(line, ink)));
  const mirror = hand === 'left' ? -1 : 1;
  const shape = kind === 'hand' ? handShape(seeded('shape', person), fingers, skin) : '';
  const clip = kind === 'hand' ? `<clipPath id="palm"><path d="${PALM}"/></clipPath>` : '';
  const inside = kind === 'hand' ? ' clip-path="url(#palm)"' : '';
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${scene.width}" height="${scene.height}">${clip}<rect width="100%" height="100%" fill="${ground}"/><g transform="translate(${scene.x} ${scene.y}) rotate(${scene.turn}) scale(${scene.unit * mirror} ${scene.unit})">${shape}<g${inside}>${drawn.join('')}</g></g></svg>`;
}

function skinOf(person: string | number): string {
  const draw = seeded('skin', person);
  const light = draw.between(0.72, 1);
  return `rgb(${[214, 164, 138].map((channel) => Math.round(channel * light)).join(',')})`;
}
