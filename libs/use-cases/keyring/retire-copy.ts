import { Refused } from '#libs/domain/refused.ts';
import { hasRole } from '#libs/domain/principal/state.ts';
import { openHandle, sealHandle } from '#libs/identity/handles.ts';
import { newId } from '#libs/runtime/ids.ts';
import { whoOf, type PrincipalCaller } from '../callers.ts';
import { claim, type Request } from '../claim/claim.ts';
import type { Deps } from '../deps.ts';
import { principals } from '../stream/aggregates.ts';
import { load } from '../stream/load.ts';

const HOURS = 24;
const PROPOSED = 'retire keyring copy';
const ANY_ADMIN = 'admin';

interface Proposal {
  readonly id: string;
  readonly copy: string;
  readonly by: string;
  readonly until: string;
}
interface Asked {
  readonly caller: PrincipalCaller;
  readonly request: Request;
}

/** The first of two: names a copy that is lost. What is answered is to be handed to a second admin within a day. */
export async function proposeRetirement(
  deps: Deps,
  { caller, request, copy }: Asked & { readonly copy: string },
): Promise<{ proposal: string; copy: string; until: string }> {
  const { plan } = await claim<Proposal>(deps, request, whoOf(caller), async () => {
    await requireCopy(deps, copy);
    const until = new Date(deps.clock.now().getTime() + HOURS * 3_600_000).toISOString();
    return { id: newId(), copy, by: caller.principal, until };
  });
  return { proposal: sealHandle(deps.keys.handleSecret, PROPOSED, ANY_ADMIN, plan), copy, until: plan.until };
}

/**
 * The second, and another principal: from now on no destruction waits for this copy, and certificates name it. Throws
 * `proposal-invalid`, `four-eyes`, or the keyring's refusal to give up the last copy in step.
 */
export async function retireCopy(
  deps: Deps,
  { caller, request, proposal }: Asked & { readonly proposal: string },
): Promise<{ copy: string; approvedBy: readonly [string, string] }> {
  const proposed = openHandle<Proposal>(deps.keys.handleSecret, PROPOSED, ANY_ADMIN, proposal);
  if (proposed === undefined || deps.clock.now().toISOString() > proposed.until)
    throw new Refused('proposal-invalid', 'This was altered, or its day is over.', 'forbidden');
  const { copy, by } = proposed;
  if (by === caller.principal) throw new Refused('four-eyes', 'A second admin decides on it.', 'forbidden');
  await stillAdmin(deps, by);
  await claim(deps, request, whoOf(caller), async () => ({ copy }));
  const approvedBy = [by, caller.principal] as const;
  const known = await requireCopy(deps, copy);
  if (known.retired === undefined) await deps.keyring.retireCopy(copy, approvedBy);
  return { copy, approvedBy: known.retired?.by ?? approvedBy };
}

async function requireCopy(deps: Deps, name: string) {
  const found = (await deps.keyring.status()).copies.find((one) => one.name === name);
  if (found !== undefined) return found;
  throw new Refused('copy-unknown', 'The keyring has no copy of this name.', 'missing');
}

/** Whose role was taken away since has agreed to nothing. */
async function stillAdmin(deps: Deps, principal: string): Promise<void> {
  const { state } = await load(deps.ledger, principals, `principal-${principal}`);
  if (!hasRole(state, 'admin'))
    throw new Refused('proposal-invalid', 'Who proposed it is no admin any more.', 'forbidden');
}
