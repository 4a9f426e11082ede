import type { SignatureParameters } from './signature-base.ts';

export interface SignatureInput extends SignatureParameters {
  readonly components: readonly string[];
}

const LONGEST = 1024;
const INPUT = /^device=\(("[a-z@-]+"(?: "[a-z@-]+")*)\)((?:;[a-z]+=(?:\d{1,12}|"[A-Za-z0-9_-]{1,64}"))+)$/;

/**
 * Exactly one signature, labelled `device`; components without parameters; `created`, `nonce` (at least 16 bytes), `keyid`
 * and `alg`, in any order, and nothing else. Stricter than RFC 9421, so that nothing means two things. Else nothing.
 */
export function parseSignatureInput(header: string): SignatureInput | undefined {
  if (header.length > LONGEST) return undefined;
  const [, covered, parameters] = INPUT.exec(header) ?? [];
  if (covered === undefined || parameters === undefined) return undefined;
  const components = covered.slice(1, -1).split('" "');
  if (new Set(components).size !== components.length) return undefined;
  const pairs = parameters.slice(1).split(';').map(pair);
  const named = new Map(pairs);
  if (named.size !== pairs.length || named.size !== 4 || named.get('alg') !== '"ed25519"') return undefined;
  const created = /^\d+$/.exec(named.get('created') ?? '')?.[0];
  const nonce = /^"([A-Za-z0-9_-]{22,64})"$/.exec(named.get('nonce') ?? '')?.[1];
  const keyid = /^"([A-Za-z0-9_-]+)"$/.exec(named.get('keyid') ?? '')?.[1];
  if (created === undefined || nonce === undefined || keyid === undefined) return undefined;
  return { components, created: Number(created), nonce, keyid };
}

function pair(text: string): [string, string] {
  const at = text.indexOf('=');
  return [text.slice(0, at), text.slice(at + 1)];
}
