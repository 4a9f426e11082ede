import { utf8 } from './base64.ts';
import { DeviceRefuses, NoAnswer, Problem } from './client-errors.ts';
import type { DeviceState, DeviceStore } from './device-state.ts';
import { ACTIVATION_KEY_ID, NEXT_HEADER, NO_LAST } from './headers.ts';
import type { Activated } from './messages.ts';
import { ROUTES } from './routes.ts';
import { signRequest } from './sign-request.ts';

export interface ChannelOptions {
  /** The service's address, without a path: `https://palm.example`. */
  readonly baseUrl: string;
  /** Ed25519; the private key need not be extractable. */
  readonly keys: CryptoKeyPair;
  readonly store: DeviceStore;
  readonly fetch?: typeof fetch;
  readonly now?: () => Date;
  /** Milliseconds that one attempt may take; 15,000. */
  readonly timeoutMs?: number;
  /** How often a request is sent at most until an answer comes; 3. Each attempt is the same request under a new signature. */
  readonly attempts?: number;
}

export interface Sent {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Headers;
}

/**
 * Sends signed requests, one at a time, since each carries the value that the answer before it brought. That value is saved
 * before the answer is handed on; a crash between looks to the server like one lost answer, which it believes.
 */
export class DeviceChannel {
  readonly #options: ChannelOptions;
  #keys: CryptoKeyPair;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: ChannelOptions) {
    this.#options = options;
    this.#keys = options.keys;
  }

  async state(): Promise<DeviceState> {
    const state = await this.#options.store.load();
    if (state === undefined) throw new DeviceRefuses('not-activated');
    return state;
  }

  now(): Date {
    return this.#options.now?.() ?? new Date();
  }

  /** `body` is sent as JSON. Without an idempotency key only a GET is repeated when no answer comes. */
  send(method: string, path: string, body?: unknown, idempotencyKey?: string): Promise<Sent> {
    return this.#inTurn(() => this.#signed({ method, path, body, idempotencyKey }));
  }

  /** From the answer on, everything is signed by the new keys. An answer that was lost shows by the old ones being refused. */
  rotate(next: CryptoKeyPair, body: object, idempotencyKey: string): Promise<Sent> {
    const request = { method: 'POST', path: ROUTES.keys, body, idempotencyKey };
    return this.#inTurn(async () => {
      const before = this.#keys;
      const first = await this.#signed(request).catch((error: unknown) => {
        if (error instanceof NoAnswer) return error;
        throw error;
      });
      if (!(first instanceof NoAnswer) && first.status !== 401) {
        if (first.status < 300) this.#keys = next;
        return first;
      }
      this.#keys = next;
      const second = await this.#signed(request).catch(() => undefined);
      if (second !== undefined && second.status < 300) return second;
      this.#keys = before;
      if (first instanceof NoAnswer) throw first;
      return first;
    });
  }

  async #signed(request: Omit<Attempt, 'last' | 'keyid'>): Promise<Sent> {
    const state = await this.state();
    const answer = await this.#attempt({ ...request, last: state.last, keyid: state.device });
    const next = answer.headers.get(NEXT_HEADER);
    if (next !== null && next !== state.last) await this.#options.store.save({ ...state, last: next });
    return answer;
  }

  /** The one request that is signed before the device has an id. */
  activate(code: string, publicKey: string, idempotencyKey: string): Promise<DeviceState> {
    return this.#inTurn(async () => {
      const body = { code, publicKey };
      const unnamed = { last: NO_LAST, keyid: ACTIVATION_KEY_ID };
      const answer = await this.#attempt({
        method: 'POST',
        path: ROUTES.activations,
        body,
        idempotencyKey,
        ...unnamed,
      });
      const last = answer.headers.get(NEXT_HEADER);
      const activated = okBody<Activated>(answer);
      if (last === null) throw new TypeError(`an activation without ${NEXT_HEADER}`);
      const { device, merchant, site, nearInfrared, rootKeys } = activated;
      const state = { device, merchant, site, nearInfrared, rootKeys, last };
      await this.#options.store.save(state);
      return state;
    });
  }

  async #attempt(request: Attempt): Promise<Sent> {
    const repeatable = request.method === 'GET' || request.idempotencyKey !== undefined;
    const attempts = repeatable ? (this.#options.attempts ?? 3) : 1;
    const bytes = request.body === undefined ? new Uint8Array() : utf8(JSON.stringify(request.body));
    for (let attempt = 1; ; attempt++) {
      try {
        const answer = await this.#once(request, bytes);
        if (attempt >= attempts || !wasTooEarly(answer)) return answer;
        await pause(1_000);
      } catch (error) {
        if (attempt >= attempts) throw new NoAnswer(error);
        await pause(200 * 2 ** (attempt - 1));
      }
    }
  }

  async #once(request: Attempt, body: Uint8Array<ArrayBuffer>): Promise<Sent> {
    const { method, path, idempotencyKey, last, keyid } = request;
    const url = new URL(path, this.#options.baseUrl).href;
    const headers = await signRequest({
      method,
      url,
      body,
      last,
      keyid,
      privateKey: this.#keys.privateKey,
      created: this.now(),
      ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
    });
    const signal = AbortSignal.timeout(this.#options.timeoutMs ?? 15_000);
    const send = this.#options.fetch ?? fetch;
    const answer = await send(url, { method, headers, signal, redirect: 'error', ...(body.length > 0 && { body }) });
    return { status: answer.status, headers: answer.headers, body: parsed(await answer.text()) };
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => undefined);
    return result;
  }
}

interface Attempt {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly idempotencyKey: string | undefined;
  readonly last: string;
  readonly keyid: string;
}

/** The body of a success; any other answer is thrown as a `Problem`. */
export function okBody<T>({ status, body }: Sent): T {
  if (status >= 200 && status < 300) return body as T;
  throw new Problem(status, typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {});
}

function parsed(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A service that has just started takes nothing that was signed before, to the second; signed a second later it is taken. */
function wasTooEarly({ status, body }: Sent): boolean {
  return status === 401 && (body as { reason?: unknown } | undefined)?.reason === 'before-start';
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
