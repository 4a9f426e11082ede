import type { Command } from 'commander';
import { PersonApi } from '#libs/api-client/person-api.ts';
import { credentialOf, type CredentialOptions } from '#libs/command-line/credential.ts';
import { CannotDo } from '#libs/command-line/run-program.ts';
import type { Terminal } from '#libs/command-line/terminal.ts';

export interface Common extends CredentialOptions {
  readonly url: string;
  readonly actFor?: string;
  readonly json?: true;
}

export function commonOf<Options extends object>(command: Command): Options & Common {
  return command.optsWithGlobals<Options & Common>();
}

/** The API, as whoever the options name. */
export function apiOf(command: Command): PersonApi {
  const { url, actFor } = commonOf(command);
  return new PersonApi(originOf(url), () => tokenOf(command), actFor === undefined ? {} : { actFor });
}

/** For what everybody may ask. */
export function openApiOf(command: Command): PersonApi {
  return new PersonApi(originOf(commonOf(command).url));
}

export async function tokenOf(command: Command): Promise<string> {
  const options = commonOf(command);
  const credential = credentialOf(options, process.env);
  if (credential === undefined)
    throw new CannotDo('say who asks: --credential FILE, or PALMCTL_PRINCIPAL and PALMCTL_SECRET');
  const { token } = await new PersonApi(originOf(options.url)).post<{ token: string }>('/auth/v1/token', credential);
  return token;
}

export function originOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol)) return url.origin;
  throw new CannotDo(`--url takes an address such as http://127.0.0.1:3000, not ${text}`);
}

/** An id, or another part of a path: nothing in it may lead elsewhere. */
export function part(text: string): string {
  return encodeURIComponent(text);
}

/** As it came for machines, as `shown` says it for people. */
export function tell(command: Command, terminal: Terminal, answer: unknown, shown: string): void {
  terminal.out(commonOf(command).json ? JSON.stringify(answer) : shown);
}

interface Paged<T> {
  readonly items: readonly T[];
  readonly next?: string;
}

const MOST_PAGES = 1_000;

/** A list to its end. */
export async function all<T>(api: PersonApi, path: string): Promise<readonly T[]> {
  const items: T[] = [];
  let cursor = '';
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const sign = path.includes('?') ? '&' : '?';
    const answer = await api.get<Paged<T>>(`${path}${sign}limit=100${cursor}`);
    items.push(...answer.items);
    if (answer.next === undefined) return items;
    cursor = `&cursor=${encodeURIComponent(answer.next)}`;
  }
  throw new CannotDo('the list does not end');
}
