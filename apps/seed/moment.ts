import type { Clock } from '#libs/runtime/clock.ts';
import type { CodeStore } from '#libs/identity/codes.ts';
import type { Outbox } from '#libs/notices/port.ts';
import { InMemoryCodeStore } from '#libs/identity/in-memory/code-store.ts';

/** The clock of one action: it stands, and is put on by as long as a step takes people. */
export interface StepClock extends Clock {
  pass(seconds: number): void;
}

export function stepClock(at: number): StepClock {
  let ms = at;
  return {
    now: () => new Date(ms),
    pass: (seconds) => {
      ms += seconds * 1_000;
    },
  };
}

/** Codes as they are, but for the limits: these are counted in real time, in which two years pass within minutes. */
export function unlimitedCodes(): CodeStore {
  const codes = new InMemoryCodeStore();
  return {
    put: (key, code) => codes.put(key, code),
    tryOnce: (key, now) => codes.tryOnce(key, now),
    drop: (key, hash) => codes.drop(key, hash),
    count: async () => 0,
  };
}

/** Phones of people who never were: a code is read at once, everything else is read by nobody. */
export function seedPhones(outbox: Outbox): Outbox & { codeOf(number: string): string } {
  const codes = new Map<string, string>();
  return {
    ...outbox,
    enqueue: async ({ to, values }) => {
      const { code } = values as { code?: string };
      if (code !== undefined) codes.set(to, code);
      return 'enqueued';
    },
    codeOf: (number) => {
      const code = codes.get(number);
      codes.delete(number);
      if (code === undefined) throw new Error('no code came');
      return code;
    },
  };
}
