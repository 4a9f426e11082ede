import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fold, recorded } from '../decider.ts';
import type { Folded } from '../event.ts';
import { Refused } from '../refused.ts';
import type { OneIdCommand } from './commands.ts';
import { oneIdDecider } from './decider.ts';
import type { OneIdEvent } from './events.ts';
import { isLiving, type Living, type OneIdState } from './state.ts';

/** A life is a list of wishes, some allowed, some not, some at the same moment and some years later. */
interface Wish {
  readonly wish: (at: string, number: number) => OneIdCommand;
  readonly after: number;
}

const ref = (kind: string) => fc.constantFrom(1, 1, 2, 2, 3).map((n) => `${kind}-${n}`);
const later = (at: string, ms: number) => new Date(Date.parse(at) + ms).toISOString();
const sealed = { presealed: new Uint8Array([1]) };
const day = 86_400_000;

const wish = (make: fc.Arbitrary<(at: string, number: number) => OneIdCommand>): fc.Arbitrary<Wish> =>
  fc.record({
    wish: make,
    after: fc.constantFrom(0, 0, 0, 1_000, 1_000, 60_000, 60_000, 3_600_000, 4 * day, 300 * day),
  });

const sides = fc.constantFrom('left' as const, 'right' as const);
const signedPalm = fc.tuple(ref('palm'), sides, fc.constantFrom('m1', 'm2'));
const changeKind = fc.constantFrom(
  ['download', ''] as const,
  ['leave', ''] as const,
  ['remove-phone', 'phone-1'] as const,
  ['replace-phone', 'phone-2'] as const,
);
const outcome = fc.constantFrom('completed' as const, 'voided' as const);
const kind = fc.constantFrom('payment' as const, 'visit' as const, 'check' as const, 'manage' as const);

const wishes: fc.Arbitrary<Wish>[] = [
  fc.constant((at: string): OneIdCommand => ({ type: 'GiveConsent', at, version: '1', sealed })),
  fc.constant((at: string, n: number): OneIdCommand => ({
    type: 'WithdrawConsent',
    at,
    sealed,
    erasure: sealed,
    transaction: n,
  })),
  signedPalm.map(([palm, hand, modelVersion]) => (at: string): OneIdCommand => ({
    type: 'EnrolPalm',
    at,
    palm,
    hand,
    modelVersion,
    sealed,
  })),
  signedPalm.map(([palm, hand, modelVersion]) => (at: string): OneIdCommand => ({
    type: 'UpdatePalmSignature',
    at,
    palm,
    hand,
    modelVersion,
    sealed,
  })),
  fc.tuple(signedPalm, ref('palm')).map(([[palm, hand, modelVersion], replaces]) => (at: string): OneIdCommand => ({
    type: 'ReplacePalm',
    at,
    palm,
    hand,
    modelVersion,
    sealed,
    replaces,
  })),
  ref('palm').map((palm) => (at: string): OneIdCommand => ({ type: 'MarkPalmMatchable', at, palm })),
  ref('palm').map((palm) => (at: string): OneIdCommand => ({ type: 'MarkPalmDuplicate', at, palm, sealed })),
  ref('palm').map((palm) => (at: string): OneIdCommand => ({ type: 'RemovePalm', at, palm })),
  ref('card').map((card) => (at: string): OneIdCommand => ({ type: 'AddCard', at, card, sealed })),
  ref('card').map((card) => (at: string): OneIdCommand => ({ type: 'MakeCardDefault', at, card })),
  ref('card').map((card) => (at: string): OneIdCommand => ({ type: 'RemoveCard', at, card })),
  ref('phone').map((phone) => (at: string): OneIdCommand => ({ type: 'AddPhone', at, phone, sealed })),
  ref('phone').map((phone) => (at: string): OneIdCommand => ({ type: 'VerifyPhone', at, phone })),
  fc
    .tuple(ref('phone'), fc.constantFrom('member' as const, 'verified-elsewhere' as const))
    .map(([phone, reason]) => (at: string): OneIdCommand => ({ type: 'RemovePhone', at, phone, reason })),
  ref('link').map((link) => (at: string): OneIdCommand => ({ type: 'LinkAccount', at, link, sealed })),
  ref('link').map((link) => (at: string): OneIdCommand => ({ type: 'UnlinkAccount', at, link })),
  ref('badge').map((credential) => (at: string): OneIdCommand => ({
    type: 'GrantCredential',
    at,
    credential,
    kind: 'badge',
    sealed,
  })),
  ref('badge').map((credential) => (at: string): OneIdCommand => ({ type: 'RevokeCredential', at, credential })),
  fc.constant((at: string): OneIdCommand => ({ type: 'CompleteEnrolment', at, sealed })),
  fc.tuple(kind, ref('palm'), ref('ticket')).map(([what, palm, ticketHash]) => (at: string): OneIdCommand => ({
    type: 'OpenTransaction',
    at,
    kind: what,
    palm,
    ticketHash: `${ticketHash}-${at}`,
    ticketExpiresAt: later(at, 120_000),
    settleBy: later(at, 900_000),
    sealed,
  })),
  fc.tuple(outcome, fc.integer({ min: 0, max: 2 })).map(([how, back]) => (at: string, n: number): OneIdCommand => ({
    type: 'CloseTransaction',
    at,
    number: n - back,
    outcome: how,
  })),
  fc.tuple(ref('change'), changeKind).map(([change, [what, target]]) => (at: string): OneIdCommand => ({
    type: 'AnnounceChange',
    at,
    change,
    kind: what,
    target,
    takesEffectAt: later(at, 3 * day),
    sealed,
  })),
  ref('change').map((change) => (at: string): OneIdCommand => ({ type: 'WithdrawChange', at, change })),
  ref('change').map((change) => (at: string): OneIdCommand => ({
    type: 'LetChangeTakeEffect',
    at,
    change,
    erasure: sealed,
  })),
  fc.tuple(ref('change'), changeKind).map(([change, [what, target]]) => (at: string, n: number): OneIdCommand => ({
    type: 'ConfirmChangeByPalm',
    at,
    change,
    kind: what,
    target,
    transaction: n,
    sealed,
    erasure: sealed,
  })),
  fc
    .constantFrom('Pause' as const, 'Unpause' as const, 'Suspend' as const, 'Resume' as const)
    .map((type) => (at: string): OneIdCommand => ({ type, at, reason: 'r' })),
  fc
    .constantFrom('WarnOfExpiry' as const, 'Expire' as const, 'MarkErased' as const)
    .map((type) => (at: string): OneIdCommand => ({ type, at })),
  fc
    .constantFrom('admin' as const, 'unused' as const, 'lapsed' as const)
    .map((reason) => (at: string): OneIdCommand => ({ type: 'RequestErasure', at, reason, sealed })),
  fc.constant((at: string): OneIdCommand => ({ type: 'WithdrawErasure', at, reason: 'r' })),
  ref('hold').map((hold) => (at: string): OneIdCommand => ({ type: 'PlaceLegalHold', at, hold, sealed })),
  ref('hold').map((hold) => (at: string): OneIdCommand => ({ type: 'ReleaseLegalHold', at, hold })),
  fc.constant((at: string): OneIdCommand => ({ type: 'RecordLook', at, sealed })),
  fc
    .constantFrom('all', 'palm-1', 'card-1', 'card-2', 'phone-1')
    .map((scope) => (at: string): OneIdCommand => ({ type: 'BeginKeyDestruction', at, scope })),
  fc
    .constantFrom('all', 'palm-1', 'card-1', 'card-2', 'phone-1')
    .map((scope) => (at: string): OneIdCommand => ({ type: 'RecordKeyDestroyed', at, scope, epoch: 1 })),
].map((make) => wish(make as fc.Arbitrary<Wish['wish']>));

const birth = '2026-03-01T09:00:00.000Z';
/** An enrolment that succeeds, so that random wishes reach what lies behind it. */
const childhood: readonly OneIdCommand[] = [
  {
    type: 'StartEnrolment',
    at: birth,
    enrolBy: later(birth, day),
    ticketHash: 'h',
    streams: [],
    sealed: { device: 'd', site: 's', merchant: 'm' },
  },
  { type: 'GiveConsent', at: birth, version: '1', sealed },
  { type: 'EnrolPalm', at: birth, palm: 'palm-1', hand: 'left', modelVersion: 'm1', sealed },
  { type: 'MarkPalmMatchable', at: birth, palm: 'palm-1' },
  { type: 'AddCard', at: birth, card: 'card-1', sealed },
  { type: 'AddPhone', at: birth, phone: 'phone-1', sealed },
  { type: 'VerifyPhone', at: birth, phone: 'phone-1' },
  { type: 'CompleteEnrolment', at: birth, sealed },
  { type: 'EnrolPalm', at: birth, palm: 'palm-2', hand: 'right', modelVersion: 'm1', sealed },
  { type: 'MarkPalmMatchable', at: birth, palm: 'palm-2' },
  { type: 'AddCard', at: birth, card: 'card-2', sealed },
  { type: 'AddPhone', at: birth, phone: 'phone-2', sealed },
  { type: 'VerifyPhone', at: birth, phone: 'phone-2' },
];

/** How much of the childhood is lived before the wishes begin. */
const lives = fc.record({
  lived: fc.oneof(
    { weight: 4, arbitrary: fc.constant(childhood.length) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: childhood.length }) },
  ),
  wishes: fc.array(fc.oneof(...wishes), { maxLength: 100, size: 'max' }),
  ends: fc.boolean(),
  afterwards: fc.array(fc.oneof(...wishes), { maxLength: 6 }),
});
type Life = typeof lives extends fc.Arbitrary<infer T> ? T : never;

interface Step {
  readonly command: OneIdCommand;
  readonly events: readonly OneIdEvent[] | 'refused';
  readonly before: OneIdState;
  readonly after: OneIdState;
}

function attempt(command: OneIdCommand, state: OneIdState): readonly OneIdEvent[] | 'refused' {
  try {
    return oneIdDecider.decide(command, state);
  } catch (error) {
    if (error instanceof Refused) return 'refused';
    throw error;
  }
}

function live(life: Life): readonly Step[] {
  const steps: Step[] = [];
  let state = oneIdDecider.initialState;
  const step = (command: OneIdCommand): void => {
    const events = attempt(command, state);
    const before = state;
    const past = events === 'refused' ? [] : events.map((event) => recorded(event, command.at));
    state = fold(oneIdDecider, past, state);
    steps.push({ command, events, before, after: state });
  };
  childhood.slice(0, life.lived).forEach(step);
  let now = birth;
  const follow = (one: Wish): void => {
    now = later(now, one.after);
    step(one.wish(now, isLiving(state) ? state.transactions.next - 1 : 1));
  };
  life.wishes.forEach(follow);
  for (const command of life.ends ? ending(state, now) : []) {
    step(command);
    life.afterwards.forEach(follow);
  }
  return steps;
}

/** What leads to the end of all keys; the wishes go on between the steps. */
function ending(state: OneIdState, at: string): readonly OneIdCommand[] {
  if (!isLiving(state)) return [];
  return [
    ...state.transactions.open.map(({ number }): OneIdCommand => ({
      type: 'CloseTransaction',
      at,
      number,
      outcome: 'voided',
    })),
    ...state.holds.map((hold): OneIdCommand => ({ type: 'ReleaseLegalHold', at, hold })),
    { type: 'RequestErasure', at, reason: 'admin', sealed },
    { type: 'BeginKeyDestruction', at, scope: 'all' },
    { type: 'RecordKeyDestroyed', at, scope: 'all', epoch: 2 },
    { type: 'MarkErased', at },
  ];
}

function always(holds: (steps: readonly Step[]) => void): void {
  fc.assert(
    fc.property(lives, (life) => holds(live(life))),
    { numRuns: 300 },
  );
}

describe('whatever happens to a One ID', () => {
  it('a closed one takes nothing more than the end of its key', () => {
    always((steps) => {
      for (const { before, events } of steps) {
        if (before.status !== 'destroying' && before.status !== 'erased') continue;
        const types = events === 'refused' ? [] : events.map((event) => event.type);
        expect(types.filter((type) => type !== 'KeyDestroyed' && type !== 'OneIdErased')).toEqual([]);
        if (before.status === 'erased') expect(types).toEqual([]);
      }
    });
  });

  it('a repeated command decides nothing', () => {
    always((steps) => {
      for (const { command, events, after } of steps) {
        // A look has no reference in the clear: its repetition is caught by the event's id, when it is appended.
        if (events === 'refused' || command.type === 'RecordLook') continue;
        expect([command.type, attempt(command, after)]).toEqual([command.type, []]);
      }
    });
  });

  it('folding needs no key: what is sealed, gone or never there makes no difference', () => {
    always((steps) => {
      const all = steps.flatMap(({ command, events }) =>
        events === 'refused' ? [] : events.map((event) => ({ ...event, at: command.at })),
      );
      const cleared = all.map(({ type, clear, at }) => ({ type, clear, at })) as unknown as Folded<OneIdEvent>[];
      const whole = fold(oneIdDecider, all as unknown as Folded<OneIdEvent>[]);
      expect(fold(oneIdDecider, cleared)).toEqual(whole);
      expect(whole).toEqual(steps.at(-1)?.after);
    });
  });

  it('its state is plain data, so that a snapshot gives it back', () => {
    always((steps) => {
      const last = steps.at(-1)?.after;
      expect(JSON.parse(JSON.stringify(last))).toEqual(last);
    });
  });

  it('there is one default card while there is any, and at most one palm a hand', () => {
    always((steps) => {
      const wrong = standings(steps).filter(({ cards, defaultCard, palms }) => {
        const oneDefault = defaultCard === null ? cards.length === 0 : cards.includes(defaultCard);
        return !oneDefault || new Set(palms.map(({ hand }) => hand)).size !== palms.length;
      });
      expect(wrong).toEqual([]);
    });
  });

  it('every number opens once and closes once at most, and what is not closed is open', () => {
    always((steps) => {
      const events = steps.flatMap((step) => (step.events === 'refused' ? [] : step.events));
      const opened = events.flatMap((event) => (event.type === 'TransactionOpened' ? [event.clear.number] : []));
      const closed = events.flatMap((event) => (event.type === 'TransactionClosed' ? [event.clear.number] : []));
      expect(opened).toEqual(opened.map((_, index) => index + 1));
      expect(new Set(closed).size).toBe(closed.length);
      const last = steps.at(-1)?.after;
      const open = opened.filter((number) => !closed.includes(number));
      if (last && isLiving(last)) expect(last.transactions.open.map(({ number }) => number)).toEqual(open);
      else expect(open).toEqual([]);
    });
  });

  it('no key goes that somebody may still need', () => {
    always((steps) => {
      for (const { before, events } of steps) {
        if (events === 'refused' || !isLiving(before)) continue;
        const begun = events.find((event) => event.type === 'KeyDestructionBegun');
        if (!begun) continue;
        const item = before.removed.find(({ ref: removed }) => removed === begun.clear.scope);
        const waitsFor = begun.clear.scope === 'all' ? before.transactions.open : item?.waitsFor;
        expect([before.holds, waitsFor]).toEqual([[], []]);
      }
    });
  });

  it('an active one can always be recognised, and always pays with something', () => {
    always((steps) => {
      const wrong = standings(steps).filter(
        ({ status, cards, palms }) =>
          status === 'active' && (cards.length === 0 || palms.every(({ condition }) => condition !== 'matchable')),
      );
      expect(wrong).toEqual([]);
    });
  });
});

function standings(steps: readonly Step[]): readonly Living[] {
  return steps.map(({ after }) => after).filter(isLiving);
}
