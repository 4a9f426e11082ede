import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { given } from '#libs/testing/given.ts';
import { live } from '#libs/testing/life.ts';
import type { ActivateDevice, DeviceCommand, RegisterDevice } from './commands.ts';
import { deviceDecider } from './decider.ts';
import type { DeviceEvent } from './events.ts';
import { keyInForce } from './state.ts';

const now = '2026-11-24T15:00:00.000Z';
const later = '2026-11-25T15:00:00.000Z';
const key = (n: number) => Buffer.alloc(32, n).toString('base64url');
const place = { merchant: 'shop', site: 'corner', kind: 'till', name: 'Till 1', nearInfrared: true } as const;
const register: RegisterDevice = {
  type: 'RegisterDevice',
  at: now,
  ...place,
  activationHash: 'h1',
  activateBy: later,
};
const activate: ActivateDevice = { type: 'ActivateDevice', at: now, activationHash: 'h1', publicKey: key(1) };
const rotate = (n: number): DeviceCommand => ({ type: 'RotateDeviceKey', at: now, publicKey: key(n) });
const suspect: DeviceCommand = { type: 'SuspectDevice', at: now, reason: 'fork' };
const revoke: DeviceCommand = { type: 'RevokeDevice', at: now, reason: 'stolen' };
const issue: DeviceCommand = { type: 'IssueActivationCode', at: now, activationHash: 'h2', activateBy: later };

const registered: DeviceEvent = {
  type: 'DeviceRegistered',
  clear: { ...place, activationHash: 'h1', activateBy: later },
};
const registeredAnew: DeviceEvent = {
  type: 'DeviceRegistered',
  clear: { ...place, activationHash: 'h2', activateBy: later },
};
const activated: DeviceEvent = { type: 'DeviceActivated', clear: { publicKey: key(1) } };
const rotated = (n: number): DeviceEvent => ({ type: 'DeviceKeyRotated', clear: { publicKey: key(n) } });
const suspected: DeviceEvent = { type: 'DeviceSuspected', clear: { reason: 'fork' } };
const revoked: DeviceEvent = { type: 'DeviceRevoked', clear: { reason: 'stolen' } };
const device = (...past: DeviceEvent[]) => given(deviceDecider, ...past);

describe('Registering a device', () => {
  it('places it and keeps the hash of its code', () => {
    device().when(register).then(registered);
  });
  it('happens once', () => {
    device(registered).when(register).thenNothing();
    device(registered, activated).when(register).thenNothing();
    device(registered)
      .when({ ...register, activationHash: 'h9' })
      .thenRefused('device-already-registered');
  });
  it('needs a name and a code that lapses in the future', () => {
    device()
      .when({ ...register, name: '' })
      .thenRefused('invalid-name');
    device()
      .when({ ...register, activateBy: now })
      .thenRefused('invalid-activate-by');
    device()
      .when({ ...register, activateBy: 'soon' })
      .thenRefused('invalid-activate-by');
  });
});

describe('Activating a device', () => {
  it('takes its code in time, with a key of its own', () => {
    device(registered).when(activate).then(activated);
    device(registered)
      .when({ ...activate, at: later })
      .then(activated);
    device(registered)
      .when({ ...activate, at: '2026-11-25T15:00:00.001Z' })
      .thenRefused('activation-code-lapsed');
  });
  it('takes no other code', () => {
    device(registered)
      .when({ ...activate, activationHash: 'h2' })
      .thenRefused('wrong-activation-code');
    device(registered)
      .when({ ...activate, activationHash: 'longer' })
      .thenRefused('wrong-activation-code');
    device().when(activate).thenRefused('device-not-found');
  });
  it('takes a code once', () => {
    device(registered, activated).when(activate).thenNothing();
    device(registered, activated)
      .when({ ...activate, publicKey: key(2) })
      .thenRefused('activation-code-used');
    device(registered, activated, suspected).when(activate).thenRefused('activation-code-used');
    device(registered, activated, revoked).when(activate).thenRefused('device-revoked');
  });
  it.each(['', 'short', `${key(1)}=`, Buffer.alloc(33).toString('base64url'), `${key(1).slice(0, -1)}F`])(
    'takes no key that is none: %p',
    (publicKey) => {
      device(registered)
        .when({ ...activate, publicKey })
        .thenRefused('invalid-public-key');
    },
  );
});

describe('Rotating the key', () => {
  it('replaces it', () => {
    device(registered, activated).when(rotate(2)).then(rotated(2));
    expect(keyInForce(device(registered, activated, rotated(2)).state)).toBe(key(2));
  });
  it('decides nothing when repeated, and never goes back to an old key', () => {
    device(registered, activated, rotated(2)).when(rotate(2)).thenNothing();
    device(registered, activated, rotated(2)).when(rotate(1)).thenRefused('device-key-used-before');
  });
  it('is for active devices', () => {
    device().when(rotate(2)).thenRefused('device-not-found');
    device(registered).when(rotate(2)).thenRefused('device-not-active');
    device(registered, activated, suspected).when(rotate(2)).thenRefused('device-suspected');
    device(registered, activated, revoked).when(rotate(2)).thenRefused('device-revoked');
  });
  it('has its limit', () => {
    const keys = Array.from({ length: 999 }, (_, n): DeviceEvent => {
      return { type: 'DeviceKeyRotated', clear: { publicKey: `key ${n}` } };
    });
    device(registered, activated, ...keys)
      .when(rotate(2))
      .thenRefused('too-many-keys');
  });
});

describe('A suspected device', () => {
  it('works no more', () => {
    device(registered, activated).when(suspect).then(suspected);
    device(registered, activated, suspected).when(suspect).thenNothing();
    expect(keyInForce(device(registered, activated, suspected).state)).toBeUndefined();
    device(registered).when(suspect).thenRefused('device-not-active');
  });
  it('comes back by a new code and a new key only', () => {
    device(registered, activated, suspected).when(issue).then(registeredAnew);
    const anew = device(registered, activated, suspected, registeredAnew);
    expect(keyInForce(anew.state)).toBeUndefined();
    anew.when(activate).thenRefused('wrong-activation-code');
    anew.when({ ...activate, activationHash: 'h2' }).thenRefused('device-key-used-before');
    anew
      .when({ ...activate, activationHash: 'h2', publicKey: key(2) })
      .then({ type: 'DeviceActivated', clear: { publicKey: key(2) } });
  });
});

describe('A new activation code', () => {
  it('voids the old one and the key in force', () => {
    device(registered).when(issue).then(registeredAnew);
    device(registered, activated).when(issue).then(registeredAnew);
    expect(keyInForce(device(registered, activated, registeredAnew).state)).toBeUndefined();
  });
  it('decides nothing when repeated', () => {
    device(registered, registeredAnew).when(issue).thenNothing();
  });
  it('is for devices that are known and not revoked', () => {
    device().when(issue).thenRefused('device-not-found');
    device(registered, revoked).when(issue).thenRefused('device-revoked');
    device(registered)
      .when({ ...issue, activateBy: now })
      .thenRefused('invalid-activate-by');
  });
});

describe('Revoking a device', () => {
  it('is final', () => {
    for (const past of [[registered], [registered, activated], [registered, activated, suspected]])
      device(...past)
        .when(revoke)
        .then(revoked);
    device(registered, revoked).when(revoke).thenNothing();
    device(registered, revoked)
      .when({ ...register, activationHash: 'h9' })
      .thenRefused('device-already-registered');
    device().when(revoke).thenRefused('device-not-found');
    expect(keyInForce(device(registered, revoked, registeredAnew).state)).toBeUndefined();
  });
});

describe('In any life of a device', () => {
  const anything = fc.oneof(
    fc.constantFrom<DeviceCommand>(register, suspect, revoke, issue),
    fc.integer({ min: 1, max: 5 }).map(rotate),
    fc
      .tuple(fc.constantFrom('h1', 'h2'), fc.integer({ min: 1, max: 5 }))
      .map(([activationHash, n]): DeviceCommand => ({ ...activate, activationHash, publicKey: key(n) })),
  );
  it('a repeated command decides nothing, no key works twice, and nothing follows a revocation', () => {
    fc.assert(
      fc.property(fc.array(anything, { maxLength: 25 }), (commands) => {
        const { events } = live(deviceDecider, [register, ...commands]);
        const keys = events.flatMap(({ clear }) => ('publicKey' in clear ? [clear.publicKey] : []));
        expect(new Set(keys).size).toBe(keys.length);
        const end = events.findIndex(({ type }) => type === 'DeviceRevoked');
        expect(end === -1 || end === events.length - 1).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
