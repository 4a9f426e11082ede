import type { KeyObject } from 'node:crypto';
import { createPublicKey } from 'node:crypto';
import type { PersonApi } from '#libs/api-client/person-api.ts';
import { checkSignedHead } from '#libs/evidence/head.ts';
import { verifyInclusion } from '#libs/evidence/merkle.ts';
import type { Anchor } from '#libs/evidence/record-proof.ts';
import { leafHashOf } from '#libs/ledger/leaf.ts';

/** Proofs of records, asked for as an auditor; whoever holds them needs nothing but the public key later. */
export async function askForProofs(auditor: PersonApi, records: readonly { stream: string; id: string }[]) {
  const proofs: Anchor[] = [];
  for (const { stream, id } of records)
    proofs.push(await auditor.get<Anchor>(`/evidence/v1/proof?stream=${stream}&id=${id}`));
  return proofs;
}

export async function publicKeyOf(nobody: PersonApi): Promise<KeyObject> {
  const { publicKey } = await nobody.get<{ publicKey: string }>('/evidence/v1/key');
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: publicKey }, format: 'jwk' });
}

/** How many of them hold, offline. */
export function verifying(proofs: readonly Anchor[], key: KeyObject): number {
  return proofs.filter((proof) => holds(proof, key)).length;
}

function holds({ record, leafIndex, proof, head }: Anchor, key: KeyObject): boolean {
  try {
    const { treeSize, root } = checkSignedHead(head, key);
    const leaf = leafHashOf(record.stream, record);
    return verifyInclusion(leaf, BigInt(leafIndex), BigInt(treeSize), proof.map(bytes), bytes(root));
  } catch {
    return false;
  }
}

const bytes = (text: string): Buffer => Buffer.from(text, 'base64url');
