import canonicalize from 'canonicalize';
import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import type { StoredRecord } from '#libs/ledger/port.ts';
import { BUNDLE, type BundleOf } from './bundle-fields.ts';
import { base64url, parseSignedHead } from './head.ts';
import { signBody } from './signing.ts';

/** Makes a bundle line by line, in this order; bundle.ts verifies it. Each answer is a whole line. */
export interface BundleWriter {
  first(of: BundleOf, madeAt: string): string;
  head(signed: string, consistency: readonly string[]): string;
  event(record: StoredRecord, leafIndex: bigint, proof: readonly string[]): string;
  pruned(leaf: Uint8Array, leafIndex: bigint, proof: readonly string[]): string;
  last(): string;
}

export function bundleWriter(key: KeyObject): BundleWriter {
  const digest = createHash('sha256');
  const counts = { heads: 0, events: 0, pruned: 0 };
  const line = (value: object): string => {
    const text = `${canonicalize(value)!}\n`;
    digest.update(text, 'utf8');
    return text;
  };
  return {
    first: (of, madeAt) => {
      const { x: publicKey } = createPublicKey(key).export({ format: 'jwk' });
      return line({ bundle: { format: BUNDLE, publicKey, madeAt, of } });
    },
    head: (signed, consistency) => {
      counts.heads += 1;
      return line({ head: parseSignedHead(signed), consistency });
    },
    event: ({ stream, id, type, version, recordedAt, actor, clear, sealed }, leafIndex, proof) => {
      counts.events += 1;
      const event = { stream, id, type, version, recordedAt, actor, clear, sealed: base64url(sealed) };
      return line({ event, leafIndex: String(leafIndex), proof });
    },
    pruned: (leaf, leafIndex, proof) => {
      counts.pruned += 1;
      return line({ pruned: base64url(leaf), leafIndex: String(leafIndex), proof });
    },
    last: () => {
      const end = { ...counts, digest: digest.copy().digest('base64url') };
      return line({ end, signature: signBody(BUNDLE, end, key) });
    },
  };
}
