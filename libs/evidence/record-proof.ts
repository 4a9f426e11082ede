import { hash } from 'node:crypto';
import type { LeafLog, StoredRecord } from '#libs/ledger/port.ts';
import type { CertificateFacts } from './certificate-fields.ts';
import { EvidenceInvalid } from './errors.ts';
import { base64url, parseSignedHead } from './head.ts';
import type { Tree } from './tree-file.ts';

export type Anchor = CertificateFacts['anchor'];

/** Shows that a record is in the log of a signed head, by itself: fields, place, proof and head. Throws `EvidenceInvalid` where it is not. */
export async function anchorOf(
  tree: Tree,
  log: Pick<LeafLog, 'leafIndexOf'>,
  record: StoredRecord,
  signedHead: string,
): Promise<Anchor> {
  const head = parseSignedHead(signedHead);
  const treeSize = BigInt(head.head.treeSize);
  const leafIndex = await log.leafIndexOf(record.stream, record.id);
  if (leafIndex === undefined || leafIndex >= treeSize)
    throw new EvidenceInvalid('the record is not in the log of this head');
  const { stream, id, type, version, recordedAt, actor, clear } = record;
  const sealedDigest = hash('sha256', record.sealed, 'hex');
  return {
    record: { stream, id, type, version, recordedAt, actor, clear, sealedDigest },
    leafIndex: String(leafIndex),
    proof: tree.inclusionProof(leafIndex, treeSize).map(base64url),
    head,
  };
}
