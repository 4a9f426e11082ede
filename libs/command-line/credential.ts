import { readFileSync } from 'node:fs';
import { CannotDo } from './run-program.ts';

export interface Credential {
  readonly principal: string;
  readonly secret: string;
}

export interface CredentialOptions {
  readonly credential?: string;
  readonly principal?: string;
}

/**
 * Who asks: from a file `{"principal": …, "secret": …}`, or `--principal` with the secret in an environment variable. A secret is
 * never taken from an argument, which every process of the machine can read.
 */
export function credentialOf(
  options: CredentialOptions,
  environment: Readonly<Record<string, string | undefined>>,
): Credential | undefined {
  if (options.credential !== undefined) return credentialIn(options.credential);
  const principal = options.principal ?? environment['PALMCTL_PRINCIPAL'];
  const secret = environment['PALMCTL_SECRET'];
  if (principal !== undefined && secret !== undefined) return { principal, secret };
  if (principal === undefined) return undefined;
  throw new CannotDo('the secret is wanted too: set PALMCTL_SECRET, or name a file by --credential');
}

function credentialIn(file: string): Credential {
  const { principal, secret } = jsonIn(file) as Partial<Credential>;
  if (typeof principal === 'string' && typeof secret === 'string') return { principal, secret };
  throw new CannotDo(`${file} is no credential: {"principal": …, "secret": …}`);
}

/** A JSON file; one line of a reason where there is none. */
export function jsonIn(file: string): Record<string, unknown> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw new CannotDo(`${file} cannot be read`);
  }
  try {
    const value = JSON.parse(text) as unknown;
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Said below.
  }
  throw new CannotDo(`${file} holds no JSON object`);
}
