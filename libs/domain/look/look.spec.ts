import { describe, it } from '@jest/globals';
import { given } from '#libs/testing/given.ts';
import type { RecordLook } from './commands.ts';
import { lookDecider } from './decider.ts';
import type { LookEvent } from './events.ts';

const at = '2026-11-24T15:00:00.000Z';
const look: RecordLook = {
  type: 'RecordLook',
  at,
  principal: 'p1',
  reason: 'complaint',
  askedFor: 'history',
  oneId: 'someone',
};
const looked: LookEvent = { type: 'Looked', clear: { when: at, principal: 'p1', reason: 'complaint' } };

describe('A look', () => {
  it('names who looked, when and why; at whom is sealed', () => {
    given(lookDecider)
      .when(look)
      .then({ ...looked, sealed: { askedFor: 'history', oneId: 'someone' } });
  });
  it('decides nothing when repeated, also later', () => {
    given(lookDecider, looked)
      .when({ ...look, at: '2026-11-24T15:00:09.000Z' })
      .thenNothing();
  });
  it('takes no other reason or principal', () => {
    given(lookDecider, looked)
      .when({ ...look, reason: 'curiosity' })
      .thenRefused('already-looked');
    given(lookDecider, looked)
      .when({ ...look, principal: 'p2' })
      .thenRefused('already-looked');
  });
  it('needs a reason and a name', () => {
    given(lookDecider)
      .when({ ...look, reason: ' ' })
      .thenRefused('invalid-reason');
    given(lookDecider)
      .when({ ...look, principal: '' })
      .thenRefused('invalid-principal');
  });
});
