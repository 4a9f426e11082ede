import { isLiving, type Living } from '#libs/domain/one-id/state.ts';
import { Refused } from '#libs/domain/refused.ts';
import type { MemberCaller } from '../callers.ts';
import type { Deps } from '../deps.ts';
import { oneIds } from '../stream/aggregates.ts';
import { load, type Loaded } from '../stream/load.ts';

export interface Own extends Loaded<Living> {
  readonly stream: string;
}

/** The One ID of the member who asks. Throws `one-id-closed` (410) once its keys are going: then nothing could be read. */
export async function ownOneId(deps: Pick<Deps, 'ledger'>, { oneId }: Pick<MemberCaller, 'oneId'>): Promise<Own> {
  const stream = `oneId-${oneId}`;
  const { state, ...rest } = await load(deps.ledger, oneIds, stream);
  if (!isLiving(state)) throw new Refused('one-id-closed', 'This One ID is closed.', 'gone');
  return { stream, state, ...rest };
}
