import type { Action } from './timeline.ts';

export interface Playing {
  readonly timeline: readonly Action[];
  /** So many are done already. */
  readonly from: number;
  readonly act: (action: Action) => Promise<void>;
  /** All actions before this one are done. */
  readonly passed: (done: number) => void;
}

/** Enough to share the ledger's commits. */
const AT_ONCE = 64;

/** Plays a timeline in its order, many at once, and those of one member one after the other. The first failure ends it. */
export async function play({ timeline, from, act, passed }: Playing): Promise<void> {
  const tails = new Map<number, Promise<void>>();
  const finished = new Set<number>();
  let next = from;
  let low = from;
  let failure: Error | undefined;

  const done = (at: number): void => {
    finished.add(at);
    while (finished.delete(low)) low += 1;
    passed(low);
  };

  async function worker(): Promise<void> {
    while (next < timeline.length && failure === undefined) {
      const at = next++;
      const action = timeline[at]!;
      const before = tails.get(action.member) ?? Promise.resolve();
      const own = before.then(() => act(action));
      tails.set(action.member, own);
      try {
        await own;
        if (tails.get(action.member) === own) tails.delete(action.member);
        done(at);
      } catch (error) {
        failure ??= error instanceof Error ? error : new Error('an action failed', { cause: error });
      }
    }
  }

  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  if (failure !== undefined) throw failure;
}
