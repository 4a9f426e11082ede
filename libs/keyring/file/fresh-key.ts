import { randomFillSync } from 'node:crypto';
import { KEY_BYTES } from './page.ts';

const drawn = Buffer.alloc(KEY_BYTES * 128);
let next = drawn.length;

/** 32 random bytes, drawn by the hundred; what was given is overwritten where it was drawn. */
export function freshKey(): Buffer {
  if (next === drawn.length) {
    randomFillSync(drawn);
    next = 0;
  }
  const key = Buffer.alloc(KEY_BYTES);
  drawn.copy(key, 0, next, next + KEY_BYTES);
  drawn.fill(0, next, next + KEY_BYTES);
  next += KEY_BYTES;
  return key;
}
