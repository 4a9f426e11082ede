import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fold, recorded } from '../decider.ts';
import type { Folded } from '../event.ts';
import { given } from '#libs/testing/given.ts';
import * as past from '#libs/testing/erasure-past.ts';
import type { ErasureCommand } from './commands.ts';
import { erasureDecider } from './decider.ts';
import type { ErasureEvent } from './events.ts';
import { nextStep } from './next-step.ts';
import { Refused } from '../refused.ts';

const at = past.withdrawableUntil;
const copies = [{ name: 'first', medium: 'file' }];
const steps: readonly ErasureCommand[] = [
  { type: 'RecordTransactionsSettled', at },
  { type: 'BeginDestruction', at },
  { type: 'RecordIndexCleared', at, epoch: 5 },
  { type: 'RecordViewsPurged', at },
  { type: 'RecordLastMessageSent', at, messages: 2 },
  { type: 'RecordKeysDestroyed', at, epoch: 6, keys: 12, copies },
  { type: 'RecordStreamPruned', at, records: 40 },
  { type: 'RecordTombstonesPublished', at, subscribers: ['loyalty', 'search'], acknowledgeBy: past.acknowledgeBy },
  { type: 'RecordErasureKeyDestroyed', at, epoch: 8, copies },
  { type: 'CertifyErasure', at, certificate: 'certificate' },
];
const answered = [past.acknowledged('loyalty'), past.acknowledged('search')];
const events: readonly ErasureEvent[] = [...past.upToTombstones.slice(1), past.keyDestroyed, past.certified];
/** What has happened once so many steps are done. */
const after = (done: number): readonly ErasureEvent[] => {
  const so = events.slice(0, done);
  return [past.started(past.byMember), ...so.slice(0, 8), ...(done >= 8 ? answered : []), ...so.slice(8)];
};

describe('the steps of an erasure', () => {
  it.each(steps.map((command, index) => ({ step: command.type, command, index })))(
    '$step: once, and only after the one before',
    ({ command, index }) => {
      const event = events[index];
      if (!event) throw new Error('a step without its event');
      given(erasureDecider, ...after(index))
        .when(command)
        .then(event);
      given(erasureDecider, ...after(index + 1))
        .when(command)
        .thenNothing();
      if (index > 0)
        given(erasureDecider, ...after(index - 1))
          .when(command)
          .thenRefused('erasure-step-early');
    },
  );
  it('begin once an admin’s erasure is approved', () => {
    const asked = past.started(past.byAdmin);
    given(erasureDecider, asked).when({ type: 'RecordTransactionsSettled', at }).thenRefused('approval-missing');
    given(erasureDecider, asked, past.approved).when({ type: 'RecordTransactionsSettled', at }).then(past.settled);
  });
  it('destroy nothing while it may still be withdrawn', () => {
    given(erasureDecider, ...after(1))
      .when({ type: 'BeginDestruction', at: past.noon })
      .thenRefused('still-withdrawable');
  });
});

describe('acknowledgements', () => {
  const acknowledge = { type: 'AcknowledgeErasure', at, subscriber: 'loyalty' } as const;
  const late = { type: 'MarkSubscriberOverdue', at: past.acknowledgeBy, subscriber: 'loyalty' } as const;
  it('come once from each that was asked', () => {
    given(erasureDecider, ...past.upToTombstones)
      .when(acknowledge)
      .then(past.acknowledged('loyalty'));
    given(erasureDecider, ...past.upToTombstones, past.acknowledged('loyalty'))
      .when(acknowledge)
      .thenNothing();
    given(erasureDecider, ...past.upToTombstones)
      .when({ ...acknowledge, subscriber: 'stranger' })
      .thenRefused('subscriber-not-asked');
    given(erasureDecider, ...after(7))
      .when(acknowledge)
      .thenRefused('erasure-step-early');
  });
  it('are overdue after their last day, once, and not where they came', () => {
    given(erasureDecider, ...past.upToTombstones)
      .when(late)
      .then(past.overdue('loyalty'));
    given(erasureDecider, ...past.upToTombstones)
      .when({ ...late, at })
      .thenRefused('not-overdue');
    given(erasureDecider, ...past.upToTombstones, past.overdue('loyalty'))
      .when(late)
      .thenNothing();
    given(erasureDecider, ...past.upToTombstones, past.acknowledged('loyalty'))
      .when(late)
      .thenNothing();
  });
  it('may still come late, until the certificate', () => {
    given(erasureDecider, ...past.upToTombstones, past.overdue('loyalty'))
      .when(acknowledge)
      .then(past.acknowledged('loyalty'));
    given(
      erasureDecider,
      ...past.upToTombstones,
      past.overdue('loyalty'),
      past.overdue('search'),
      past.keyDestroyed,
      past.certified,
    )
      .when(acknowledge)
      .thenRefused('erasure-ended');
  });
  it('keep the erasure’s own key until each has come or is overdue', () => {
    const destroy = { type: 'RecordErasureKeyDestroyed', at, epoch: 8, copies } as const;
    given(erasureDecider, ...past.upToTombstones, past.acknowledged('loyalty'))
      .when(destroy)
      .thenRefused('acknowledgements-missing');
    given(erasureDecider, ...past.upToTombstones, past.acknowledged('loyalty'), past.overdue('search'))
      .when(destroy)
      .then(past.keyDestroyed);
  });
});

describe('what a workflow does next', () => {
  const next = (now: string, ...happened: readonly ErasureEvent[]) =>
    nextStep(given(erasureDecider, ...happened).state, now);
  const own = past.started(past.byMember);
  it('is each step in turn', () => {
    const order = steps.map((_, done) => next(at, ...after(done)));
    expect(order).toEqual(events.map(({ type }) => ({ kind: 'do', step: type })));
  });
  it('is to wait for approval, for a hold, for the days in which it may be withdrawn', () => {
    expect(next(at, past.started(past.byAdmin))).toEqual({ kind: 'wait', for: 'approval', until: null });
    expect(next(at, own, past.settled, past.held('hold-1'))).toEqual({ kind: 'wait', for: 'hold', until: null });
    expect(next(past.noon, own, past.settled)).toEqual({
      kind: 'wait',
      for: 'withdrawal',
      until: past.withdrawableUntil,
    });
  });
  it('is to settle what is open, hold or not, since that destroys nothing', () => {
    expect(next(past.noon, own, past.held('hold-1'))).toEqual({ kind: 'do', step: 'TransactionsSettled' });
  });
  it('is to wait for acknowledgements until their last day, and then to name who is overdue', () => {
    const asked = [...past.upToTombstones, past.acknowledged('search')];
    expect(next(at, ...asked)).toEqual({ kind: 'wait', for: 'acknowledgements', until: past.acknowledgeBy });
    expect(next(past.acknowledgeBy, ...asked)).toEqual({ kind: 'overdue', subscribers: ['loyalty'] });
    expect(next(past.acknowledgeBy, ...asked, past.overdue('loyalty'))).toEqual({
      kind: 'do',
      step: 'ErasureKeyDestroyed',
    });
  });
  it('is nothing once it has ended', () => {
    expect(next(at)).toEqual({ kind: 'ended', how: 'unknown' });
    expect(next(at, own, { type: 'Withdrawn', clear: { by: 'member' } })).toEqual({ kind: 'ended', how: 'withdrawn' });
    expect(next(at, ...after(10))).toEqual({ kind: 'ended', how: 'certified' });
  });
});

describe('whatever happens to an erasure', () => {
  const wish = fc.constantFrom<ErasureCommand>(
    ...steps,
    past.byAdmin,
    { type: 'ApproveErasure', at, principal: 'admin-1' },
    { type: 'ApproveErasure', at, principal: 'admin-2' },
    { type: 'RefuseErasure', at, principal: 'admin-2', reason: 'r' },
    { type: 'WithdrawErasureProcess', at, by: 'member' },
    { type: 'HoldErasure', at, hold: 'hold-1', principal: 'admin-2' },
    { type: 'ReleaseErasure', at, hold: 'hold-1', principal: 'admin-2' },
    { type: 'AcknowledgeErasure', at, subscriber: 'loyalty' },
    { type: 'MarkSubscriberOverdue', at: past.acknowledgeBy, subscriber: 'search' },
  );
  /** Random wishes, and often the step that is due, so that lives are long. */
  const wishes = fc.array(fc.option(wish, { freq: 2, nil: 'due' as const }), { maxLength: 40, size: 'max' });
  const start = fc.constantFrom(past.byAdmin, past.byMember);

  it('a repeated command decides nothing, folding needs no key, and no step is skipped', () => {
    fc.assert(
      fc.property(start, wishes, (first, life) => {
        let state = erasureDecider.initialState;
        const all: Folded<ErasureEvent>[] = [];
        for (const one of [first, ...life]) {
          const due = nextStep(state, at);
          const stepDue = due.kind === 'do' ? events.findIndex(({ type }) => type === due.step) : -1;
          const command = one === 'due' ? steps[stepDue] : one;
          if (!command) continue;
          const decided = attempt(command, state);
          if (!decided) continue;
          const folded = decided.map((event) => recorded(event, command.at));
          all.push(...folded);
          state = fold(erasureDecider, folded, state);
          expect([command.type, attempt(command, state)]).toEqual([command.type, []]);
        }
        expect(fold(erasureDecider, all)).toEqual(state);
        expect(JSON.parse(JSON.stringify(state))).toEqual(state);
        const taken = all.map(({ type }) => type).filter((type) => events.some((event) => event.type === type));
        expect(taken).toEqual(events.slice(0, taken.length).map(({ type }) => type));
      }),
      { numRuns: 300 },
    );
  });

  function attempt(command: ErasureCommand, state: typeof erasureDecider.initialState) {
    try {
      return erasureDecider.decide(command, state);
    } catch (error) {
      if (error instanceof Refused) return undefined;
      throw error;
    }
  }
});
