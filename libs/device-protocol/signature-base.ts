import { DIGEST_HEADER, IDEMPOTENCY_HEADER, LAST_HEADER } from './headers.ts';

/**
 * The signature base of RFC 9421, section 2.5, for the components of this protocol. The device builds it here, since the
 * library that the server verifies with needs Node's Buffer, which a browser lacks; a spec holds the two against each other.
 */
export function signatureBase(request: Unsigned, components: readonly string[], params: string): string {
  const lines = components.map((name) => `"${name}": ${componentValue(name, request)}`);
  return [...lines, `"@signature-params": ${params}`].join('\n');
}

export interface Unsigned {
  readonly method: string;
  readonly url: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface SignatureParameters {
  /** Seconds since 1970. */
  readonly created: number;
  readonly nonce: string;
  readonly keyid: string;
}

/** What must be covered: always the same, and what is there of content-type (with a body) and idempotency-key. */
export function coveredComponents(headers: Unsigned['headers'], hasBody: boolean): readonly string[] {
  return [
    '@method',
    '@authority',
    '@path',
    '@query',
    DIGEST_HEADER,
    ...(hasBody ? ['content-type'] : []),
    ...(headers[IDEMPOTENCY_HEADER] === undefined ? [] : [IDEMPOTENCY_HEADER]),
    LAST_HEADER,
  ];
}

export function signatureParams(components: readonly string[], { created, nonce, keyid }: SignatureParameters): string {
  const covered = components.map((name) => `"${name}"`).join(' ');
  return `(${covered});created=${created};nonce="${nonce}";keyid="${keyid}";alg="ed25519"`;
}

function componentValue(name: string, { method, url, headers }: Unsigned): string {
  const { host, pathname, search } = new URL(url);
  if (name === '@method') return method.toUpperCase();
  if (name === '@authority') return host.toLowerCase();
  if (name === '@path') return pathname;
  if (name === '@query') return search || '?';
  const value = headers[name];
  if (value === undefined) throw new TypeError(`no ${name} to sign`);
  return value.trim();
}
