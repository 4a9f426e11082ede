import { resolve } from 'node:path';
import type { CopyPlace } from './copy.ts';

/** The replicas that a setting names: `name=data folder,keys folder,medium;…` */
export function copyPlaces(text: string): CopyPlace[] {
  return text.split(';').flatMap((one) => {
    const [, name, dataDir, keysDir, medium] = /^([^=]+)=([^,]+),([^,]+),([^,]+)$/.exec(one) ?? [];
    if (name === undefined || dataDir === undefined || keysDir === undefined || medium === undefined) return [];
    return [{ name, dataDir: resolve(dataDir), keysDir: resolve(keysDir), medium }];
  });
}
