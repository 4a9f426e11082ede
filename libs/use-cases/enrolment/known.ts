import { openHandle, sealHandle } from '#libs/identity/handles.ts';
import type { DeviceCaller } from '../callers.ts';
import type { Deps } from '../deps.ts';

/** What a device holds of somebody whose palm is known already: it opens only here, to what the zone resolves. */
export function knownHandle(deps: Pick<Deps, 'keys'>, caller: DeviceCaller, knownRef: string): string {
  return sealHandle(deps.keys.handleSecret, 'known', caller.device, { knownRef });
}

export function knownRefOf(deps: Pick<Deps, 'keys'>, caller: DeviceCaller, handle: string): string | undefined {
  return openHandle<{ knownRef: string }>(deps.keys.handleSecret, 'known', caller.device, handle)?.knownRef;
}
