import { describe, expect, it } from '@jest/globals';
import { copyPlaces } from './copy-places.ts';

describe('The setting that names replicas', () => {
  it('given nothing, names none', () => {
    expect(copyPlaces('')).toEqual([]);
  });

  it('given two, names each with its folders and its medium', () => {
    expect(copyPlaces('b=/b/data,/b/keys,another disk;c=/c/data,/c/keys,tape')).toEqual([
      { name: 'b', dataDir: '/b/data', keysDir: '/b/keys', medium: 'another disk' },
      { name: 'c', dataDir: '/c/data', keysDir: '/c/keys', medium: 'tape' },
    ]);
  });
});
