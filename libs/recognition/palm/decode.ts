import sharp from 'sharp';
import type { Sharp } from 'sharp';
import type { Picture } from './picture.ts';
import type { QualityReason } from './port.ts';

/** What a capture may be at most; a picture within both takes less than half a second to open. */
export const MOST_BYTES = 10 * 1024 * 1024;
export const MOST_PIXELS = 20_000_000;
/** Nothing smaller than this can show a palm. */
const LEAST_SIDE = 32;
/** Larger pictures are read at this size: a palm then still has several times the pixels that the model takes. */
const WORKING_SIDE = 1024;

const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const JPEG = [0xff, 0xd8, 0xff];

// Opened pictures are not to be kept, and the machine's other cores have other work.
sharp.cache(false);
sharp.concurrency(1);

export type Opened =
  { readonly opened: true; readonly picture: Picture } | { readonly opened: false; readonly reason: QualityReason };

/**
 * A PNG or JPEG of one frame as RGB or grey bytes, upright, at most 1024 pixels a side. Everything else is refused: other
 * formats before any library sees them, bombs by the size that they state, damaged ones when they end early.
 */
export async function openPicture(bytes: Uint8Array): Promise<Opened> {
  if (bytes.length > MOST_BYTES) return { opened: false, reason: 'too-large' };
  const format = formatOf(bytes);
  if (format === undefined || (format === 'png' && isAnimated(bytes))) return { opened: false, reason: 'unreadable' };
  const input = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const options = { limitInputPixels: MOST_PIXELS, failOn: 'warning', pages: 1, sequentialRead: true } as const;
  try {
    const stated = await sharp(input, { ...options, limitInputPixels: false }).metadata();
    if (stated.format !== format || (stated.pages ?? 1) !== 1) return { opened: false, reason: 'unreadable' };
    if (stated.width * stated.height > MOST_PIXELS) return { opened: false, reason: 'too-large' };
    if (Math.min(stated.width, stated.height) < LEAST_SIDE) return { opened: false, reason: 'too-small' };
    return { opened: true, picture: await pixelsOf(sharp(input, options)) };
  } catch {
    // The library's words may quote the picture; nobody needs more than this.
    return { opened: false, reason: 'unreadable' };
  }
}

async function pixelsOf(image: Sharp): Promise<Picture> {
  const { data, info } = await image
    .autoOrient()
    .resize({ width: WORKING_SIDE, height: WORKING_SIDE, fit: 'inside', withoutEnlargement: true })
    .flatten({ background: '#000' })
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  if (info.channels !== 1 && info.channels !== 3) throw new Error('unexpected channels');
  return { width: info.width, height: info.height, channels: info.channels, data };
}

function formatOf(bytes: Uint8Array): 'png' | 'jpeg' | undefined {
  if (PNG.every((byte, i) => bytes[i] === byte)) return 'png';
  if (JPEG.every((byte, i) => bytes[i] === byte)) return 'jpeg';
  return undefined;
}

/** An animation control chunk stands before the first image data, or there is none. */
function isAnimated(png: Uint8Array): boolean {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  for (let at = PNG.length; at + 8 <= png.length;) {
    const type = String.fromCharCode(...png.subarray(at + 4, at + 8));
    if (type === 'acTL') return true;
    if (type === 'IDAT') return false;
    at += 12 + view.getUint32(at);
  }
  return false;
}
