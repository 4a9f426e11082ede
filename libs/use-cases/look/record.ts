import { Refused } from '#libs/domain/refused.ts';
import { isoNow } from '#libs/runtime/clock.ts';
import { whoOf, type PrincipalCaller } from '../callers.ts';
import { tell } from '../contacts/tell.ts';
import type { Deps } from '../deps.ts';
import { looks, oneIds } from '../stream/aggregates.ts';
import { decideOn } from '../stream/decide.ts';
import { load } from '../stream/load.ts';

/** What somebody who looks at a person is about to see. */
export type AskedFor =
  | 'account'
  | 'search'
  | 'replay'
  | 'export'
  | 'opened-export'
  | 'export-approval'
  | 'dispute'
  | 'duplicate-palm'
  | 'erasure'
  | 'pseudonym';

export interface Looking {
  readonly caller: PrincipalCaller;
  /** Without the kind. */
  readonly oneId: string;
  /** A code that the looker chose; it stands in the clear. */
  readonly reason: string;
  readonly askedFor: AskedFor;
  /** From the plan of a claimed request, so that its repetition is the same look; a new one unless stated. */
  readonly look?: string;
}

export interface Look {
  readonly look: string;
  readonly position: bigint;
}

/**
 * Before anything of a person is shown: the One ID's own stream names the look, so that an erasure finds its key, then the
 * look itself is written, then the member is told. Throws `one-id-unknown`, or `one-id-closed` once its keys are going.
 */
export async function recordLook(deps: Deps, looking: Looking): Promise<Look> {
  const { caller, oneId, reason, askedFor } = looking;
  const by = lookerOf(caller);
  const look = looking.look ?? (await newLook(deps));
  const stream = `look-${look}`;
  const before = await load(deps.ledger, looks, stream);
  if (before.state.phase === 'looked') return { look, position: before.position };
  const [at, who] = [isoNow(deps.clock), whoOf(caller)];
  await decideOn(deps, oneIds, `oneId-${oneId}`, { type: 'RecordLook', at, sealed: { look: stream } }, who);
  const command = { type: 'RecordLook', at, principal: caller.principal, reason, askedFor, oneId } as const;
  const { position } = await decideOn(deps, looks, stream, command, who);
  await tell(deps, `oneId-${oneId}`, `looked/${look}`, 'looked-at', { by, reason, at });
  return { look, position };
}

/** A look's id, with its key made ahead. */
export async function newLook(deps: Pick<Deps, 'keyring'>): Promise<string> {
  const [look] = await deps.keyring.reserve('look');
  return look!;
}

/** Merchants never look at a member: they know a pseudonym of their own. */
function lookerOf({ kind }: PrincipalCaller): 'auditor' | 'admin' | 'service' {
  if (kind === 'merchant') throw new Refused('not-allowed', 'This role may not do that.', 'forbidden');
  return kind;
}
