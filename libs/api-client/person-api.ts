import { randomUUID } from 'node:crypto';
import { Problem } from '#libs/device-protocol/client-errors.ts';

/** The API as somebody with a token uses it (or nobody, where a route needs none). Remembers what it wrote, and waits for it when it reads. */
export class PersonApi {
  readonly #url: string;
  readonly #signIn: (() => Promise<string>) | undefined;
  readonly #actFor: string | undefined;
  #token: string | undefined;
  #position: string | undefined;

  /** `actFor`: for whom, where the caller works for several. */
  constructor(url: string, signIn?: () => Promise<string>, { actFor }: { readonly actFor?: string } = {}) {
    this.#url = url;
    this.#signIn = signIn;
    this.#actFor = actFor;
  }

  get<T>(path: string): Promise<T> {
    return this.request<T>('GET', path);
  }

  post<T>(path: string, body: object = {}): Promise<T> {
    return this.request<T>('POST', path, body);
  }

  delete<T>(path: string): Promise<T> {
    return this.request<T>('DELETE', path);
  }

  async request<T>(method: string, path: string, body?: object, idempotencyKey: string = randomUUID()): Promise<T> {
    const answer = await this.fetch(method, path, body, idempotencyKey);
    const text = await answer.text();
    const said = text === '' ? undefined : (JSON.parse(text) as unknown);
    if (!answer.ok) throw new Problem(answer.status, (said ?? {}) as Record<string, unknown>);
    return said as T;
  }

  /** As it came. A token that lapsed, as when the demo's clock was moved, is asked for anew. */
  async fetch(method: string, path: string, body?: object, idempotencyKey: string = randomUUID()): Promise<Response> {
    const first = await this.#once(method, path, body, idempotencyKey);
    if (first.status === 503) {
      await new Promise((resolve) => setTimeout(resolve, 500));
      return this.#once(method, path, body, idempotencyKey);
    }
    if (first.status !== 401 || this.#signIn === undefined || this.#token === undefined) return first;
    this.#token = undefined;
    return this.#once(method, path, body, idempotencyKey);
  }

  /** From now on reads wait for what somebody else wrote. */
  seen(position: string | null): void {
    if (position !== null) this.#position = position;
  }

  get position(): string | undefined {
    return this.#position;
  }

  async #once(method: string, path: string, body: object | undefined, idempotencyKey: string): Promise<Response> {
    if (this.#signIn !== undefined) this.#token ??= await this.#signIn();
    const headers = {
      ...(this.#token === undefined ? {} : { authorization: `Bearer ${this.#token}` }),
      ...(this.#actFor === undefined ? {} : { 'palmledger-act-for': this.#actFor }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(method === 'GET' ? this.#waiting() : { 'idempotency-key': idempotencyKey }),
    };
    const request = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    const answer = await fetch(new URL(path, this.#url), request);
    this.seen(answer.headers.get('palmledger-position'));
    return answer;
  }

  #waiting(): Record<string, string> {
    return this.#position === undefined ? {} : { 'palmledger-wait-for': this.#position };
  }
}
