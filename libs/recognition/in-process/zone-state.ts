import type { ModelShape } from '../matching/entry.ts';
import type { Freshness } from './freshness.ts';
import type { ZoneParts } from './parts.ts';
import type { References } from './references.ts';
import type { Tickets } from './tickets.ts';
import type { Tries } from './tries.ts';

/** What the zone keeps in memory beside the index; all of it is lost, and may be, when the process ends. */
export interface ZoneState {
  readonly parts: ZoneParts;
  readonly freshness: Freshness;
  readonly shapes: ReadonlyMap<string, ModelShape>;
  readonly tickets: Tickets;
  /** Palms that an enrolment met at another One ID. Held by the device. */
  readonly known: References<{ readonly oneId: string }>;
  /** Whom the palm pointed at when more was asked for. Held by the attempt. */
  readonly secondLooks: References<{ readonly oneId: string; readonly palm: string }>;
  readonly triesOfOneId: Tries;
  readonly triesOfDevice: Tries;
  /** One IDs that identify nobody. */
  readonly closed: Set<string>;
  /** Requests under way, each with the One IDs that lost something meanwhile: it may not answer with one of them. */
  readonly underWay: Set<UnderWay>;
  epoch: number;
}

export interface UnderWay {
  readonly changed: Set<string>;
}

/** Drops what stands for a One ID, or for one of its palms, in everything but the index. */
export function dropTraces(state: ZoneState, oneId: string, palm?: string): void {
  const gone = (who: { oneId: string; palm: string }): boolean =>
    who.oneId === oneId && (palm === undefined || who.palm === palm);
  for (const { changed } of state.underWay) changed.add(oneId);
  state.tickets.dropWhere(gone);
  state.secondLooks.dropWhere(gone);
  if (palm === undefined) state.known.dropWhere((who) => who.oneId === oneId);
}
