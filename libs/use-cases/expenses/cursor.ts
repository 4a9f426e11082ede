import { openHandle, sealHandle } from '#libs/identity/handles.ts';
import { Refused } from '#libs/domain/refused.ts';
import type { Deps } from '../deps.ts';

/** Where a list of the own stream goes on: opaque, for its owner and this list alone. */
export function cursorAt(deps: Pick<Deps, 'keys'>, list: string, oneId: string, revision: bigint): string {
  return sealHandle(deps.keys.handleSecret, `cursor ${list}`, oneId, { revision: revision.toString() });
}

export function revisionIn(
  deps: Pick<Deps, 'keys'>,
  list: string,
  oneId: string,
  cursor: string | undefined,
): bigint | undefined {
  if (cursor === undefined) return undefined;
  const opened = openHandle<{ revision: string }>(deps.keys.handleSecret, `cursor ${list}`, oneId, cursor);
  if (opened === undefined) throw new Refused('cursor-invalid', 'that is no cursor of this list', 'invalid');
  return BigInt(opened.revision);
}
