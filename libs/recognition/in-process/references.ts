import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '#libs/runtime/clock.ts';
import { newShortLived } from './short-lived.ts';

/** Opaque words that stand for something only the zone knows, each usable by one holder (a device, an attempt). */
export interface References<Value> {
  readonly make: (value: Value, holder: string) => string;
  readonly resolve: (reference: string, holder: string) => Value | undefined;
  readonly dropWhere: (gone: (value: Value) => boolean) => void;
}

export function newReferences<Value>(clock: Clock, lifeMs: number): References<Value> {
  const held = newShortLived<{ readonly value: Value; readonly holder: string }>(clock, lifeMs);
  const hash = (reference: string): string => createHash('sha256').update(reference).digest('base64url');
  return {
    make: (value, holder) => {
      const reference = randomBytes(32).toString('base64url');
      held.put(hash(reference), { value, holder });
      return reference;
    },
    resolve: (reference, holder) => {
      const found = held.get(hash(reference));
      return found?.holder === holder ? found.value : undefined;
    },
    dropWhere: (gone) => held.dropWhere(({ value }) => gone(value)),
  };
}
