import { Refused } from '#libs/domain/refused.ts';
import { isoNow } from '#libs/runtime/clock.ts';
import { whoOf } from '../callers.ts';
import type { Deps } from '../deps.ts';
import { devices } from '../stream/aggregates.ts';
import { decideOn } from '../stream/decide.ts';

/** Two devices seem to use one key. From now on none of them is let in, until an activation code makes a new key. */
export async function suspectDevice(deps: Deps, device: string, reason: string): Promise<void> {
  const who = whoOf({ kind: 'system', part: 'gateway' });
  try {
    await decideOn(deps, devices, `device-${device}`, { type: 'SuspectDevice', at: isoNow(deps.clock), reason }, who);
  } catch (error) {
    // It was revoked meanwhile: it is out already.
    if (!(error instanceof Refused)) throw error;
  }
}
