import { createHash, createPublicKey, timingSafeEqual, verify, type KeyObject } from 'node:crypto';
import { httpbis } from 'http-message-signatures';
import { requestPrint } from './content-digest.ts';
import { DIGEST_HEADER, IDEMPOTENCY_HEADER, LAST_HEADER, type SignedRequest } from './headers.ts';
import { withinWindow, type NonceMemory } from './nonce-memory.ts';
import { parseSignatureInput, type SignatureInput } from './signature-input.ts';
import { coveredComponents } from './signature-base.ts';

/** The server's side. Nothing here is for a browser. */
export interface VerifyOptions {
  readonly now: Date;
  /** Raw Ed25519 public key, base64url, of the device with this id; nothing where it is unknown, revoked or suspected. */
  readonly publicKeyOf: (keyid: string) => Promise<string | undefined> | string | undefined;
  /** Without it replays are the caller's affair. */
  readonly nonces?: NonceMemory;
  /** Hosts (with port) that this service answers for; without it any. */
  readonly authorities?: readonly string[];
}

export type RequestVerdict =
  | {
      readonly outcome: 'verified';
      /** The device's id, or `activation`. */
      readonly device: string;
      /** Seconds since 1970. */
      readonly created: number;
      readonly nonce: string;
      readonly last: string;
      /** For the chain. */
      readonly print: string;
      readonly idempotencyKey?: string;
    }
  | { readonly outcome: 'refused'; readonly reason: SignatureRefusal };

export type SignatureRefusal =
  | 'unsigned'
  | 'malformed'
  | 'not-covered'
  | 'digest-mismatch'
  | 'authority-foreign'
  | 'device-unknown'
  | 'signature-invalid'
  | 'out-of-window'
  | 'before-start'
  | 'nonce-repeated'
  | 'busy';

/** Who signed this request? Every part that could change its meaning must be covered; on any doubt it is refused. */
export async function verifyRequest(request: SignedRequest, options: VerifyOptions): Promise<RequestVerdict> {
  const { headers } = request;
  if (headers['signature'] === undefined && headers['signature-input'] === undefined) return refused('unsigned');
  const input = parseSignatureInput(headers['signature-input'] ?? '');
  if (input === undefined || !wellFormed(request)) return refused('malformed');
  if (!coversAll(request, input)) return refused('not-covered');
  if (!digestMatches(request)) return refused('digest-mismatch');
  if (!answersFor(request.url, options.authorities)) return refused('authority-foreign');
  const raw = await options.publicKeyOf(input.keyid);
  const key = raw === undefined ? undefined : ed25519PublicKey(raw);
  if (key === undefined) return refused('device-unknown');
  if (!(await signatureHolds(request, key))) return refused('signature-invalid');
  if (!withinWindow(input.created, options.now)) return refused('out-of-window');
  const seen = options.nonces?.take(input.keyid, input.nonce, input.created, options.now) ?? 'fresh';
  if (seen !== 'fresh') return refused(seen === 'repeated' ? 'nonce-repeated' : seen);
  return verified(request, input);
}

/**
 * What the headers alone say, before the body has come: nothing where they are signed by a device that is known, or why the
 * request would be refused whatever its body. It takes no nonce; the whole request is verified once it is there.
 */
export async function refusedByHead(
  head: Omit<SignedRequest, 'body'>,
  options: Omit<VerifyOptions, 'nonces'>,
): Promise<SignatureRefusal | undefined> {
  const { headers } = head;
  if (headers['signature'] === undefined && headers['signature-input'] === undefined) return 'unsigned';
  const input = parseSignatureInput(headers['signature-input'] ?? '');
  const request = { ...head, body: A_BODY };
  if (input === undefined || !wellFormed(request)) return 'malformed';
  if (!coversAll(request, input)) return 'not-covered';
  if (!answersFor(request.url, options.authorities)) return 'authority-foreign';
  if (!withinWindow(input.created, options.now)) return 'out-of-window';
  const raw = await options.publicKeyOf(input.keyid);
  const key = raw === undefined ? undefined : ed25519PublicKey(raw);
  if (key === undefined) return 'device-unknown';
  return (await signatureHolds(request, key)) ? undefined : 'signature-invalid';
}

/** Stands for a body that is still to come: some parts are covered only where there is one. */
const A_BODY = new Uint8Array(1);

async function verified(request: SignedRequest, input: SignatureInput): Promise<RequestVerdict> {
  const idempotencyKey = request.headers[IDEMPOTENCY_HEADER];
  return {
    outcome: 'verified',
    device: input.keyid,
    created: input.created,
    nonce: input.nonce,
    last: request.headers[LAST_HEADER]!,
    print: await requestPrint(request),
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
  };
}

function refused(reason: SignatureRefusal): RequestVerdict {
  return { outcome: 'refused', reason };
}

function wellFormed({ url, headers }: SignedRequest): boolean {
  return (
    URL.canParse(url) &&
    /^device=:[A-Za-z0-9+/]{86}==:$/.test(headers['signature'] ?? '') &&
    /^[A-Za-z0-9_-]{1,64}$/.test(headers[LAST_HEADER] ?? '') &&
    /^sha-256=:[A-Za-z0-9+/]{43}=:$/.test(headers[DIGEST_HEADER] ?? '')
  );
}

/** A set: the order is the signer's. A component twice, or one that is not of this protocol, is refused. */
function coversAll({ headers, body }: SignedRequest, { components }: SignatureInput): boolean {
  const wanted = coveredComponents(headers, body.length > 0);
  return components.length === wanted.length && wanted.every((name) => components.includes(name));
}

function digestMatches({ headers, body }: SignedRequest): boolean {
  const said = Buffer.from(headers[DIGEST_HEADER]!.slice('sha-256=:'.length, -1), 'base64');
  const is = createHash('sha256').update(body).digest();
  return said.length === is.length && timingSafeEqual(said, is);
}

function answersFor(url: string, authorities: readonly string[] | undefined): boolean {
  return authorities === undefined || authorities.includes(new URL(url).host.toLowerCase());
}

/** The library answers false for what was altered, null for what is unsigned, and throws at what it cannot read. */
async function signatureHolds(request: SignedRequest, key: KeyObject): Promise<boolean> {
  const { method, url, headers } = request;
  const lookedUp = {
    algs: ['ed25519'],
    verify: async (base: Buffer, signature: Buffer) => verify(null, base, key, signature),
  };
  // Its own look at the clock is switched off: the window is ours, by the clock that is handed in.
  const config = { keyLookup: async () => lookedUp, notAfter: Number.MAX_SAFE_INTEGER, all: true };
  try {
    return (await httpbis.verifyMessage(config, { method, url, headers })) === true;
  } catch {
    return false;
  }
}

/** Nothing where it is no raw Ed25519 public key in base64url. */
export function ed25519PublicKey(raw: string): KeyObject | undefined {
  if (!/^[A-Za-z0-9_-]{43}$/.test(raw)) return undefined;
  try {
    return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: raw }, format: 'jwk' });
  } catch {
    return undefined;
  }
}
