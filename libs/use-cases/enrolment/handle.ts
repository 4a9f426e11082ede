import { Refused } from '#libs/domain/refused.ts';
import { openHandle, sealHandle } from '#libs/identity/handles.ts';
import type { DeviceCaller } from '../callers.ts';
import type { Deps } from '../deps.ts';

/** A One ID never goes to a device: it holds a handle that only it can give back. */
export function enrolmentHandle(deps: Pick<Deps, 'keys'>, caller: DeviceCaller, oneId: string): string {
  return sealHandle(deps.keys.handleSecret, 'enrolment', caller.device, { oneId });
}

/** The One ID's stream. Throws `enrolment-unknown` for a handle that is not this device's. */
export function enrolmentStream(deps: Pick<Deps, 'keys'>, caller: DeviceCaller, handle: string): string {
  const opened = openHandle<{ oneId: string }>(deps.keys.handleSecret, 'enrolment', caller.device, handle);
  if (opened === undefined) throw new Refused('enrolment-unknown', 'this device has no such enrolment', 'missing');
  return `oneId-${opened.oneId}`;
}
