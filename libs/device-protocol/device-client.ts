import { toBase64url } from './base64.ts';
import { sealCard, type CardDetails } from './card.ts';
import { DeviceRefuses, Problem } from './client-errors.ts';
import type { Capture } from './container.ts';
import { DeviceChannel, okBody, type ChannelOptions, type Sent } from './device-channel.ts';
import type { DeviceState } from './device-state.ts';
import { proveKey } from './key-proof.ts';
import type { KeysOfTheDay } from './messages.ts';
import type * as Messages from './messages.ts';
import type { Purpose } from './purpose.ts';
import { ROUTES } from './routes.ts';
import { sealCapture } from './seal-capture.ts';
import { randomNonce } from './sign-request.ts';
import { verifyTokeniserKey, verifyZoneKey } from './signed-key.ts';

/** Keys of the day are fetched anew this long before their end. */
const RENEW_MS = 60_000;

export interface RequestOptions {
  /**
   * One random key an intent. Attempts within one call repeat the same bytes; whoever repeats a call that carries a capture
   * or a card does so by `send` with the same body, since encrypting again makes another one.
   */
  readonly idempotencyKey?: string;
}

/**
 * A device: signs, encrypts, and speaks the protocol's flows. It writes no picture anywhere. Refusals of the service are
 * thrown as `Problem`, a missing answer as `NoAnswer`, its own as `DeviceRefuses`.
 */
export class DeviceClient {
  readonly #channel: DeviceChannel;
  #publicKey: CryptoKey;
  #keys: KeysOfTheDay | undefined;

  constructor(options: ChannelOptions) {
    this.#channel = new DeviceChannel(options);
    this.#publicKey = options.keys.publicKey;
  }

  state(): Promise<DeviceState> {
    return this.#channel.state();
  }

  /** Any request of the protocol. Writes get a new idempotency key where none is given. */
  async request<T>(method: string, path: string, body?: unknown, options: RequestOptions = {}): Promise<T> {
    return okBody<T>(await this.send(method, path, body, options));
  }

  /** As `request`, with status and headers, and no error where the service refuses. */
  send(method: string, path: string, body?: unknown, { idempotencyKey }: RequestOptions = {}): Promise<Sent> {
    const key = method === 'GET' ? undefined : (idempotencyKey ?? newIdempotencyKey());
    return this.#channel.send(method, path, body, key);
  }

  async activate(code: string): Promise<DeviceState> {
    const raw = new Uint8Array(await crypto.subtle.exportKey('raw', this.#publicKey));
    return this.#channel.activate(code, toBase64url(raw), newIdempotencyKey());
  }

  /**
   * Takes new keys in place of those in force. Keep them on disk before, and the old ones until it resolves: where it throws,
   * either may be in force, and the same call finds out.
   */
  async rotateKeys(next: CryptoKeyPair, options?: RequestOptions): Promise<void> {
    const { device } = await this.state();
    const publicKey = toBase64url(new Uint8Array(await crypto.subtle.exportKey('raw', next.publicKey)));
    const body = { publicKey, proof: await proveKey(next.privateKey, device, publicKey) };
    okBody(await this.#channel.rotate(next, body, keyOf(options)));
    this.#publicKey = next.publicKey;
  }

  /** Today's keys, believed only by the roots that the device learnt at its activation. */
  async keys(): Promise<KeysOfTheDay> {
    const soon = new Date(this.#channel.now().getTime() + RENEW_MS);
    if (this.#keys !== undefined && (await this.#trusted(this.#keys, soon))) return this.#keys;
    const keys = await this.request<KeysOfTheDay>('GET', ROUTES.keys);
    if (!(await this.#trusted(keys, this.#channel.now()))) throw new DeviceRefuses('key-not-trusted');
    return (this.#keys = keys);
  }

  async #trusted({ capture, tokeniser }: KeysOfTheDay, now: Date): Promise<boolean> {
    const { rootKeys } = await this.state();
    const verdicts = await Promise.all([
      verifyZoneKey(capture, rootKeys.service, now),
      verifyTokeniserKey(tokeniser, rootKeys.cardNetwork, now),
    ]);
    return verdicts.every((verdict) => verdict === 'valid');
  }

  /** Encrypts a capture for one write; the write must be sent under the same idempotency key. */
  async sealCapture(
    capture: Capture,
    purpose: Purpose,
    idempotencyKey: string,
    money?: { readonly amount: number; readonly currency: string },
  ): Promise<string> {
    const { device, merchant } = await this.state();
    const { capture: key } = await this.keys();
    return sealCapture(capture, key, { device, merchant, purpose, request: idempotencyKey, ...money });
  }

  async sealCard(card: CardDetails, idempotencyKey: string): Promise<string> {
    const { device } = await this.state();
    const { tokeniser } = await this.keys();
    return sealCard(card, tokeniser, { sender: device, request: idempotencyKey });
  }

  startEnrolment(consent: Omit<Messages.Consent, 'given'>, options?: RequestOptions): Promise<Messages.EnrolmentBegun> {
    return this.request('POST', ROUTES.enrolments, { consent: { ...consent, given: true } }, options);
  }

  enrolPalm<T = unknown>(handle: string, hand: Messages.Hand, capture: Capture, options?: RequestOptions): Promise<T> {
    return this.#withKeys(options?.idempotencyKey === undefined, async () => {
      const idempotencyKey = keyOf(options);
      const sealed = await this.sealCapture(capture, 'enrol', idempotencyKey);
      return this.request<T>('POST', ROUTES.enrolmentPalms(handle), { hand, capture: sealed }, { idempotencyKey });
    });
  }

  enrolCard<T = unknown>(handle: string, card: CardDetails, options?: RequestOptions): Promise<T> {
    return this.#withKeys(options?.idempotencyKey === undefined, async () => {
      const idempotencyKey = keyOf(options);
      const sealed = await this.sealCard(card, idempotencyKey);
      return this.request<T>('POST', ROUTES.enrolmentCards(handle), { card: sealed }, { idempotencyKey });
    });
  }

  enrolPhone<T = unknown>(handle: string, number: string, options?: RequestOptions): Promise<T> {
    return this.request('POST', ROUTES.enrolmentPhones(handle), { number }, options);
  }

  verifyPhone<T = unknown>(handle: string, code: string, options?: RequestOptions): Promise<T> {
    return this.request('POST', ROUTES.enrolmentPhoneVerify(handle), { code }, options);
  }

  completeEnrolment<T = unknown>(handle: string, options?: RequestOptions): Promise<T> {
    return this.request('POST', ROUTES.enrolmentComplete(handle), {}, options);
  }

  /**
   * Who is this? A ticket for two minutes; nobody, and "ask for more", are problems. One intent has one idempotency key: the
   * capture is bound to it, and the write that spends the ticket goes under it.
   */
  async identify(capture: Capture, asked: Messages.IdentifyAsked, options?: RequestOptions): Promise<Messages.Ticket> {
    const idempotencyKey = keyOf(options);
    const { purpose, amount, currency } = asked;
    const money = amount === undefined || currency === undefined ? undefined : { amount, currency };
    const found = await this.#withKeys(true, async () => {
      const sealed = await this.sealCapture(capture, purpose, idempotencyKey, money);
      const body = { ...asked, capture: sealed };
      return this.request<Messages.Identified>('POST', ROUTES.identifications, body, { idempotencyKey });
    });
    return { ...found, request: idempotencyKey };
  }

  /** The amount and currency that the palm was shown for. */
  pay(ticket: Messages.Ticket, amount: number, currency: string): Promise<Messages.Payment> {
    return this.#spend(ROUTES.payments, ticket, { amount, currency });
  }

  payment(id: string): Promise<Messages.Payment> {
    return this.request('GET', ROUTES.payment(id));
  }

  refund<T = unknown>(payment: string, amount: number, reason: string, options?: RequestOptions): Promise<T> {
    return this.request('POST', ROUTES.paymentRefunds(payment), { amount, reason }, options);
  }

  voidPayment<T = unknown>(payment: string, options?: RequestOptions): Promise<T> {
    return this.request('POST', ROUTES.paymentVoid(payment), {}, options);
  }

  enter(ticket: Messages.Ticket): Promise<Messages.Visit> {
    return this.#spend(ROUTES.visits, ticket);
  }

  leave(ticket: Messages.Ticket): Promise<Messages.Visit> {
    return this.#spend(ROUTES.visitsLeave, ticket);
  }

  /** What became of a visit, after an "unknown" at the way out. */
  visit(id: string): Promise<Messages.Visit> {
    return this.request('GET', ROUTES.visit(id));
  }

  check(ticket: Messages.Ticket, kind: Messages.CredentialKind): Promise<Messages.Checked> {
    return this.#spend(ROUTES.checks, ticket, { kind });
  }

  /** `ticket`: of an identification for `manage`. */
  addPalm<T = unknown>(ticket: Messages.Ticket, hand: Messages.Hand, capture: Capture): Promise<T> {
    return this.#withKeys(false, async () => {
      const sealed = await this.sealCapture(capture, 'enrol', ticket.request);
      return this.#spend<T>(ROUTES.memberPalms, ticket, { hand, capture: sealed });
    });
  }

  addCard<T = unknown>(ticket: Messages.Ticket, card: CardDetails): Promise<T> {
    return this.#withKeys(false, async () => {
      const sealed = await this.sealCard(card, ticket.request);
      return this.#spend<T>(ROUTES.memberCards, ticket, { card: sealed });
    });
  }

  /** A badge, loyalty card, subscription or proof of age. `ticket`: of an identification for `manage`. */
  grant<T = unknown>(ticket: Messages.Ticket, granting: Messages.Granting): Promise<T> {
    return this.#spend(ROUTES.memberCredentials, ticket, granting);
  }

  /** An announced change takes effect now, by palm (`ticket` for `confirm`) and the code that its notice carried. */
  confirm<T = unknown>(ticket: Messages.Ticket, code: string): Promise<T> {
    return this.#spend(ROUTES.memberConfirmations, ticket, { code });
  }

  /**
   * A key may end before its day, when the service starts anew: then today's are fetched, and the attempt made again where that
   * is another intent, or one without effect. A write under a key that was used already cannot be sealed anew.
   */
  async #withKeys<T>(again: boolean, attempt: () => Promise<T>): Promise<T> {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof Problem) || !saysKeyIsOver(error.problem)) throw error;
      this.#keys = undefined;
      if (!again) throw error;
      return attempt();
    }
  }

  #spend<T>(path: string, { ticket, request }: Messages.Ticket, more: object = {}): Promise<T> {
    return this.request('POST', path, { ticket, ...more }, { idempotencyKey: request });
  }

  heartbeat<T = unknown>(): Promise<T> {
    return this.request('POST', ROUTES.heartbeats, {});
  }
}

/** A new key for an intent: 128 random bits. */
export function newIdempotencyKey(): string {
  return randomNonce();
}

/** Ed25519; the private key leaves WebCrypto only where it must be kept in a file. */
export function newDeviceKeys(extractable = false): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey('Ed25519', extractable, ['sign', 'verify']);
}

function keyOf(options: RequestOptions | undefined): string {
  return options?.idempotencyKey ?? newIdempotencyKey();
}

function saysKeyIsOver({ reason, reasons }: Problem['problem']): boolean {
  return reason === 'key-expired' || (Array.isArray(reasons) && reasons.includes('capture-key-unknown'));
}
