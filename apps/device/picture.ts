import { readFileSync } from 'node:fs';
import { CannotDo } from '#libs/command-line/run-program.ts';
import { LARGEST_PICTURE, type Capture } from '#libs/device-protocol/container.ts';

export interface PictureOptions {
  readonly palm?: string;
  readonly nearInfrared?: string;
}

/** A capture from files, read each time it is wanted: sealing takes it over, and nothing keeps one. */
export function captureOf({ palm, nearInfrared }: PictureOptions): Capture {
  if (palm === undefined && nearInfrared === undefined) throw new CannotDo('name a picture by --palm');
  return {
    ...(palm === undefined ? {} : { visible: pictureIn(palm) }),
    ...(nearInfrared === undefined ? {} : { nearInfrared: pictureIn(nearInfrared) }),
  };
}

export function pictureIn(file: string): Uint8Array<ArrayBuffer> {
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = Uint8Array.from(readFileSync(file));
  } catch {
    throw new CannotDo(`${file} cannot be read`);
  }
  if (bytes.length > 0 && bytes.length <= LARGEST_PICTURE) return bytes;
  throw new CannotDo(`${file} is empty or larger than 10 MB`);
}
