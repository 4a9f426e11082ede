import { describe, it } from '@jest/globals';
import { given } from '#libs/testing/given.ts';
import * as past from '#libs/testing/erasure-past.ts';
import { erasureDecider } from './decider.ts';
import type { ErasureEvent } from './events.ts';

const at = past.noon;
const approve = { type: 'ApproveErasure', at, principal: 'admin-2' } as const;
const refuse = { type: 'RefuseErasure', at, principal: 'admin-2', reason: 'mistaken' } as const;
const refused: ErasureEvent = { type: 'ErasureRefused', clear: { principal: 'admin-2', reason: 'mistaken' } };
const withdraw = { type: 'WithdrawErasureProcess', at, by: 'member' } as const;
const withdrawn: ErasureEvent = { type: 'Withdrawn', clear: { by: 'member' } };
const asked = past.started(past.byAdmin);
const own = past.started(past.byMember);

describe('starting an erasure', () => {
  it('happens once for one commitment', () => {
    given(erasureDecider).when(past.byMember).then(own);
    given(erasureDecider, own).when(past.byMember).thenNothing();
    given(erasureDecider, own)
      .when({ ...past.byMember, commitment: 'another' })
      .thenRefused('erasure-exists');
  });
  it('by an admin always waits for a second one', () => {
    given(erasureDecider).when(past.byAdmin).then(asked);
    given(erasureDecider)
      .when({ ...past.byAdmin, needsApproval: false })
      .thenRefused('approval-needed');
    given(erasureDecider)
      .when({ ...past.byAdmin, requestedBy: '' })
      .thenRefused('requester-missing');
  });
  it('has due dates that follow each other', () => {
    given(erasureDecider)
      .when({ ...past.byMember, dueBy: at })
      .thenRefused('due-dates-wrong');
    given(erasureDecider)
      .when({ ...past.byMember, withdrawableUntil: '2027-01-01T00:00:00.000Z' })
      .thenRefused('due-dates-wrong');
  });
});

describe('four eyes', () => {
  it('are two principals', () => {
    given(erasureDecider, asked).when(approve).then(past.approved);
    given(erasureDecider, asked)
      .when({ ...approve, principal: 'admin-1' })
      .thenRefused('four-eyes');
    given(erasureDecider, asked)
      .when({ ...approve, principal: '' })
      .thenRefused('four-eyes');
    given(erasureDecider, asked)
      .when({ ...refuse, principal: 'admin-1' })
      .thenRefused('four-eyes');
  });
  it('approve once', () => {
    const approved = given(erasureDecider, asked, past.approved);
    approved.when(approve).thenNothing();
    approved.when({ ...approve, principal: 'admin-3' }).thenRefused('erasure-approved');
    approved.when(refuse).thenRefused('erasure-approved');
  });
  it('or refuse, which ends it', () => {
    given(erasureDecider, asked).when(refuse).then(refused);
    const ended = given(erasureDecider, asked, refused);
    ended.when(refuse).thenNothing();
    ended.when(approve).thenRefused('erasure-ended');
    ended.when({ type: 'RecordTransactionsSettled', at }).thenRefused('erasure-ended');
  });
  it('are not needed where the member asked', () => {
    given(erasureDecider, own).when(approve).thenRefused('approval-not-needed');
    given(erasureDecider, own).when(refuse).thenRefused('approval-not-needed');
  });
});

describe('withdrawing', () => {
  it('is possible once, until the destruction has begun', () => {
    given(erasureDecider, own).when(withdraw).then(withdrawn);
    given(erasureDecider, own, past.settled, past.held('hold-1')).when(withdraw).then(withdrawn);
    given(erasureDecider, own, withdrawn).when(withdraw).thenNothing();
    given(erasureDecider, own, past.settled, past.begun).when(withdraw).thenRefused('destruction-begun');
    given(erasureDecider).when(withdraw).thenRefused('erasure-unknown');
  });
  it('ends it', () => {
    given(erasureDecider, own, withdrawn).when({ type: 'RecordTransactionsSettled', at }).thenRefused('erasure-ended');
  });
});

describe('a hold', () => {
  const hold = { type: 'HoldErasure', at, hold: 'hold-1', principal: 'admin-3' } as const;
  const release = { type: 'ReleaseErasure', at, hold: 'hold-1', principal: 'admin-3' } as const;
  const begin = { type: 'BeginDestruction', at: past.withdrawableUntil } as const;
  it('is placed and released once', () => {
    given(erasureDecider, own).when(hold).then(past.held('hold-1'));
    given(erasureDecider, own, past.held('hold-1')).when(hold).thenNothing();
    given(erasureDecider, own, past.held('hold-1')).when(release).then(past.released('hold-1'));
    given(erasureDecider, own, past.held('hold-1'), past.released('hold-1')).when(release).thenNothing();
    given(erasureDecider, own, past.held('hold-1'), past.released('hold-1')).when(hold).thenNothing();
    given(erasureDecider, own).when(release).thenRefused('hold-unknown');
  });
  it('stops the destruction until the last is released', () => {
    const two = [own, past.settled, past.held('hold-1'), past.held('hold-2'), past.released('hold-1')];
    given(erasureDecider, ...two)
      .when(begin)
      .thenRefused('legal-hold');
    given(erasureDecider, ...two, past.released('hold-2'))
      .when(begin)
      .then(past.begun);
  });
  it('comes too late once the destruction has begun', () => {
    given(erasureDecider, own, past.settled, past.begun).when(hold).thenRefused('destruction-begun');
  });
});
