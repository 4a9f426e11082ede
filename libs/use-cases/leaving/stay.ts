import { Refused } from '#libs/domain/refused.ts';
import { open } from '#libs/event-codec/codec.ts';
import { readWhole } from '#libs/ledger/read-whole.ts';
import { isoNow } from '#libs/runtime/clock.ts';
import { whoOf } from '../callers.ts';
import { tell } from '../contacts/tell.ts';
import type { Deps } from '../deps.ts';
import { decideOnce, type Asking } from '../one-id/once.ts';
import { ownOneId } from '../one-id/own.ts';
import { erasures } from '../stream/aggregates.ts';
import { decideOn } from '../stream/decide.ts';

/**
 * An erasure is taken back, until its destruction begins: first on the One ID's stream, where the destruction begins as well
 * and which so alone decides that, then on its own; a crash between the two is made good by the erasure's workflow. A consent
 * that was withdrawn is not given again by it.
 */
export async function stay(deps: Deps, asking: Asking): Promise<{ position: bigint }> {
  const at = isoNow(deps.clock);
  const command = { type: 'WithdrawErasure', at, reason: 'member' } as const;
  let erasure: string | undefined;
  const { position, stream } = await decideOnce(deps, asking, command, { type: 'ErasureWithdrawn' }, async () => {
    erasure = await erasureToTakeBack(deps, asking);
  });
  if (erasure !== undefined) {
    const withdrawn = { type: 'WithdrawErasureProcess', at, by: 'member' } as const;
    await decideOn(deps, erasures, erasure, withdrawn, whoOf(asking.caller));
  }
  await tell(deps, stream, `erasure-withdrawn/${position}`, 'erasure-withdrawn', {});
  return { position };
}

/** Found before the One ID is back; a repeated request, whose event is there already, touches no erasure at all. */
async function erasureToTakeBack(deps: Deps, { caller }: Asking): Promise<string | undefined> {
  const { stream, state } = await ownOneId(deps, caller);
  if (state.status !== 'leaving') throw new Refused('erasure-not-requested', 'No erasure is requested.', 'missing');
  if (state.reason === 'admin')
    throw new Refused('erasure-by-admin', 'An admin asked for this erasure, and an admin takes it back.', 'forbidden');
  return erasureOf(deps, stream);
}

/** The erasure that the One ID's last request names. */
export async function erasureOf(deps: Pick<Deps, 'ledger' | 'keyring'>, stream: string): Promise<string | undefined> {
  for await (const record of readWhole(deps.ledger, stream, { backwards: true })) {
    if (record.type !== 'ErasureRequested') continue;
    const [event] = await open(deps.keyring, [record]);
    const sealed = event?.sealed;
    return sealed === undefined || sealed === 'gone' ? undefined : (sealed['erasure'] as string);
  }
  return undefined;
}
