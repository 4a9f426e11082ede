import { toBase64, toBase64url, utf8, type Bytes } from './base64.ts';
import { contentDigest } from './content-digest.ts';
import { DIGEST_HEADER, IDEMPOTENCY_HEADER, LAST_HEADER } from './headers.ts';
import { coveredComponents, signatureBase, signatureParams } from './signature-base.ts';

export interface ToSign {
  readonly method: string;
  /** Absolute. */
  readonly url: string;
  /** The body's exact bytes; none is an empty one. */
  readonly body?: Bytes;
  readonly contentType?: string;
  readonly idempotencyKey?: string;
  /** The value that the server gave last, or `none`. */
  readonly last: string;
  /** The device's id, or `activation`. */
  readonly keyid: string;
  readonly privateKey: CryptoKey;
  readonly created: Date;
  /** For test vectors; else 128 random bits. */
  readonly nonce?: string;
}

/** All headers that a request to PalmLedger must carry, signed (RFC 9421, Ed25519). */
export async function signRequest(request: ToSign): Promise<Record<string, string>> {
  const { method, url, body = new Uint8Array(), keyid, last, idempotencyKey } = request;
  const headers: Record<string, string> = {
    [DIGEST_HEADER]: await contentDigest(body),
    ...(body.length > 0 ? { 'content-type': request.contentType ?? 'application/json' } : {}),
    ...(idempotencyKey === undefined ? {} : { [IDEMPOTENCY_HEADER]: idempotencyKey }),
    [LAST_HEADER]: last,
  };
  const created = Math.floor(request.created.getTime() / 1000);
  const nonce = request.nonce ?? randomNonce();
  const components = coveredComponents(headers, body.length > 0);
  const params = signatureParams(components, { created, nonce, keyid });
  const base = signatureBase({ method, url, headers }, components, params);
  const signature = await crypto.subtle.sign('Ed25519', request.privateKey, utf8(base));
  return {
    ...headers,
    'signature-input': `device=${params}`,
    signature: `device=:${toBase64(new Uint8Array(signature))}:`,
  };
}

export function randomNonce(): string {
  return toBase64url(crypto.getRandomValues(new Uint8Array(16)));
}
