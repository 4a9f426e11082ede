import type { Match } from '../matching/signature-index.ts';
import type { Capture, PalmReading } from '../palm/port.ts';
import { NotNow, type CaptureRequest, type ZoneRefusal } from '../port.ts';
import type { Admitted } from './admit.ts';
import { overwrite } from './packing.ts';
import type { CrowdThreshold } from './policy.ts';
import type { UnderWay, ZoneState } from './zone-state.ts';

export type Read = Extract<PalmReading, { outcome: 'signature' }>;

/** What the index holds that is like one reading of the palm, and what is believed in a crowd of that size. */
export interface Likeness {
  readonly read: Read;
  readonly matches: readonly Match[];
  readonly crowd: CrowdThreshold;
}

/** A palm that was read and searched for, by every live model, newest first. */
export interface PalmSeen {
  readonly likenesses: readonly [Likeness, ...Likeness[]];
  /** Throws `NotNow` where this One ID was closed, or lost a palm, since the search began. */
  readonly stillHolds: (oneId: string) => void;
}

/**
 * Admits a request, reads its palm, searches, lets `decide` work with what was found, and overwrites signatures and
 * pictures whatever happens. The index must know what the ledger knows, before and after.
 */
export async function withPalm<Outcome>(
  state: ZoneState,
  admit: (request: CaptureRequest) => Promise<Admitted>,
  request: CaptureRequest,
  decide: (seen: PalmSeen) => Promise<Outcome>,
): Promise<Outcome | ZoneRefusal> {
  state.freshness.demand();
  const admitted = await admit(request);
  if (admitted.outcome === 'refused') return admitted;
  const readings = await readByAll(state, admitted.capture).finally(admitted.wipe);
  const reads = readings.filter((reading) => reading.outcome === 'signature');
  const underWay: UnderWay = { changed: new Set() };
  state.underWay.add(underWay);
  try {
    const [newest] = readings;
    // What the newest model cannot sign is not decided by an older one.
    if (newest === undefined || newest.outcome === 'refused') return newest ?? Promise.reject(new NotNow('failed'));
    const likenesses = await Promise.all(reads.map((read) => likenessOf(state, read)));
    const stillHolds = (oneId: string): void => {
      if (underWay.changed.has(oneId)) throw new NotNow('stale');
    };
    const outcome = await decide({ likenesses: likenesses as [Likeness, ...Likeness[]], stillHolds });
    state.freshness.demand();
    return outcome;
  } finally {
    state.underWay.delete(underWay);
    for (const { signature } of reads) overwrite(signature);
  }
}

async function likenessOf(state: ZoneState, read: Read): Promise<Likeness> {
  const { matches, palms } = await state.parts.index.search(read.signature);
  return { read, matches, crowd: state.parts.policy.thresholdFor(palms, read.signature.modelVersion) };
}

/** A reader takes the pictures over, so all but the last get copies, which each overwrites. One that fails fails all. */
async function readByAll({ parts }: ZoneState, capture: Capture): Promise<PalmReading[]> {
  const last = parts.models.length - 1;
  const settled = await Promise.allSettled(
    parts.models.map(({ reader }, at) => reader.read(at === last ? capture : copyOf(capture))),
  );
  const readings = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const failed = settled.find((one) => one.status === 'rejected');
  if (failed === undefined) return readings;
  for (const reading of readings) if (reading.outcome === 'signature') overwrite(reading.signature);
  throw failed.reason;
}

function copyOf({ visible, nearInfrared }: Capture): Capture {
  return {
    ...(visible === undefined ? {} : { visible: visible.slice() }),
    ...(nearInfrared === undefined ? {} : { nearInfrared: nearInfrared.slice() }),
  };
}
