import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { isoNow } from '#libs/runtime/clock.ts';
import { openWorks, until, type Works } from '#libs/testing/works.ts';
import { startErasure } from '#libs/use-cases/erasure/start.ts';
import { reserveSeed } from '#libs/use-cases/changes/announce.ts';
import { palmFeed } from './palm-feed.ts';
import { systemWho } from './system.ts';

describe('The feeder of the matching index', () => {
  let works: Works;
  beforeEach(async () => {
    works = await openWorks();
  });
  afterEach(() => works.close());

  const conditions = async (stream: string): Promise<readonly string[]> => {
    const state = await works.state(stream);
    return 'palms' in state ? state.palms.map(({ condition }) => condition) : [];
  };

  it('given a palm that nobody else holds, lets it match', async () => {
    const anna = await works.member('anna', '+41791110001');
    expect(await conditions(anna.stream)).toEqual(['matchable']);
    await works.caughtUp();
    expect(works.deps.recognition.ready()).toMatchObject({ ready: true, palms: 1 });
  });

  it('given a palm of somebody else, finds the later one to be the duplicate, and not the first', async () => {
    const anna = await works.member('anna', '+41791110001');
    const again = await works.enrolling('anna', '+41791110002');
    expect(await conditions(anna.stream)).toEqual(['matchable']);
    expect(await conditions(again.stream)).toEqual(['duplicate']);
    expect(works.deps.recognition.ready().palms).toBe(1);
  });

  it('given a start, loads what was matchable, without what is a duplicate or gone', async () => {
    const anna = await works.member('anna', '+41791110001');
    await works.member('ben', '+41791110002');
    await works.enrolling('anna', '+41791110003');
    await works.caughtUp();
    const loaded: string[] = [];
    const closed: string[] = [];
    const recognition = {
      ...works.deps.recognition,
      palmsLoaded: async (entries: readonly { oneId: string }[]) => {
        loaded.push(...entries.map(({ oneId }) => oneId));
        return entries.map(() => 'loaded' as const);
      },
      oneIdClosed: async (oneId: string) => void closed.push(oneId),
    };
    await works.decide(anna.stream, { type: 'Pause', at: isoNow(works.deps.clock), reason: 'member' });
    const position = await palmFeed({ ...works.deps, recognition }).load();
    expect(position).toBe(await works.deps.ledger.head());
    expect(loaded).toHaveLength(2);
    expect(closed).toContain(anna.oneId);
    expect(closed).toHaveLength(2);
  });

  it('given an erasure that was taken back, searches the palm that the stream took no answer for meanwhile', async () => {
    const { deps } = works;
    const anna = await works.member('anna', '+41791110001');
    const right = await works.signed(anna.stream, 'anna', 'right');
    const at = isoNow(deps.clock);
    const seed = await reserveSeed(deps);
    const about = { oneId: anna.oneId, reason: 'admin', requestedBy: 'p1', seed } as const;
    const sealed = await startErasure(deps, about, systemWho('test'));
    await works.decide(anna.stream, right, { type: 'RequestErasure', at, reason: 'admin', sealed });
    await works.caughtUp();
    expect(await conditions(anna.stream)).toEqual(['matchable', 'new']);
    await works.decide(anna.stream, { type: 'WithdrawErasure', at, reason: 'admin' });
    await until(async () => (await conditions(anna.stream)).join() === 'matchable,matchable');
  });

  it('closes who is paused, and opens only once no reason stands any more', async () => {
    const { deps } = works;
    const anna = await works.member('anna', '+41791110001');
    const heard: string[] = [];
    const recognition = {
      ...deps.recognition,
      oneIdClosed: async () => void heard.push('closed'),
      oneIdReopened: async () => void heard.push('opened'),
    };
    const feed = palmFeed({ ...deps, recognition });
    const at = isoNow(deps.clock);
    for (const command of [
      { type: 'Pause', at, reason: 'member' },
      { type: 'Suspend', at, reason: 'admin' },
      { type: 'Unpause', at, reason: 'member' },
      { type: 'Resume', at, reason: 'admin' },
    ] as const) {
      await works.decide(anna.stream, command);
      await feed.take((await deps.ledger.readStream(anna.stream)).at(-1)!);
    }
    expect(heard).toEqual(['closed', 'opened']);
  });

  it('given that all keys are going, holds nothing of the One ID', async () => {
    const { deps } = works;
    const anna = await works.member('anna', '+41791110001');
    const at = isoNow(deps.clock);
    const seed = await reserveSeed(deps);
    const about = { oneId: anna.oneId, reason: 'admin', requestedBy: 'p1', seed } as const;
    const sealed = await startErasure(deps, about, systemWho('test'));
    await works.decide(anna.stream, { type: 'RequestErasure', at, reason: 'admin', sealed });
    await works.decide(anna.stream, { type: 'BeginKeyDestruction', at, scope: 'all' });
    await until(async () => deps.recognition.ready().palms === 0);
  });
});
