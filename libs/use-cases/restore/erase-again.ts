import type { OneIdCommand } from '#libs/domain/one-id/commands.ts';
import { isLiving, type OneIdState } from '#libs/domain/one-id/state.ts';
import { Refused } from '#libs/domain/refused.ts';
import type { Keyring } from '#libs/keyring/port.ts';
import type { Ledger } from '#libs/ledger/port.ts';
import { isoNow, type Clock } from '#libs/runtime/clock.ts';
import { whoOf } from '../callers.ts';
import { oneIds } from '../stream/aggregates.ts';
import { decideOn } from '../stream/decide.ts';
import { load } from '../stream/load.ts';

export interface Restoring {
  readonly ledger: Ledger;
  readonly keyring: Pick<Keyring, 'has' | 'seal'>;
  readonly clock: Clock;
}

/** What today's keyring no longer opens, although an older ledger still speaks of it: it was erased, or removed, since. */
export interface ErasedSince {
  /** Streams of One IDs whose key is gone. */
  readonly oneIds: readonly string[];
  readonly items: readonly { readonly stream: string; readonly command: Removal }[];
  /** One IDs in the ledger, those included. */
  readonly seen: number;
}

type Removal = Extract<
  OneIdCommand,
  { type: 'RemovePalm' | 'RemoveCard' | 'RemovePhone' | 'UnlinkAccount' | 'RevokeCredential' }
>;

const PAGE = 500;
const WHO = whoOf({ kind: 'system', part: 'restore' });

/** Compares the ledger with the keyring. Changes nothing. */
export async function erasedSince(deps: Restoring): Promise<ErasedSince> {
  const gone: string[] = [];
  const items: { stream: string; command: Removal }[] = [];
  let seen = 0;
  for (let after = 0n; ;) {
    const { records, next } = await deps.ledger.readAll({ after, limit: PAGE, types: ['EnrolmentStarted'] });
    const streams = records.map(({ stream }) => stream);
    const lives = streams.length === 0 ? [] : await deps.keyring.has(streams);
    seen += streams.length;
    for (const [at, stream] of streams.entries()) {
      if (lives[at]) for (const command of await removedSince(deps, stream)) items.push({ stream, command });
      else gone.push(stream);
    }
    if (next === after) return { oneIds: gone, items, seen };
    after = next;
  }
}

/**
 * Erases again, before anything is served: the stream of a One ID without a key says nothing any more but times, and is
 * pruned; what was removed of a living One ID is removed once more, so that nothing counts on what does not open.
 * Answers with the items that stay although their key is gone, since the One ID would be left without (a last palm, say).
 */
export async function eraseAgain(deps: Restoring, { oneIds: streams, items }: ErasedSince): Promise<number> {
  for (const stream of streams) await deps.ledger.prune(stream);
  let left = 0;
  for (const { stream, command } of items) {
    try {
      await decideOn(deps, oneIds, stream, command, WHO);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      left += 1;
    }
  }
  return left;
}

async function removedSince(deps: Restoring, stream: string): Promise<readonly Removal[]> {
  const { state } = await load(deps.ledger, oneIds, stream);
  const held = heldBy(state, isoNow(deps.clock));
  if (held.length === 0) return [];
  const lives = await deps.keyring.has(held.map(({ ref }) => `${stream}/${ref}`));
  return held.filter((_, at) => !lives[at]).map(({ command }) => command);
}

function heldBy(state: OneIdState, at: string): readonly { ref: string; command: Removal }[] {
  if (!isLiving(state)) return [];
  return [
    ...state.palms.map(({ palm }) => ({ ref: palm, command: { type: 'RemovePalm', at, palm } as const })),
    ...state.cards.map((card) => ({ ref: card, command: { type: 'RemoveCard', at, card } as const })),
    ...state.phones.map(({ phone }) => {
      return { ref: phone, command: { type: 'RemovePhone', at, phone, reason: 'member' } as const };
    }),
    ...(state.link === null
      ? []
      : [{ ref: state.link, command: { type: 'UnlinkAccount', at, link: state.link } as const }]),
    ...state.credentials.map(({ credential }) => {
      return { ref: credential, command: { type: 'RevokeCredential', at, credential } as const };
    }),
  ];
}
