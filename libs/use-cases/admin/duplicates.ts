import { isLiving, usablePalms, type OneIdState } from '#libs/domain/one-id/state.ts';
import { Refused } from '#libs/domain/refused.ts';
import { clearOf, open } from '#libs/event-codec/codec.ts';
import { readWhole } from '#libs/ledger/read-whole.ts';
import { isoNow } from '#libs/runtime/clock.ts';
import { whoOf, type PrincipalCaller } from '../callers.ts';
import { claim, type Request } from '../claim/claim.ts';
import type { Deps } from '../deps.ts';
import { requestErasure, type ErasureRequested } from '../erasure/request.ts';
import { oneIds } from '../stream/aggregates.ts';
import { decideOn } from '../stream/decide.ts';
import { load } from '../stream/load.ts';
import { shownOneId, type OneIdShown } from './one-id.ts';
import { scan } from './scan.ts';

/**
 * A palm that another One ID had first. It is taken off by itself; what waits for a person is a One ID that nobody could
 * recognise any more, and one where it could not be taken off yet.
 */
export interface DuplicateWaiting {
  readonly oneId: string;
  readonly palm: string;
  readonly status: string;
  readonly suspended: boolean;
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
    if (!isLiving(state) || !waits(state, palm)) return undefined;
    const { status, suspended } = state;
    return { oneId: record.stream.slice('oneId-'.length), palm, status, suspended, foundAt: record.recordedAt };
  });
}

function waits(state: OneIdState, palm: string): boolean {
  if (!isLiving(state) || state.status === 'leaving') return false;
  if (state.palms.some((one) => one.palm === palm)) return true;
  return state.status === 'active' && state.suspended && usablePalms(state).length === 0;
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
 * `keep`: the later One ID stays, without the palm, and its suspension ends; its member can pay again once another palm is
 * enrolled. `erase`: it should not be there at all; a second admin has to approve that. The palm itself is never given to it.
 */
export async function decideDuplicate(
  deps: Deps,
  {
    caller,
    request,
    oneId,
    palm,
    outcome,
  }: OfDuplicate & { readonly request: Request; readonly outcome: 'keep' | 'erase' },
): Promise<{ position: bigint } & Partial<ErasureRequested>> {
  await firstOf(deps, oneId, palm);
  if (outcome === 'erase') return requestErasure(deps, { caller, request, oneId });
  const who = whoOf(caller);
  const stream = `oneId-${oneId}`;
  const { fresh } = await claim(deps, request, who, async () => ({}));
  const loaded = await load(deps.ledger, oneIds, stream);
  // Suspended again since, for another reason, it stays so.
  if (!fresh && !waits(loaded.state, palm)) return { position: loaded.position };
  const at = isoNow(deps.clock);
  const { position } = await decideOn(
    deps,
    oneIds,
    stream,
    (state) => [
      ...(isLiving(state) && state.palms.some((one) => one.palm === palm && one.condition === 'duplicate')
        ? [{ type: 'RemovePalm', at, palm } as const]
        : []),
      { type: 'Resume', at, reason: 'duplicate-palm-settled' } as const,
    ],
    who,
  );
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
