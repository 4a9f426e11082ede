import { fromBase64, fromBase64url, utf8, type Bytes } from '../base64.ts';
import { contentDigest } from '../content-digest.ts';
import { DIGEST_HEADER, LAST_HEADER, WINDOW_SECONDS, type SignedRequest } from '../headers.ts';
import { withinWindow } from '../nonce-memory.ts';
import { coveredComponents, signatureBase } from '../signature-base.ts';
import { parseSignatureInput, type SignatureInput } from '../signature-input.ts';
import { finding, type Finding } from './finding.ts';

export interface SignatureOptions {
  readonly now: Date;
  /** Host with port, as the device was told to call. */
  readonly authority: string;
  /** The id that the device must sign as. */
  readonly keyid: string;
  /** Raw Ed25519, base64url; undefined where the device never said one. */
  readonly publicKey: string | undefined;
}

export interface JudgedSignature {
  readonly findings: readonly Finding[];
  /** What the device says of its signature, where that could be read. */
  readonly input: SignatureInput | undefined;
}

/** All that is wrong with a request's signature, each in words, where the service would only name the first. */
export async function judgeSignature(request: SignedRequest, options: SignatureOptions): Promise<JudgedSignature> {
  const header = request.headers['signature-input'];
  if (header === undefined) return none('there is no signature-input header; every request is signed');
  if (request.headers['signature'] === undefined) return none('there is no signature header');
  const input = parseSignatureInput(header);
  const about = [...(await judgeDigest(request)), ...judgeLast(request), ...judgeAuthority(request, options)];
  if (input === undefined) return { input, findings: [...whyUnreadable(header), ...about] };
  const findings = [
    ...about,
    ...judgeCover(request, input),
    ...judgeKeyId(input, options),
    ...judgeWindow(input, options.now),
    ...(await judgeBytes(request, input, header, options.publicKey)),
  ];
  return { input, findings };
}

function none(says: string): JudgedSignature {
  return { input: undefined, findings: [finding('signature-input', says)] };
}

async function judgeDigest({ headers, body }: SignedRequest): Promise<Finding[]> {
  const is = await contentDigest(Uint8Array.from(body));
  const said = headers[DIGEST_HEADER];
  if (said === is) return [];
  if (said === undefined) return [finding('content-digest', `the header is missing; for this body it is ${is}`)];
  const form = /^sha-256=:[A-Za-z0-9+/]{43}=:$/.test(said) ? 'covers other bytes' : 'has another form';
  return [finding('content-digest', `${form}: it is ${said}, for the ${body.length} bytes that came it is ${is}`)];
}

function judgeLast({ headers }: SignedRequest): Finding[] {
  const last = headers[LAST_HEADER];
  if (last === undefined) return [finding('chain', `the header ${LAST_HEADER} is missing`)];
  return /^[A-Za-z0-9_-]{1,64}$/.test(last) ? [] : [finding('chain', `${LAST_HEADER} has a form that was never given`)];
}

function judgeAuthority({ url }: SignedRequest, { authority }: SignatureOptions): Finding[] {
  const { host } = new URL(url);
  if (host.toLowerCase() === authority.toLowerCase()) return [];
  return [finding('authority', `the host is ${host}; the device was told to call ${authority}`)];
}

function judgeCover({ headers, body }: SignedRequest, { components }: SignatureInput): Finding[] {
  const wanted = coveredComponents(headers, body.length > 0);
  const missing = wanted.filter((name) => !components.includes(name));
  const extra = components.filter((name) => !wanted.includes(name));
  return [
    ...missing.map((name) => finding('covered', `"${name}" is not covered`)),
    ...extra.map((name) => finding('covered', `"${name}" is covered and does not belong to this protocol here`)),
  ];
}

function judgeKeyId({ keyid }: SignatureInput, options: SignatureOptions): Finding[] {
  if (keyid === options.keyid) return [];
  return [finding('keyid', `keyid is "${keyid}", and must be "${options.keyid}" here`)];
}

function judgeWindow({ created }: SignatureInput, now: Date): Finding[] {
  if (withinWindow(created, now)) return [];
  const off = created - Math.floor(now.getTime() / 1000);
  const side = off > 0 ? 'ahead' : 'behind';
  return [
    finding('window', `created is ${Math.abs(off)} s ${side}; ${WINDOW_SECONDS} s are allowed: look at the clock`),
  ];
}

async function judgeBytes(
  request: SignedRequest,
  { components }: SignatureInput,
  header: string,
  publicKey: string | undefined,
): Promise<Finding[]> {
  const raw = publicKey === undefined ? undefined : fromBase64url(publicKey);
  if (raw?.length !== 32) return [finding('signature', 'the device never gave a raw Ed25519 public key in base64url')];
  const said = /^device=:([A-Za-z0-9+/]{86}==):$/.exec(request.headers['signature'] ?? '')?.[1];
  const signature = said === undefined ? undefined : fromBase64(said);
  if (signature === undefined) {
    return [finding('signature', 'the header must be device=:…: around 64 bytes in base64 with padding')];
  }
  const base = baseOf(request, components, header.slice('device='.length));
  if (base !== undefined && (await verifies(raw, signature, base))) return [];
  return [
    finding('signature', `it does not verify; the signature base that is verified here is ${JSON.stringify(base)}`),
  ];
}

function baseOf(request: SignedRequest, components: readonly string[], params: string): string | undefined {
  try {
    return signatureBase(request, components, params);
  } catch {
    return undefined;
  }
}

async function verifies(raw: Bytes, signature: Bytes, base: string): Promise<boolean> {
  const key = await crypto.subtle.importKey('raw', raw, 'Ed25519', false, ['verify']).catch(() => undefined);
  return key !== undefined && crypto.subtle.verify('Ed25519', key, signature, utf8(base));
}

/** The parser takes one form and says no more than no: here is what is looked at one by one. */
function whyUnreadable(header: string): Finding[] {
  const checks: readonly (readonly [boolean, string])[] = [
    [header.startsWith('device=('), 'it must begin with device=( : one signature, labelled device'],
    [/;created=\d{1,12}(;|$)/.test(header), 'created is missing or no number of seconds'],
    [
      /;nonce="[A-Za-z0-9_-]{22,64}"/.test(header),
      'nonce is missing, or not 22 to 64 characters of base64url in quotes',
    ],
    [/;keyid="[A-Za-z0-9_-]{1,64}"/.test(header), 'keyid is missing or not in quotes'],
    [/;alg="ed25519"/.test(header), 'alg="ed25519" is missing'],
    [!/;(expires|tag)=/.test(header), 'expires and tag do not belong to this protocol'],
    [header.length <= 1024, 'it is longer than 1024 characters'],
    [!/"[^"]*[A-Z][^"]*"[ )]/.test(header), 'component names are written in lower case'],
  ];
  const wrong = checks.filter(([holds]) => !holds).map(([, says]) => finding('signature-input', says));
  return wrong.length > 0 ? wrong : [finding('signature-input', `it cannot be read: ${header.slice(0, 200)}`)];
}
