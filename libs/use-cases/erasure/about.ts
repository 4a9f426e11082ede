import type { ErasureEvent, ErasureStarted } from '#libs/domain/erasure/events.ts';
import type { ErasureState } from '#libs/domain/erasure/state.ts';
import type { SealedPart } from '#libs/domain/event.ts';
import { Refused } from '#libs/domain/refused.ts';
import { open } from '#libs/event-codec/codec.ts';
import { readWhole } from '#libs/ledger/read-whole.ts';
import type { Deps } from '../deps.ts';
import { erasures } from '../stream/aggregates.ts';
import { load, type Loaded } from '../stream/load.ts';

export type Known = Exclude<ErasureState, { status: 'unknown' }>;

/** An erasure by its id. Throws `erasure-unknown`. */
export async function loadErasure(
  deps: Pick<Deps, 'ledger'>,
  erasure: string,
): Promise<Loaded<Known> & { readonly stream: string }> {
  const stream = `erasure-${erasure}`;
  const { state, ...rest } = await load(deps.ledger, erasures, stream);
  if (state.status === 'unknown') throw new Refused('erasure-unknown', 'There is no such erasure.', 'missing');
  return { stream, state, ...rest };
}

export type ErasureAbout = SealedPart<ErasureStarted, 'ErasureStarted'>;

/** What is sealed at its beginning: whose it is, and how to reach them. Undefined once the erasure's own key is gone. */
export async function aboutErasure(
  deps: Pick<Deps, 'ledger' | 'keyring'>,
  stream: string,
): Promise<ErasureAbout | undefined> {
  return sealedIn<'ErasureStarted'>(deps, stream, 'ErasureStarted');
}

/** The sealed part of an erasure's event; undefined where it is not there or its key is gone. */
export async function sealedIn<Type extends 'ErasureStarted' | 'DestructionBegun'>(
  deps: Pick<Deps, 'ledger' | 'keyring'>,
  stream: string,
  type: Type,
): Promise<SealedPart<Extract<ErasureEvent, { type: Type }>, Type> | undefined> {
  for await (const record of readWhole(deps.ledger, stream)) {
    if (record.type !== type) continue;
    const [event] = await open(deps.keyring, [record]);
    const sealed = event?.sealed;
    return sealed === undefined || sealed === 'gone'
      ? undefined
      : (sealed as SealedPart<Extract<ErasureEvent, { type: Type }>, Type>);
  }
  return undefined;
}

/** The stream of the One ID that it is about. Throws `erasure-ended` once nobody can tell any more. */
export async function oneIdOfErasure(deps: Pick<Deps, 'ledger' | 'keyring'>, stream: string): Promise<string> {
  const about = await aboutErasure(deps, stream);
  if (about === undefined) throw new Refused('erasure-ended', 'This erasure has ended.', 'gone');
  return `oneId-${about.oneId}`;
}
