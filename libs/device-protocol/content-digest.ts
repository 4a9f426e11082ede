import { toBase64, toBase64url, utf8, type Bytes } from './base64.ts';
import { DIGEST_HEADER, IDEMPOTENCY_HEADER, type SignedRequest } from './headers.ts';

/** RFC 9530, of the body's exact bytes; an empty body has a digest too. */
export async function contentDigest(body: Bytes): Promise<string> {
  return `sha-256=:${toBase64(await sha256(body))}:`;
}

/** What makes two requests the very same one, signed again: method, path and query, idempotency key, content. */
export async function requestPrint({ method, url, headers }: Omit<SignedRequest, 'body'>): Promise<string> {
  const { pathname, search } = new URL(url);
  const parts = [method.toUpperCase(), pathname + search, headers[IDEMPOTENCY_HEADER] ?? '', headers[DIGEST_HEADER]];
  return toBase64url(await sha256(utf8(parts.join('\n'))));
}

async function sha256(bytes: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
}
