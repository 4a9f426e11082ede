import type { DeviceKind } from '#libs/domain/device/events.ts';
import type { DeviceState } from '#libs/domain/device/state.ts';
import { isSiteOpen } from '#libs/domain/merchant/state.ts';
import { Refused } from '#libs/domain/refused.ts';
import { verifyKeyProof } from '#libs/device-protocol/key-proof.ts';
import { newActivationCode } from '#libs/identity/secrets.ts';
import { readWhole } from '#libs/ledger/read-whole.ts';
import { isoNow } from '#libs/runtime/clock.ts';
import { whoOf, type DeviceCaller, type PrincipalCaller } from '../callers.ts';
import { claim, type Request } from '../claim/claim.ts';
import type { Deps } from '../deps.ts';
import { devices, merchants } from '../stream/aggregates.ts';
import { decideOn } from '../stream/decide.ts';
import { load } from '../stream/load.ts';

const ACTIVATION_HOURS = 48;

export interface RegisterDevice {
  readonly caller: PrincipalCaller;
  readonly request: Request;
  readonly merchant: string;
  readonly site: string;
  readonly kind: DeviceKind;
  readonly name: string;
  readonly nearInfrared: boolean;
}

export interface ActivationCode {
  readonly device: string;
  /** Shown this once. A repeated request gets a new one; the one before is void. */
  readonly activationCode: string;
  readonly activateBy: string;
  readonly position: bigint;
}

/** A reader at a till, gate or entrance; it works once it has shown its activation code. */
export async function registerDevice(deps: Deps, input: RegisterDevice): Promise<ActivationCode> {
  const { caller, request, merchant, site, kind, name, nearInfrared } = input;
  const who = whoOf(caller);
  const { plan, fresh } = await claim(deps, request, who, async () => {
    const { state } = await load(deps.ledger, merchants, `merchant-${merchant}`);
    if (!isSiteOpen(state, site)) throw new Refused('site-unknown', 'this merchant has no such open site', 'missing');
    const [device] = await deps.keyring.reserve('device');
    return { device: device! };
  });
  const { state } = await load(deps.ledger, devices, `device-${plan.device}`);
  if (!fresh && state.phase !== 'none') {
    requireUnused(plan.device, state);
    return issueCode(deps, plan.device, who);
  }
  const code = codeFor(deps, plan.device);
  const { activationHash, activateBy } = code;
  const place = { merchant, site, kind, name, nearInfrared };
  const command = { type: 'RegisterDevice', at: isoNow(deps.clock), ...place, activationHash, activateBy } as const;
  const { position } = await decideOn(deps, devices, `device-${plan.device}`, command, who);
  return { device: plan.device, activationCode: code.shown, activateBy, position };
}

export interface OfDevice {
  readonly caller: PrincipalCaller;
  readonly request: Request;
  readonly device: string;
}

/** A new code for a device that was suspected, reset, or let its code lapse. Its old key stops working at once. */
export async function newActivation(deps: Deps, { caller, request, device }: OfDevice): Promise<ActivationCode> {
  await requireOwnDevice(deps, caller, device);
  const stream = `device-${device}`;
  const { plan, fresh } = await claim(deps, request, whoOf(caller), async () => {
    return { after: String((await load(deps.ledger, devices, stream)).revision) };
  });
  if (!fresh && (await wasIssued(deps, stream, BigInt(plan.after) + 1n)))
    requireUnused(device, (await load(deps.ledger, devices, stream)).state);
  return issueCode(deps, device, whoOf(caller));
}

export async function revokeDevice(
  deps: Deps,
  { caller, request, device, reason }: OfDevice & { readonly reason: string },
): Promise<{ position: bigint }> {
  await requireOwnDevice(deps, caller, device);
  await claim(deps, request, whoOf(caller), async () => ({ device }));
  const command = { type: 'RevokeDevice', at: isoNow(deps.clock), reason } as const;
  const { position } = await decideOn(deps, devices, `device-${device}`, command, whoOf(caller));
  return { position };
}

export interface RotateDeviceKey {
  readonly caller: DeviceCaller;
  readonly request: Request;
  /** Raw Ed25519, base64url. */
  readonly publicKey: string;
  /** By the new key (`proveKey`): nobody binds a key that the device does not hold, nor one that was garbled on its way. */
  readonly proof: string;
}

/** The device itself takes a new key; this request is signed by the one in force. */
export async function rotateDeviceKey(
  deps: Deps,
  { caller, request, publicKey, proof }: RotateDeviceKey,
): Promise<{ position: bigint }> {
  if (!(await verifyKeyProof(proof, caller.device, publicKey)))
    throw new Refused('key-not-proved', 'the proof is not by the new key', 'invalid');
  await claim(deps, request, whoOf(caller), async () => ({ publicKey }));
  const command = { type: 'RotateDeviceKey', at: isoNow(deps.clock), publicKey } as const;
  const { position } = await decideOn(deps, devices, `device-${caller.device}`, command, whoOf(caller));
  return { position };
}

/** An admin's reach is every device, a merchant's its own; another's looks like none. */
export async function requireOwnDevice(
  deps: Pick<Deps, 'ledger'>,
  caller: PrincipalCaller,
  device: string,
): Promise<void> {
  const { state } = await load(deps.ledger, devices, `device-${device}`);
  if (state.phase !== 'none' && (caller.kind === 'admin' || state.place.merchant === caller.merchant)) return;
  throw new Refused('device-unknown', 'there is no such device', 'missing');
}

/** A repeated request makes its code anew, but never takes a device down that has shown the first one since. */
function requireUnused(device: string, { phase }: DeviceState): void {
  if (phase === 'registered') return;
  const detail = 'the code that this request made has been used; ask for a new one';
  throw new Refused('activation-code-used', detail, 'gone', { device });
}

async function wasIssued(deps: Deps, stream: string, from: bigint): Promise<boolean> {
  for await (const { type } of readWhole(deps.ledger, stream, { from })) if (type === 'DeviceRegistered') return true;
  return false;
}

async function issueCode(deps: Deps, device: string, who: ReturnType<typeof whoOf>): Promise<ActivationCode> {
  const { activationHash, activateBy, shown } = codeFor(deps, device);
  const command = { type: 'IssueActivationCode', at: isoNow(deps.clock), activationHash, activateBy } as const;
  const { position } = await decideOn(deps, devices, `device-${device}`, command, who);
  return { device, activationCode: shown, activateBy, position };
}

function codeFor({ clock }: Deps, device: string) {
  const { secret, hash } = newActivationCode();
  const activateBy = new Date(clock.now().getTime() + ACTIVATION_HOURS * 3_600_000).toISOString();
  return { activationHash: hash, activateBy, shown: `${device}.${secret}` };
}
