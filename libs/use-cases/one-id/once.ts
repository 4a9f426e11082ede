import type { OneIdCommand } from '#libs/domain/one-id/commands.ts';
import type { OneIdEvent } from '#libs/domain/one-id/events.ts';
import { clearOf } from '#libs/event-codec/codec.ts';
import { readWhole } from '#libs/ledger/read-whole.ts';
import { whoOf, type MemberCaller } from '../callers.ts';
import { claim, type Request } from '../claim/claim.ts';
import type { Deps } from '../deps.ts';
import { oneIds } from '../stream/aggregates.ts';
import { decideOn } from '../stream/decide.ts';
import { ownOneId } from './own.ts';

export interface Asking {
  readonly caller: MemberCaller;
  readonly request: Request;
}

interface Plan {
  readonly stream: string;
  /** Of the stream when it was asked; what it led to comes later. */
  readonly after: string;
}

/**
 * A member's change of the own One ID that is told by one event. A repeated request whose event is there already changes
 * nothing, whatever came after it: who paused, unpaused, and hears the first request again stays unpaused. `first` is done
 * before the event, where the event is not there yet.
 */
export async function decideOnce(
  deps: Deps,
  { caller, request }: Asking,
  command: OneIdCommand,
  told: { readonly type: OneIdEvent['type'] } & Readonly<Record<string, string>>,
  first: () => Promise<void> = () => Promise.resolve(),
): Promise<{ readonly position: bigint; readonly stream: string }> {
  const who = whoOf(caller);
  const { plan, fresh } = await claim<Plan>(deps, request, who, async () => {
    const { stream, revision } = await ownOneId(deps, caller);
    return { stream, after: String(revision) };
  });
  const { stream } = plan;
  const earlier = fresh ? undefined : await find(deps, plan, told);
  if (earlier !== undefined) return { position: earlier, stream };
  await first();
  const { position } = await decideOn(deps, oneIds, stream, command, who);
  return { position, stream };
}

async function find(deps: Deps, { stream, after }: Plan, told: Readonly<Record<string, string>>) {
  const { type, ...fields } = told;
  for await (const record of readWhole(deps.ledger, stream, { from: BigInt(after) + 1n })) {
    if (record.type !== type) continue;
    const clear = clearOf(record);
    if (Object.entries(fields).every(([name, value]) => clear[name] === value)) return record.position;
  }
  return undefined;
}
