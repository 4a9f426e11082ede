import canonicalize from 'canonicalize';
import { createPublicKey, type KeyObject } from 'node:crypto';
import { leafHashOf } from '#libs/ledger/leaf.ts';
import {
  bodyFields,
  CERTIFICATE,
  certificateFields,
  type CertificateBody,
  type CertificateFacts,
} from './certificate-fields.ts';
import { EvidenceInvalid } from './errors.ts';
import { checkSignedHead } from './head.ts';
import { verifyInclusion } from './merkle.ts';
import { parseCanonical } from './shape.ts';
import { isSignedBy, signBody } from './signing.ts';

const LARGEST = 1024 * 1024;

/**
 * The erasure certificate as the bytes of its file: canonical JSON, nothing before or after it.
 * One key signs heads and certificates. Throws `EvidenceInvalid` for facts that the certificate would not verify with.
 */
export function issueCertificate(facts: CertificateFacts, key: KeyObject): Buffer {
  const certificate = bodyFields({ ...facts, format: CERTIFICATE }, 'certificate');
  const file = Buffer.from(canonicalize({ certificate, signature: signBody(CERTIFICATE, certificate, key) })!, 'utf8');
  verifyCertificate(file, createPublicKey(key));
  return file;
}

/**
 * What a certificate says, if the key signed exactly these bytes and the record that it is anchored by is in the log of its head.
 * Needs no other data. Throws `EvidenceInvalid`.
 */
export function verifyCertificate(file: Uint8Array, publicKey: KeyObject): CertificateBody {
  if (file.byteLength > LARGEST) throw new EvidenceInvalid('the certificate is too large');
  const { certificate, signature } = parseCanonical(decoded(file), certificateFields, 'certificate');
  if (!isSignedBy(CERTIFICATE, certificate, signature, publicKey))
    throw new EvidenceInvalid('the signature of the certificate');
  checkAnchor(certificate, publicKey);
  checkTimes(certificate);
  return certificate;
}

function checkAnchor({ anchor }: CertificateBody, publicKey: KeyObject): void {
  const head = checkSignedHead(anchor.head, publicKey);
  const { stream, ...record } = anchor.record;
  const proof = anchor.proof.map((hash) => Buffer.from(hash, 'base64url'));
  const root = Buffer.from(head.root, 'base64url');
  const leaf = leafHashOf(stream, record);
  if (!verifyInclusion(leaf, BigInt(anchor.leafIndex), BigInt(head.treeSize), proof, root))
    throw new EvidenceInvalid('the proof that the erasure is in the log');
}

function checkTimes({ requestedAt, destroyedAt, issuedAt }: CertificateBody): void {
  if (requestedAt > destroyedAt || destroyedAt > issuedAt) throw new EvidenceInvalid('the order of the times');
}

/** Strict UTF-8, without a byte order mark. */
function decoded(file: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(file);
  } catch (error) {
    throw new EvidenceInvalid('the certificate is not UTF-8', { cause: error });
  }
}
