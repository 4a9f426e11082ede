import { timingSafeEqual } from 'node:crypto';
import { Refused } from '../refused.ts';
import { requireText } from '../text.ts';
import type { ActivateDevice, IssueActivationCode, RegisterDevice } from './commands.ts';
import type { DeviceEvent } from './events.ts';
import { requireKnown, requireNewKey } from './refusals.ts';
import type { DeviceState } from './state.ts';

export function registerDevice(command: RegisterDevice, state: DeviceState): readonly DeviceEvent[] {
  const { merchant, site, kind, name, nearInfrared, activationHash, activateBy } = command;
  if (state.phase !== 'none') {
    if (state.activationHash === activationHash) return [];
    throw new Refused('device-already-registered', 'The device is registered; it can get a new activation code.');
  }
  requireText('name', name);
  requireLater(command);
  return [
    {
      type: 'DeviceRegistered',
      clear: { merchant, site, kind, name, nearInfrared, activationHash, activateBy },
    },
  ];
}

export function issueActivationCode(command: IssueActivationCode, state: DeviceState): readonly DeviceEvent[] {
  const { activationHash, activateBy } = command;
  const { place, activationHash: before } = requireKnown(state);
  if (before === activationHash) return [];
  requireLater(command);
  return [{ type: 'DeviceRegistered', clear: { ...place, activationHash, activateBy } }];
}

/** A code works once, in time, and brings a key that the device never had. */
export function activateDevice(command: ActivateDevice, state: DeviceState): readonly DeviceEvent[] {
  const { activationHash, publicKey, at } = command;
  const known = requireKnown(state);
  if (!sameHash(known.activationHash, activationHash))
    throw new Refused('wrong-activation-code', 'The activation code is not the one in force.', 'forbidden');
  if (known.phase === 'active' && known.publicKey === publicKey) return [];
  if (known.phase !== 'registered')
    throw new Refused('activation-code-used', 'The activation code was used already.', 'gone');
  if (Date.parse(at) > Date.parse(known.activateBy))
    throw new Refused('activation-code-lapsed', 'The activation code has lapsed.', 'gone');
  requireNewKey(publicKey, known.keys);
  return [{ type: 'DeviceActivated', clear: { publicKey } }];
}

function requireLater({ at, activateBy }: { readonly at: string; readonly activateBy: string }): void {
  if (Date.parse(activateBy) > Date.parse(at)) return;
  throw new Refused('invalid-activate-by', 'The activation code must lapse later than now.', 'invalid');
}

function sameHash(known: string, presented: string): boolean {
  const [a, b] = [Buffer.from(known), Buffer.from(presented)];
  return a.length === b.length && timingSafeEqual(a, b);
}
