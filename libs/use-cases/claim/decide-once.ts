import type { DomainEvent } from '#libs/domain/event.ts';
import { clearOf } from '#libs/event-codec/codec.ts';
import { readWhole } from '#libs/ledger/read-whole.ts';
import type { Deps } from '../deps.ts';
import type { Aggregate } from '../stream/aggregate.ts';
import { decideOn, type Who } from '../stream/decide.ts';
import { load } from '../stream/load.ts';
import { claim, type Request } from './claim.ts';

/** The event that tells that a command was done, with the clear fields that say it was this one. */
export type Told = { readonly type: string } & Readonly<Record<string, string>>;

export interface Once<State, Command extends { readonly at: string }, Event extends DomainEvent> {
  readonly aggregate: Aggregate<State, Command, Event>;
  readonly stream: string;
  readonly command: Command;
  readonly told: Told;
}

/**
 * A change that is told by one event, once for each request: a repeated request whose event is there already changes nothing,
 * whatever came after it. What the domain refuses is refused before anything is claimed.
 */
export async function decideOnceOn<State, Command extends { readonly at: string }, Event extends DomainEvent>(
  deps: Deps,
  request: Request,
  who: Who,
  { aggregate, stream, command, told }: Once<State, Command, Event>,
): Promise<{ readonly position: bigint; readonly fresh: boolean }> {
  const { plan, fresh } = await claim<{ after: string }>(deps, request, who, async () => {
    const { state, revision } = await load(deps.ledger, aggregate, stream);
    aggregate.decider.decide(command, state);
    return { after: revision === 'none' ? '-1' : String(revision) };
  });
  const earlier = fresh ? undefined : await find(deps, stream, BigInt(plan.after) + 1n, told);
  if (earlier !== undefined) return { position: earlier, fresh };
  const { position } = await decideOn(deps, aggregate, stream, command, who);
  return { position, fresh };
}

async function find(deps: Deps, stream: string, from: bigint, { type, ...fields }: Told): Promise<bigint | undefined> {
  for await (const record of readWhole(deps.ledger, stream, { from })) {
    if (record.type !== type) continue;
    const clear = clearOf(record);
    if (Object.entries(fields).every(([name, value]) => clear[name] === value)) return record.position;
  }
  return undefined;
}
