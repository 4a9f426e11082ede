import type { VisitOwner } from '#libs/domain/visit/events.ts';
import { Refused } from '#libs/domain/refused.ts';
import { open } from '#libs/event-codec/codec.ts';
import type { Deps } from '../deps.ts';

/** Whose visit it is and which payment will charge it; undefined where nothing opens it any more. */
export async function ownerOfVisit(
  deps: Pick<Deps, 'ledger' | 'keyring'>,
  visit: string,
): Promise<VisitOwner | undefined> {
  const [started] = await deps.ledger.readStream(visit, { limit: 1 });
  const [event] = started?.type === 'VisitStarted' ? await open(deps.keyring, [started]) : [];
  if (event?.sealed === undefined || event.sealed === 'gone') return undefined;
  return event.sealed as unknown as VisitOwner;
}

export async function requireOwnerOfVisit(deps: Pick<Deps, 'ledger' | 'keyring'>, visit: string): Promise<VisitOwner> {
  const owner = await ownerOfVisit(deps, visit);
  if (owner === undefined) throw new Refused('visit-over', 'this visit is over', 'gone');
  return owner;
}
