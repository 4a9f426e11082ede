import { Refused } from '../refused.ts';
import type { GrantCredential, LinkAccount, RevokeCredential, UnlinkAccount } from './commands.ts';
import type { OneIdEvent } from './events.ts';
import { cameAlready, changeable, stillHeld } from './guards.ts';
import type { OneIdState } from './state.ts';

export const MOST_CREDENTIALS = 50;

/** One account at a time: "the linked account" is always a single one. */
export function linkAccount(command: LinkAccount, state: OneIdState): readonly OneIdEvent[] {
  const one = changeable(state, command.at);
  if (cameAlready(one, 'link', command.link)) return [];
  if (one.link !== null) throw new Refused('account-linked', 'An account is linked already.');
  return [{ type: 'AccountLinked', clear: { link: command.link }, sealed: command.sealed }];
}

export function unlinkAccount(command: UnlinkAccount, state: OneIdState): readonly OneIdEvent[] {
  const one = changeable(state, command.at);
  if (!stillHeld(one, 'link', command.link)) return [];
  return [{ type: 'AccountUnlinked', clear: { link: command.link } }];
}

export function grantCredential(command: GrantCredential, state: OneIdState): readonly OneIdEvent[] {
  const one = changeable(state, command.at);
  const { credential, kind, sealed } = command;
  if (cameAlready(one, 'credential', credential)) return [];
  if (one.credentials.length >= MOST_CREDENTIALS)
    throw new Refused('too-many-credentials', `A One ID holds ${MOST_CREDENTIALS} credentials at most.`);
  return [{ type: 'CredentialGranted', clear: { credential, kind }, sealed }];
}

export function revokeCredential(command: RevokeCredential, state: OneIdState): readonly OneIdEvent[] {
  const one = changeable(state, command.at);
  if (!stillHeld(one, 'credential', command.credential)) return [];
  return one.credentials
    .filter(({ credential }) => credential === command.credential)
    .map(({ credential, kind }) => ({ type: 'CredentialRevoked', clear: { credential, kind } }));
}
