import { describe, expect, it } from '@jest/globals';
import { given } from '#libs/testing/given.ts';
import * as past from '#libs/testing/one-id-past.ts';
import type { SignedPalm } from './commands.ts';
import { oneIdDecider } from './decider.ts';
import type { OneIdEvent } from './events.ts';
import { destructibleItems } from './state.ts';

const sealed = { presealed: new Uint8Array([9]) };
const right: SignedPalm = { palm: 'right-1', hand: 'right', modelVersion: 'm1', eventId: 'event-1', sealed };
const enrolledRight: OneIdEvent = {
  type: 'PalmEnrolled',
  id: 'event-1',
  clear: { palm: 'right-1', hand: 'right', modelVersion: 'm1' },
  sealed,
};
const at = past.ten;
const both = [...past.enrolled, past.palm('right-1', 'right'), past.matchable('right-1')];

describe('enrolling a palm', () => {
  it('keeps the sealed signature and the id that it is bound to', () => {
    given(oneIdDecider, ...past.enrolled)
      .when({ type: 'EnrolPalm', at, ...right })
      .then(enrolledRight);
  });
  it('needs consent before', () => {
    given(oneIdDecider, ...past.started)
      .when({ type: 'EnrolPalm', at, ...right })
      .thenRefused('consent-missing');
  });
  it('takes one left and one right', () => {
    given(oneIdDecider, ...past.enrolled)
      .when({ type: 'EnrolPalm', at, ...right, hand: 'left' })
      .thenRefused('hand-enrolled');
  });
  it('twice under the same reference is once, even after it was removed', () => {
    given(oneIdDecider, ...both)
      .when({ type: 'EnrolPalm', at, ...right })
      .thenNothing();
    given(oneIdDecider, ...both, { type: 'PalmRemoved', clear: { palm: 'right-1' } })
      .when({ type: 'EnrolPalm', at, ...right })
      .thenNothing();
  });
  it('never shares a reference with something else', () => {
    given(oneIdDecider, ...past.enrolled)
      .when({ type: 'EnrolPalm', at, ...right, palm: 'card-1' })
      .thenRefused('reference-in-use');
  });
});

describe('a palm in the index', () => {
  const waiting = [...past.enrolled, past.palm('right-1', 'right')];
  it('becomes usable once', () => {
    given(oneIdDecider, ...waiting)
      .when({ type: 'MarkPalmMatchable', at, palm: 'right-1' })
      .then(past.matchable('right-1'));
    given(oneIdDecider, ...both)
      .when({ type: 'MarkPalmMatchable', at, palm: 'right-1' })
      .thenNothing();
  });
  it('is a duplicate once, and then never usable', () => {
    const command = { type: 'MarkPalmDuplicate', at, palm: 'right-1', sealed: { oneId: 'oneId-other' } } as const;
    given(oneIdDecider, ...waiting)
      .when(command)
      .then(past.duplicate('right-1'));
    const found = given(oneIdDecider, ...waiting, past.duplicate('right-1'));
    found.when(command).thenNothing();
    found.when({ type: 'MarkPalmMatchable', at, palm: 'right-1' }).thenRefused('palm-duplicate');
    found.when(past.open({ palm: 'right-1' })).thenRefused('palm-not-usable');
    given(oneIdDecider, ...both)
      .when(command)
      .thenRefused('palm-matchable');
  });
  it('that was removed meanwhile needs no answer', () => {
    given(oneIdDecider, ...both, { type: 'PalmRemoved', clear: { palm: 'right-1' } })
      .when({ type: 'MarkPalmMatchable', at, palm: 'right-1' })
      .thenNothing();
  });
  it('that nobody enrolled is unknown', () => {
    given(oneIdDecider, ...past.enrolled)
      .when({ type: 'MarkPalmMatchable', at, palm: 'nobody' })
      .thenRefused('palm-unknown');
  });
});

describe('signing a palm anew', () => {
  const left: SignedPalm = { palm: 'left-1', hand: 'left', modelVersion: 'm2', sealed };
  it('happens once for each model', () => {
    const updated: OneIdEvent = {
      type: 'PalmSignatureUpdated',
      clear: { palm: 'left-1', hand: 'left', modelVersion: 'm2' },
      sealed,
    };
    given(oneIdDecider, ...past.enrolled)
      .when({ type: 'UpdatePalmSignature', at, ...left })
      .then(updated);
    given(oneIdDecider, ...past.enrolled, updated)
      .when({ type: 'UpdatePalmSignature', at, ...left })
      .thenNothing();
  });
  it('is for palms that are recognised, of that hand', () => {
    given(oneIdDecider, ...past.enrolled, past.palm('right-1', 'right'))
      .when({ type: 'UpdatePalmSignature', at, ...right, modelVersion: 'm2' })
      .thenRefused('palm-not-usable');
    given(oneIdDecider, ...past.enrolled)
      .when({ type: 'UpdatePalmSignature', at, ...left, hand: 'right' })
      .thenRefused('hand-differs');
  });
});

describe('removing a palm', () => {
  const removed: OneIdEvent = { type: 'PalmRemoved', clear: { palm: 'right-1' } };
  it('leaves one that is usable', () => {
    given(oneIdDecider, ...both)
      .when({ type: 'RemovePalm', at, palm: 'right-1' })
      .then(removed);
    given(oneIdDecider, ...past.enrolled, past.palm('right-1', 'right'))
      .when({ type: 'RemovePalm', at, palm: 'left-1' })
      .thenRefused('last-palm');
  });
  it('twice is once; of none is unknown', () => {
    given(oneIdDecider, ...both, removed)
      .when({ type: 'RemovePalm', at, palm: 'right-1' })
      .thenNothing();
    given(oneIdDecider, ...both)
      .when({ type: 'RemovePalm', at, palm: 'none' })
      .thenRefused('palm-unknown');
  });
  it('leaves its key for destruction at once, whatever is open', () => {
    const { state } = given(oneIdDecider, ...both, past.opened(2, 'payment'), removed);
    expect(destructibleItems(state)).toMatchObject([{ ref: 'right-1', kind: 'palm', begun: false }]);
  });
});

describe('replacing a palm', () => {
  const again = { type: 'ReplacePalm', at, ...right, palm: 'right-2', replaces: 'right-1' } as const;
  it('is the old one removed and the new one enrolled, in one step', () => {
    given(oneIdDecider, ...both)
      .when(again)
      .then(
        { type: 'PalmRemoved', clear: { palm: 'right-1' } },
        { type: 'PalmEnrolled', clear: { palm: 'right-2', hand: 'right', modelVersion: 'm1' } },
      );
  });
  it('is by the same hand, and not of the last usable one', () => {
    given(oneIdDecider, ...both)
      .when({ ...again, hand: 'left' })
      .thenRefused('hand-differs');
    given(oneIdDecider, ...past.enrolled)
      .when({ ...again, hand: 'left', replaces: 'left-1' })
      .thenRefused('last-palm');
  });
});
