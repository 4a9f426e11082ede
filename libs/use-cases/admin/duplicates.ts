import { isLiving } from '#libs/domain/one-id/state.ts';
import { Refused } from '#libs/domain/refused.ts';
import { clearOf, open } from '#libs/event-codec/codec.ts';
import { readWhole } from '#libs/ledger/read-whole.ts';
import { isoNow } from '#libs/runtime/clock.ts';
import { whoOf, type PrincipalCaller } from '../callers.ts';
import type { Request } from '../claim/claim.ts';
import { decideOnceOn } from '../claim/decide-once.ts';
import { tell } from '../contacts/tell.ts';
import type { Deps } from '../deps.ts';
import { oneIds } from '../stream/aggregates.ts';
import { load } from '../stream/load.ts';
import { shownOneId, type OneIdShown } from './one-id.ts';
import { scan } from './scan.ts';

/** A palm that another One ID had first: it opens nothing, and waits for a person where the enrolment did not simply lapse. */
export interface DuplicateWaiting {
  readonly oneId: string;
  readonly palm: string;
  readonly hand: string;
  readonly status: string;
  readonly foundAt: string;
}

export interface ListDuplicates {
  readonly caller: PrincipalCaller;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** Those that wait, oldest first; without the other One ID, which is shown by a look. */
export async function listDuplicates(
  deps: Deps,
  { caller, ...paging }: ListDuplicates,
): Promise<{ items: readonly DuplicateWaiting[]; next?: string }> {
  const scanning = { list: 'duplicates', holder: caller.principal, types: ['PalmDuplicateFound'], ...paging };
  return scan(deps, scanning, async (record) => {
    const palm = clearOf(record)['palm'] as string;
    const { state } = await load(deps.ledger, oneIds, record.stream);
    if (!isLiving(state) || state.status === 'leaving') return undefined;
    const held = state.palms.find((one) => one.palm === palm && one.condition === 'duplicate');
    if (held === undefined) return undefined;
    const { stream, recordedAt: foundAt } = record;
    return { oneId: stream.slice('oneId-'.length), palm, hand: held.hand, status: state.status, foundAt };
  });
}

export interface OfDuplicate {
  readonly caller: PrincipalCaller;
  readonly oneId: string;
  readonly palm: string;
}

/** Both One IDs, side by side: two looks, and both members see theirs. The other is missing where it was erased since. */
export async function showDuplicate(
  deps: Deps,
  { caller, oneId, palm, reason }: OfDuplicate & { readonly reason: string },
): Promise<{ later: OneIdShown; first?: OneIdShown }> {
  const other = await firstOf(deps, oneId, palm);
  const looking = { caller, reason, askedFor: 'duplicate-palm' } as const;
  const later = await shownOneId(deps, { ...looking, oneId });
  const first = await shownOneId(deps, { ...looking, oneId: other }).catch((error: unknown) => {
    if (error instanceof Refused) return undefined;
    throw error;
  });
  return { later, ...(first === undefined ? {} : { first }) };
}

/**
 * The palm leaves the later One ID; it is never given to it, since one palm has one One ID. Where that One ID should not be at
 * all, an erasure is asked for instead, which a second admin approves.
 */
export async function removeDuplicate(
  deps: Deps,
  { caller, request, oneId, palm }: OfDuplicate & { readonly request: Request },
): Promise<{ position: bigint }> {
  const stream = `oneId-${oneId}`;
  const { state } = await load(deps.ledger, oneIds, stream);
  const held = isLiving(state) ? state.palms.find((one) => one.palm === palm) : undefined;
  if (held !== undefined && held.condition !== 'duplicate')
    throw new Refused(
      'palm-not-duplicate',
      'Only a palm that was found to be the palm of another One ID is removed so.',
    );
  const at = isoNow(deps.clock);
  const told = { type: 'PalmRemoved', palm };
  const once = { aggregate: oneIds, stream, command: { type: 'RemovePalm', at, palm } as const, told };
  const { position } = await decideOnceOn(deps, request, whoOf(caller), once);
  if (held !== undefined) await tell(deps, stream, `palm-removed/${palm}`, 'palm-removed', { hand: held.hand, at });
  return { position };
}

async function firstOf(deps: Deps, oneId: string, palm: string): Promise<string> {
  for await (const record of readWhole(deps.ledger, `oneId-${oneId}`)) {
    if (record.type !== 'PalmDuplicateFound' || clearOf(record)['palm'] !== palm) continue;
    const [event] = await open(deps.keyring, [record]);
    const sealed = event?.sealed;
    if (sealed !== undefined && sealed !== 'gone') return sealed['oneId'] as string;
  }
  throw new Refused('duplicate-not-found', 'There is no such duplicate palm.', 'missing');
}
