import type { Hand } from '#libs/domain/values.ts';
import type { Signature } from '../palm/port.ts';
import { checkId, checkSignature, type IndexEntry, type ModelShape } from './entry.ts';
import { compileKernel } from './kernel.ts';
import { MatchingRefused } from './refused.ts';
import { type Found, newShard, type Shard } from './shard.ts';

/**
 * How many of the most similar palms the code then decides among. Measured on real palms (907 pictures of 100 palms): of
 * captures that the verdict accepts, the vector puts at most 1.1 % of all strangers before the right palm. So this share of
 * the crowd is taken, and never fewer than a few; the cap keeps the verdict short in very large crowds, where it costs
 * the worst takes (at a million palms, about one in 200).
 */
export function bestFewOf(palms: number): number {
  return Math.min(MOST, Math.max(FEWEST, Math.ceil(palms * 0.011)));
}
const FEWEST = 32;
const MOST = 1024;
/** Matches that are told. The rest cannot matter: they stand behind in score. */
const TOLD = 32;

export interface Match {
  readonly oneId: string;
  readonly palm: string;
  readonly hand: Hand;
  /** Of vector and code together: what a threshold is compared with. */
  readonly score: number;
  /** Cosine of the vectors. */
  readonly similarity: number;
}

export interface Searched {
  /** The best few by score, best first. */
  readonly matches: readonly Match[];
  /** How many palms of all versions there were to be confused with. */
  readonly palms: number;
}

export interface IndexStatus {
  readonly palms: number;
  /** Bytes held for the palms. */
  readonly bytes: number;
  readonly versions: readonly { readonly modelVersion: string; readonly palms: number }[];
  readonly epoch: number;
}

/** `stale`: it was opened before the epoch that the index has been cleared to; open it again. */
export type Put = 'added' | 'replaced' | 'stale';

export type Score = (probe: Signature, held: Found) => number;

/** All active palms, one shard a model version. Everything happens at once and in this thread; the worker holds it. */
export interface SignatureIndex {
  /** `epoch`: of the keyring, read before the signature was opened. A palm lives in one shard: the newest put wins. */
  readonly put: (entry: IndexEntry, epoch: number) => Put;
  readonly remove: (oneId: string, palm: string) => boolean;
  readonly removeOneId: (oneId: string) => number;
  readonly search: (probe: Signature, excludeOneId?: string) => Match[];
  readonly clearedTo: (epoch: number) => void;
  readonly palms: () => number;
  readonly status: () => IndexStatus;
}

export function newSignatureIndex(shapes: readonly ModelShape[], score: Score): SignatureIndex {
  const module = compileKernel();
  const shards = new Map(shapes.map((shape) => [shape.modelVersion, newShard(shape, module)]));
  let cleared = 0;

  const shardFor = (signature: Signature): Shard => {
    const shard = shards.get(signature.modelVersion);
    if (shard === undefined) throw new MatchingRefused('model-version-unknown');
    checkSignature(signature, shard.shape);
    return shard;
  };

  const palms = (): number => [...shards.values()].reduce((sum, shard) => sum + shard.count(), 0);

  const removeElsewhere = (oneId: string, palm: string, kept: Shard): boolean => {
    let removed = false;
    for (const shard of shards.values()) if (shard !== kept) removed = shard.remove(oneId, palm) || removed;
    return removed;
  };

  return {
    put: (entry, epoch) => {
      if (epoch < cleared) return 'stale';
      const shard = shardFor(entry.signature);
      checkId(entry.oneId);
      checkId(entry.palm);
      const put = shard.put(entry);
      return removeElsewhere(entry.oneId, entry.palm, shard) ? 'replaced' : put;
    },
    remove: (oneId, palm) => {
      let removed = false;
      for (const shard of shards.values()) removed = shard.remove(oneId, palm) || removed;
      return removed;
    },
    removeOneId: (oneId) => {
      let removed = 0;
      for (const shard of shards.values()) removed += shard.removeOneId(oneId);
      return removed;
    },
    search: (probe, excludeOneId) => {
      const shard = shardFor(probe);
      return shard
        .nearest(probe, bestFewOf(shard.count()), TOLD, excludeOneId)
        .map((found) => matchOf(found, score(probe, found)))
        .sort((a, b) => b.score - a.score)
        .slice(0, TOLD);
    },
    clearedTo: (epoch) => {
      cleared = Math.max(cleared, epoch);
    },
    palms,
    status: () => {
      const all = [...shards.values()];
      return {
        palms: palms(),
        bytes: all.reduce((sum, shard) => sum + shard.bytes(), 0),
        versions: all.map((shard) => ({ modelVersion: shard.shape.modelVersion, palms: shard.count() })),
        epoch: cleared,
      };
    },
  };
}

function matchOf({ oneId, palm, hand, similarity }: Found, score: number): Match {
  return { oneId, palm, hand, score, similarity };
}
