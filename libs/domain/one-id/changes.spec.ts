import { describe, expect, it } from '@jest/globals';
import { at, given } from '#libs/testing/given.ts';
import * as past from '#libs/testing/one-id-past.ts';
import type { AnnounceChange, ConfirmChangeByPalm } from './commands.ts';
import { oneIdDecider } from './decider.ts';
import type { ChangeKind, OneIdEvent } from './events.ts';
import { effectiveChange } from './state.ts';

const due = '2026-03-04T10:00:00.000Z';
const two = [...past.enrolled, past.phone('phone-2'), past.verified('phone-2')];
const announced = (kind: ChangeKind, target = '', takesEffectAt = due): OneIdEvent => ({
  type: 'ChangeAnnounced',
  clear: { change: 'change-1', kind, target, takesEffectAt },
  sealed: { details: {} },
});
const effect = (confirmedBy: 'palm' | 'time'): OneIdEvent => ({
  type: 'ChangeTookEffect',
  clear: { change: 'change-1', confirmedBy },
});
const withdrawn: OneIdEvent = { type: 'ChangeWithdrawn', clear: { change: 'change-1' } };
const phoneGone = (phone: string, reason: 'member' | 'replaced' | 'verified-elsewhere' = 'member'): OneIdEvent => ({
  type: 'PhoneRemoved',
  clear: { phone, reason },
});
const leaves: OneIdEvent = { type: 'ErasureRequested', clear: { reason: 'member' }, sealed: past.erasure };

const announce: AnnounceChange = {
  type: 'AnnounceChange',
  at: past.ten,
  change: 'change-1',
  kind: 'remove-phone',
  target: 'phone-2',
  takesEffectAt: due,
  sealed: { details: {} },
};
const byPalm: ConfirmChangeByPalm = {
  type: 'ConfirmChangeByPalm',
  at: past.ten,
  change: 'change-1',
  kind: 'remove-phone',
  target: 'phone-2',
  transaction: 2,
  sealed: { details: {} },
};
const byTime = { type: 'LetChangeTakeEffect', at: due, change: 'change-1' } as const;
const atDevice = at(past.ten, past.opened(2, 'manage'));

describe('announcing a risky change', () => {
  it('lets it wait for 72 hours', () => {
    given(oneIdDecider, ...two)
      .when(announce)
      .then(announced('remove-phone', 'phone-2'));
    given(oneIdDecider, ...two)
      .when({ ...announce, takesEffectAt: '2026-03-04T09:59:59.999Z' })
      .thenRefused('change-too-soon');
  });
  it('twice is once, waiting or settled', () => {
    given(oneIdDecider, ...two, announced('remove-phone', 'phone-2'))
      .when(announce)
      .thenNothing();
    given(oneIdDecider, ...two, announced('remove-phone', 'phone-2'), withdrawn)
      .when(announce)
      .thenNothing();
  });
  it('is for one of a kind and target at a time', () => {
    const waiting = given(oneIdDecider, ...two, announced('remove-phone', 'phone-2'));
    waiting.when({ ...announce, change: 'change-2' }).thenRefused('change-already-announced');
    waiting
      .when({ ...announce, change: 'change-2', target: 'phone-1' })
      .then({ type: 'ChangeAnnounced', clear: { change: 'change-2' } } as OneIdEvent);
  });
  it('never takes the last phone, nor one that is not there', () => {
    given(oneIdDecider, ...past.enrolled)
      .when({ ...announce, target: 'phone-1' })
      .thenRefused('last-phone');
    given(oneIdDecider, ...past.enrolled)
      .when(announce)
      .thenRefused('phone-unknown');
  });
  it('of the whole One ID names no phone', () => {
    given(oneIdDecider, ...two)
      .when({ ...announce, kind: 'leave' })
      .thenRefused('change-target');
  });
});

describe('withdrawing a change', () => {
  const withdraw = { type: 'WithdrawChange', at: past.ten, change: 'change-1' } as const;
  it('happens once, while it waits', () => {
    given(oneIdDecider, ...two, announced('download'))
      .when(withdraw)
      .then(withdrawn);
    given(oneIdDecider, ...two, announced('download'), withdrawn)
      .when(withdraw)
      .thenNothing();
    given(oneIdDecider, ...two, announced('download'), effect('time'))
      .when(withdraw)
      .thenRefused('change-took-effect');
    given(oneIdDecider, ...two)
      .when(withdraw)
      .thenRefused('change-unknown');
  });
  it('keeps it from taking effect', () => {
    given(oneIdDecider, ...two, announced('download'), withdrawn)
      .when(byTime)
      .thenNothing();
  });
});

describe('a change whose time has come', () => {
  it('takes effect then, and not before', () => {
    given(oneIdDecider, ...two, announced('remove-phone', 'phone-2'))
      .when(byTime)
      .then(effect('time'), phoneGone('phone-2'));
    given(oneIdDecider, ...two, announced('remove-phone', 'phone-2'))
      .when({ ...byTime, at: past.ten })
      .thenRefused('change-not-due');
  });
  it('takes effect once', () => {
    given(oneIdDecider, ...two, announced('remove-phone', 'phone-2'), effect('time'), phoneGone('phone-2'))
      .when(byTime)
      .thenNothing();
  });
  it('takes a phone away only while another stays; else it is withdrawn and waits no longer', () => {
    given(oneIdDecider, ...two, announced('remove-phone', 'phone-2'), phoneGone('phone-1', 'verified-elsewhere'))
      .when(byTime)
      .then(withdrawn);
  });
  it('has nothing more to do where the phone went elsewhere meanwhile', () => {
    given(oneIdDecider, ...two, announced('remove-phone', 'phone-2'), phoneGone('phone-2', 'verified-elsewhere'))
      .when(byTime)
      .then(effect('time'));
  });
  it('replaces a phone', () => {
    given(oneIdDecider, ...two, announced('replace-phone', 'phone-1'))
      .when(byTime)
      .then(effect('time'), phoneGone('phone-1', 'replaced'));
  });
  it('lets the member leave, in the same append', () => {
    given(oneIdDecider, ...two, announced('leave'))
      .when({ ...byTime, erasure: past.erasure })
      .then(effect('time'), leaves);
    given(oneIdDecider, ...two, announced('leave'))
      .when(byTime)
      .thenRefused('erasure-missing');
    given(oneIdDecider, ...two, announced('leave'), effect('time'), leaves)
      .when({ ...byTime, erasure: past.erasure })
      .thenNothing();
  });
  it('is there to be seen by what it allows', () => {
    const { state } = given(oneIdDecider, ...two, announced('download'), at(due, effect('time')));
    expect(effectiveChange(state, 'change-1')).toMatchObject({ kind: 'download', at: due });
    expect(effectiveChange(given(oneIdDecider, ...two, announced('download')).state, 'change-1')).toBeUndefined();
  });
});

describe('a change made by the palm', () => {
  it('is made at once, announced before or not', () => {
    given(oneIdDecider, ...two, atDevice)
      .when(byPalm)
      .then(announced('remove-phone', 'phone-2', past.ten), effect('palm'), phoneGone('phone-2'));
    given(oneIdDecider, ...two, announced('remove-phone', 'phone-2'), atDevice)
      .when(byPalm)
      .then(effect('palm'), phoneGone('phone-2'));
  });
  it('is proved by a manage transaction that is open', () => {
    given(oneIdDecider, ...two)
      .when(byPalm)
      .thenRefused('palm-needed');
    given(oneIdDecider, ...two, past.opened(2, 'payment'))
      .when(byPalm)
      .thenRefused('palm-needed');
    given(oneIdDecider, ...two, atDevice, past.closed(2))
      .when(byPalm)
      .thenRefused('palm-needed');
  });
  it('is the one that was announced', () => {
    given(oneIdDecider, ...two, announced('download'), atDevice)
      .when(byPalm)
      .thenRefused('change-differs');
    given(oneIdDecider, ...two, announced('remove-phone', 'phone-2'), atDevice)
      .when({ ...byPalm, change: 'change-2' })
      .thenRefused('change-already-announced');
  });
  it('leaves one phone, too', () => {
    given(oneIdDecider, ...past.enrolled, atDevice)
      .when({ ...byPalm, target: 'phone-1' })
      .thenRefused('last-phone');
  });
  it('is not made once it was withdrawn', () => {
    given(oneIdDecider, ...two, announced('remove-phone', 'phone-2'), withdrawn, atDevice)
      .when(byPalm)
      .thenRefused('change-withdrawn');
  });
  it('is made once', () => {
    given(oneIdDecider, ...two, announced('download'), atDevice, effect('palm'))
      .when({ ...byPalm, kind: 'download', target: '' })
      .thenNothing();
    given(oneIdDecider, ...two, announced('leave'), atDevice, effect('palm'), leaves)
      .when({ ...byPalm, kind: 'leave', target: '', erasure: past.erasure })
      .thenNothing();
  });
});

describe('who left and came back', () => {
  it('finds no change that went on waiting', () => {
    given(oneIdDecider, ...two, announced('remove-phone', 'phone-2'), leaves, {
      type: 'ErasureWithdrawn',
      clear: { reason: 'member' },
    })
      .when(byTime)
      .thenNothing();
  });
});
