import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

export interface PalmPicture {
  readonly file: string;
  /** Which palm it shows, as the file's name says. */
  readonly palm: string;
}

export interface Listing {
  readonly pictures: readonly PalmPicture[];
  /** Pictures whose names the pattern does not fit: counted, so that none is left out in silence. */
  readonly unnamed: number;
}

/** The PNG and JPEG files of a folder whose names fit a pattern such as `{palm}_{sample}`, by name. */
export async function listPictures(folder: string, pattern: string): Promise<Listing> {
  const shape = nameShape(pattern);
  const names = (await readdir(folder)).filter((name) => /\.(png|jpe?g)$/i.test(name)).sort();
  const pictures = names.flatMap((name) => {
    const palm = shape.exec(name.replace(/\.[^.]+$/, ''))?.groups?.palm;
    return palm === undefined ? [] : [{ file: join(folder, name), palm }];
  });
  return { pictures, unnamed: names.length - pictures.length };
}

/** @throws {RangeError} where the pattern does not hold `{palm}` and `{sample}` once each. */
export function nameShape(pattern: string): RegExp {
  const parts = pattern.split(/(\{palm\}|\{sample\})/);
  if (
    parts.filter((part) => part === '{palm}').length !== 1 ||
    parts.filter((part) => part === '{sample}').length !== 1
  ) {
    throw new RangeError(`the pattern must hold {palm} and {sample} once each: ${pattern}`);
  }
  const source = parts.map((part) => {
    if (part === '{palm}') return '(?<palm>.+)';
    if (part === '{sample}') return '.+';
    return part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^${source.join('')}$`);
}
