import { deflateSync, crc32 } from 'node:zlib';
import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import sharp from 'sharp';
import { drawPalm } from '#libs/testing/palms/palm-picture.ts';
import { MOST_BYTES, openPicture } from './decode.ts';

function chunk(type: string, data: Uint8Array): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(8 + named.length);
  frame.writeUInt32BE(data.length, 0);
  named.copy(frame, 4);
  frame.writeUInt32BE(crc32(named), 4 + named.length);
  return frame;
}

/** A grey PNG that states a size, whatever data it then has. */
function png(width: number, height: number, data: Uint8Array, ...before: Buffer[]): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 0, 0, 0, 0], 8);
  const magic = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const body = [chunk('IHDR', header), ...before, chunk('IDAT', deflateSync(data)), chunk('IEND', Buffer.alloc(0))];
  return Uint8Array.from(Buffer.concat([magic, ...body]));
}

const reasonOf = async (bytes: Uint8Array) => {
  const opened = await openPicture(bytes);
  return opened.opened ? 'opened' : opened.reason;
};

describe('a picture', () => {
  let palm: Uint8Array;
  beforeAll(async () => {
    palm = await drawPalm({ person: 'decode', hand: 'left', capture: 0, kind: 'region' });
  });

  it('is opened as PNG', async () => {
    const opened = await openPicture(palm);
    expect(opened).toMatchObject({ opened: true, picture: { width: 192, height: 192, channels: 3 } });
  });

  it('is opened as JPEG, upright as the camera noted it', async () => {
    const jpeg = await sharp(palm)
      .extract({ left: 0, top: 0, width: 192, height: 96 })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    expect(await openPicture(jpeg)).toMatchObject({ opened: true, picture: { width: 96, height: 192 } });
  });

  it('is opened smaller where it has more pixels than are wanted', async () => {
    const large = await sharp(palm).resize(3000, 3000).jpeg().toBuffer();
    expect(await openPicture(large)).toMatchObject({ opened: true, picture: { width: 1024, height: 1024 } });
  });

  it.each(['gif', 'webp', 'tiff'] as const)('is refused as %s', async (format) => {
    expect(await reasonOf(await sharp(palm).toFormat(format).toBuffer())).toBe('unreadable');
  });

  it('is refused as SVG, which the library could open', async () => {
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="200" height="200"/>');
    expect(await reasonOf(svg)).toBe('unreadable');
  });

  it('is refused when it moves', async () => {
    expect(await reasonOf(png(64, 64, Buffer.alloc(64 * 65), chunk('acTL', Buffer.alloc(8))))).toBe('unreadable');
  });

  it('is refused at 30,000 x 30,000, however few bytes it has', async () => {
    const started = performance.now();
    expect(await reasonOf(png(30_000, 30_000, Buffer.alloc(1_000_000)))).toBe('too-large');
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  it('is refused over ten megabytes unopened', async () => {
    expect(await reasonOf(new Uint8Array(MOST_BYTES + 1))).toBe('too-large');
  });

  it('is refused where its data end early', async () => {
    expect(await reasonOf(palm.slice(0, palm.length >> 1))).toBe('unreadable');
    expect(await reasonOf(png(200, 200, Buffer.alloc(100)))).toBe('unreadable');
    const jpeg = await sharp(palm).jpeg().toBuffer();
    expect(await reasonOf(Uint8Array.from(jpeg.subarray(0, jpeg.length >> 1)))).toBe('unreadable');
  });

  it('is refused when it is a few pixels', async () => {
    expect(await reasonOf(png(8, 8, Buffer.alloc(72)))).toBe('too-small');
  });

  it('never makes the reader fail, whatever the bytes', async () => {
    const noise = fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.nat({ max: 60 }), async (bytes, kept) => {
      const broken = Uint8Array.from([...palm.subarray(0, kept), ...bytes]);
      expect(await reasonOf(broken)).not.toBe('opened');
    });
    await fc.assert(noise, { numRuns: 60 });
  });
});
