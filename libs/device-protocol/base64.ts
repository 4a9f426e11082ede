/** Bytes as this protocol writes them: RFC 4648, strict. For browsers too. */
export type Bytes = Uint8Array<ArrayBuffer>;

const CHUNK = 0x8000;
// One class in a row: groups would pile up on the matcher's stack for a picture of megabytes.
const STANDARD = /^[A-Za-z0-9+/]*={0,2}$/;
const URL_SAFE = /^[A-Za-z0-9_-]*$/;

export function toBase64(bytes: Uint8Array): string {
  if (inNode) return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');
  let binary = '';
  for (let at = 0; at < bytes.length; at += CHUNK) binary += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  return btoa(binary);
}

export function toBase64url(bytes: Uint8Array): string {
  return toBase64(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** Nothing where the text is not base64 as its one encoder would write it. */
export function fromBase64(text: string): Bytes | undefined {
  if (text.length % 4 !== 0 || !STANDARD.test(text)) return undefined;
  const last = text.slice(-4);
  if (toBase64(decoded(last)) !== last) return undefined;
  return decoded(text);
}

export function fromBase64url(text: string): Bytes | undefined {
  if (!URL_SAFE.test(text) || text.length % 4 === 1) return undefined;
  const padding = '='.repeat((4 - (text.length % 4)) % 4);
  return fromBase64(text.replaceAll('-', '+').replaceAll('_', '/') + padding);
}

export function utf8(text: string): Bytes {
  return new TextEncoder().encode(text);
}

/** Node's own coder is some ten times as fast; a browser has none. */
const inNode = typeof Buffer === 'function';

function decoded(text: string): Bytes {
  if (inNode) return Uint8Array.from(Buffer.from(text, 'base64'));
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at++) bytes[at] = binary.charCodeAt(at);
  return bytes;
}
