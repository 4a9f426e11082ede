import { describe, it } from '@jest/globals';
import { given } from '#libs/testing/given.ts';
import type { CheckEvent } from './events.ts';
import type { RecordCheck } from './commands.ts';
import { checkDecider } from './decider.ts';

const asked = { merchant: 'gym', site: 'north', device: 'door', kind: 'badge', answer: 'yes' } as const;
const owner = { oneId: 'someone', transaction: 3, pseudonym: 'a-pseudonym' };
const check: RecordCheck = { type: 'RecordCheck', at: '2026-11-24T15:00:00.000Z', ...asked, owner };
const checked: CheckEvent = { type: 'CredentialChecked', clear: asked };

describe('A credential check', () => {
  it('is one event, whose owner is sealed', () => {
    given(checkDecider)
      .when(check)
      .then({ ...checked, sealed: owner });
  });
  it('decides nothing when repeated', () => {
    given(checkDecider, checked).when(check).thenNothing();
  });
  it.each([
    ['answer', { answer: 'no' as const }],
    ['kind', { kind: 'age' as const }],
    ['merchant', { merchant: 'other' }],
    ['site', { site: 'other' }],
    ['device', { device: 'other' }],
  ])('takes no other %s', (_what, other) => {
    given(checkDecider, checked)
      .when({ ...check, ...other })
      .thenRefused('already-checked');
  });
});
