import { newId } from '#libs/runtime/ids.ts';
import { chainStart, followChain, type ChainState } from '../device-chain.ts';
import { requestPrint } from '../content-digest.ts';
import {
  ACTIVATION_KEY_ID,
  IDEMPOTENCY_HEADER,
  LAST_HEADER,
  NEXT_HEADER,
  NO_LAST,
  type SignedRequest,
} from '../headers.ts';
import type { CaptureBinding, Purpose } from '../purpose.ts';
import type { SignatureInput } from '../signature-input.ts';
import { answerTo, type StandInPayment } from './answers.ts';
import { finding, type Finding } from './finding.ts';
import { judgeBody, routeOf, type KnownRoute } from './judge-body.ts';
import { judgeCapture, judgeCard } from './judge-sealed.ts';
import { judgeSignature } from './judge-signature.ts';
import { standInKeys, type StandInKeys } from './stand-in-keys.ts';

export interface StandInOptions {
  /** Host with port, as the device is told to call. */
  readonly authority: string;
  readonly now: () => Date;
  /** Every so many writes an answer is lost on purpose, to see the device repeat it. 0: never. */
  readonly loseEvery?: number;
  /** The first keys of the day are signed by the wrong root, to see the device refuse them. */
  readonly badKeysFirst?: boolean;
}

export interface Judged {
  readonly what: string;
  readonly findings: readonly Finding[];
  /** Undefined: lost on purpose. */
  readonly answer:
    { readonly status: number; readonly headers: Record<string, string>; readonly body: object } | undefined;
}

interface Ticketed {
  readonly purpose: string;
  readonly request: string;
  readonly amount: unknown;
  readonly currency: unknown;
}

const SPENDS: Readonly<Record<string, Purpose>> = {
  payments: 'pay',
  visits: 'enter',
  leave: 'leave',
  checks: 'check',
  'member-palms': 'manage',
  'member-cards': 'manage',
  'member-credentials': 'manage',
  'member-confirmations': 'confirm',
};
/** What is no intent of anybody: it may go without an idempotency key. */
const WITHOUT_KEY = new Set(['activations', 'heartbeats']);

/**
 * Stands in for a service and judges one device: it gives keys that it can open captures with, keeps the chain, and says of each
 * request all that is wrong with it. It takes no money and knows nobody.
 */
export class StandIn {
  readonly #options: StandInOptions;
  readonly #keys: StandInKeys;
  readonly #merchant = newId();
  #device: { id: string; publicKey: string } | undefined;
  #chain: ChainState | undefined;
  #lost: { print: string; what: string } | undefined;
  #writes = 0;
  #badKeysGiven = false;
  readonly #nonces = new Set<string>();
  readonly #bodies = new Map<string, string>();
  readonly #tickets = new Map<string, Ticketed>();
  readonly #payments = new Map<string, StandInPayment>();

  private constructor(options: StandInOptions, keys: StandInKeys) {
    this.#options = options;
    this.#keys = keys;
  }

  static async begin(options: StandInOptions): Promise<StandIn> {
    return new StandIn(options, await standInKeys(options.now()));
  }

  async receive(request: SignedRequest): Promise<Judged> {
    const { pathname } = new URL(request.url);
    const what = `${request.method} ${pathname}`;
    const route = routeOf(request.method, pathname);
    if (route === undefined) {
      return {
        what,
        findings: [finding('route', 'the protocol has no such request')],
        answer: problem(404, 'not-found'),
      };
    }
    const { body, findings: ofBody } = judgeBody(route, request.body);
    const { input, findings: ofSignature } = await this.#judgeSignature(request, route, body);
    const findings = [
      ...ofSignature,
      ...judgeContentType(request),
      ...this.#judgeKey(request, route),
      ...ofBody,
      ...(ofBody.length > 0 ? [] : await this.#judgeSealed(request, route, body)),
      ...(ofBody.length > 0 ? [] : this.#judgeTicket(request, route, body)),
    ];
    return this.#answered(request, route, body, input, findings, what);
  }

  async #judgeSignature(request: SignedRequest, route: KnownRoute, body: Readonly<Record<string, unknown>>) {
    const { authority, now } = this.#options;
    const activating = route.name === 'activations';
    const publicKey = activating ? String(body['publicKey']) : this.#device?.publicKey;
    const keyid = activating ? ACTIVATION_KEY_ID : (this.#device?.id ?? 'the id that an activation gives');
    const judged = await judgeSignature(request, { now: now(), authority, keyid, publicKey });
    const repeated = judged.input !== undefined && this.#nonces.has(judged.input.nonce);
    if (judged.input !== undefined) this.#nonces.add(judged.input.nonce);
    const used = repeated ? [finding('nonce', 'this nonce was used before; each signature has a fresh one')] : [];
    const early =
      activating || this.#device !== undefined ? [] : [finding('keyid', 'this device is not activated yet')];
    return { input: judged.input, findings: [...judged.findings, ...used, ...early] };
  }

  #judgeKey({ method, headers, url, body }: SignedRequest, { name }: KnownRoute): Finding[] {
    if (method === 'GET') return [];
    const key = headers[IDEMPOTENCY_HEADER];
    if (key === undefined)
      return WITHOUT_KEY.has(name) ? [] : [finding('idempotency-key', 'the header is missing; each write has one')];
    if (!/^[\x21-\x7e]{8,128}$/.test(key))
      return [finding('idempotency-key', 'it has 8 to 128 visible ASCII characters')];
    // A refused capture may be taken anew under the key of its identification.
    if (name === 'identifications') return [];
    const place = `${key}\n${new URL(url).pathname}`;
    const content = Buffer.from(body).toString('base64');
    const before = this.#bodies.get(place);
    this.#bodies.set(place, before ?? content);
    if (before === undefined || before === content) return [];
    return [finding('idempotency-key', 'the same key with another body: repeat the very bytes, do not encrypt again')];
  }

  async #judgeSealed(request: SignedRequest, { name }: KnownRoute, body: Readonly<Record<string, unknown>>) {
    const key = request.headers[IDEMPOTENCY_HEADER] ?? '';
    const device = this.#device?.id ?? '';
    if (typeof body['card'] === 'string') {
      return judgeCard(body['card'], { sender: device, request: key }, this.#keys.cardKeyOf);
    }
    if (typeof body['capture'] !== 'string') return [];
    if ((body['amount'] === undefined) !== (body['currency'] === undefined)) {
      return [finding('body', 'amount and currency go together')];
    }
    const purpose = name === 'identifications' ? (body['purpose'] as Purpose) : 'enrol';
    if (purpose === 'pay' && body['amount'] === undefined)
      return [finding('body', 'a palm that pays is shown for an amount')];
    const money =
      body['amount'] === undefined ? {} : { amount: body['amount'] as number, currency: body['currency'] as string };
    const binding: CaptureBinding = { device, merchant: this.#merchant, purpose, request: key, ...money };
    return judgeCapture(body['capture'], binding, this.#keys.captureKeyOf);
  }

  #judgeTicket({ headers }: SignedRequest, { name }: KnownRoute, body: Readonly<Record<string, unknown>>): Finding[] {
    const purpose = SPENDS[name];
    if (purpose === undefined) return [];
    const ticket = this.#tickets.get(String(body['ticket']));
    if (ticket === undefined) return [finding('ticket', 'this ticket was never given')];
    return [
      ...(ticket.purpose === purpose
        ? []
        : [finding('ticket', `given for "${ticket.purpose}", spent for "${purpose}"`)]),
      ...(ticket.request === headers[IDEMPOTENCY_HEADER]
        ? []
        : [finding('ticket', 'spent under another idempotency key than its identification')]),
      ...(name === 'payments' && (ticket.amount !== body['amount'] || ticket.currency !== body['currency'])
        ? [finding('ticket', 'the palm was shown for another amount or currency')]
        : []),
    ];
  }

  async #answered(
    request: SignedRequest,
    route: KnownRoute,
    body: Readonly<Record<string, unknown>>,
    input: SignatureInput | undefined,
    found: readonly Finding[],
    what: string,
  ): Promise<Judged> {
    if (route.name === 'activations') return { what, ...this.#activated(request, body, found) };
    if (this.#device === undefined || this.#chain === undefined || input === undefined) {
      return { what, findings: found, answer: problem(401, 'device-not-trusted') };
    }
    const followed = await this.#followed(request, input, what);
    const findings = [...found, ...followed.findings];
    const headers: Record<string, string> = followed.next === undefined ? {} : { [NEXT_HEADER]: followed.next };
    if (findings.length > 0)
      return { what, findings, answer: { ...problem(422, 'conformance'), headers, body: refusalOf(findings) } };
    if (this.#loses(route, request.method, followed.repeated)) {
      this.#lost = { print: await requestPrint(request), what };
      return { what, findings, answer: undefined };
    }
    const answer = this.#answerFor(request, route, body);
    if (answer === undefined) return { what, findings, answer: { ...problem(404, 'unknown'), headers } };
    return { what, findings, answer: { status: request.method === 'GET' ? 200 : 201, headers, body: answer } };
  }

  #activated({ headers }: SignedRequest, body: Readonly<Record<string, unknown>>, found: readonly Finding[]) {
    const last =
      headers[LAST_HEADER] === NO_LAST ? [] : [finding('chain', `an activation sends ${LAST_HEADER}: ${NO_LAST}`)];
    const findings = [...found, ...last];
    if (findings.length > 0) return { findings, answer: { ...problem(422, 'conformance'), body: refusalOf(findings) } };
    this.#device = { id: newId(), publicKey: String(body['publicKey']) };
    const first = newId();
    this.#chain = chainStart(first);
    const place = { device: this.#device.id, merchant: this.#merchant, site: newId(), nearInfrared: true };
    const answer = { status: 201, headers: { [NEXT_HEADER]: first }, body: { ...place, rootKeys: this.#keys.roots } };
    return { findings, answer };
  }

  async #followed(request: SignedRequest, input: SignatureInput, what: string) {
    const last = request.headers[LAST_HEADER] ?? '';
    const print = await requestPrint(request);
    const lost = this.#lost;
    this.#lost = undefined;
    const forgotten =
      lost !== undefined && lost.print !== print && request.method === 'POST'
        ? [finding('lost-answer', `the answer to ${lost.what} was lost and the device went on without repeating it`)]
        : [];
    const verdict = followChain(this.#chain!, { last, print, created: input.created }, newId());
    if (verdict.verdict === 'passed') {
      this.#chain = verdict.state;
      return { findings: forgotten, next: verdict.next, repeated: false };
    }
    if (verdict.verdict === 'repeated') return { findings: forgotten, next: verdict.next, repeated: true };
    const why =
      verdict.verdict === 'overtaken'
        ? 'a request that is older than one before it'
        : `not the value that ${NEXT_HEADER} gave last (${this.#chain!.current})`;
    return {
      findings: [
        ...forgotten,
        finding('chain', `${what}: ${LAST_HEADER} is ${last || 'missing'}, ${why}; requests go one at a time`),
      ],
      next: undefined,
      repeated: false,
    };
  }

  /** A repeated one is answered: what is lost twice in a row is another lesson. */
  #loses({ name }: KnownRoute, method: string, repeated: boolean): boolean {
    const every = this.#options.loseEvery ?? 0;
    if (every === 0 || repeated || method !== 'POST' || WITHOUT_KEY.has(name)) return false;
    this.#writes += 1;
    return this.#writes % every === 0;
  }

  #answerFor(
    request: SignedRequest,
    { name }: KnownRoute,
    body: Readonly<Record<string, unknown>>,
  ): object | undefined {
    if (name === 'keys') {
      const bad = this.#options.badKeysFirst === true && !this.#badKeysGiven;
      this.#badKeysGiven = true;
      return bad ? this.#keys.bad : this.#keys.good;
    }
    const answer = answerTo(name, body, new URL(request.url).pathname, this.#payments, this.#options.now());
    if (name === 'identifications' && answer !== undefined) {
      const { purpose, amount, currency } = body;
      const key = request.headers[IDEMPOTENCY_HEADER] ?? '';
      this.#tickets.set((answer as { ticket: string }).ticket, {
        purpose: String(purpose),
        request: key,
        amount,
        currency,
      });
    }
    return answer;
  }
}

function judgeContentType({ headers, body }: SignedRequest): Finding[] {
  if (body.length === 0 || /^application\/json(;|$)/.test(headers['content-type'] ?? '')) return [];
  return [finding('content-type', 'a body has content-type: application/json')];
}

function problem(status: number, name: string) {
  const body = { type: `urn:palmledger:problem:${name}`, title: name, status };
  return { status, headers: {} as Record<string, string>, body };
}

function refusalOf(findings: readonly Finding[]): object {
  return { ...problem(422, 'conformance').body, findings };
}
