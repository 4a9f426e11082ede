import { finding, type Finding } from './finding.ts';

type Shape = Readonly<Record<string, (value: unknown) => boolean>>;

const text =
  (form: RegExp) =>
  (value: unknown): boolean =>
    typeof value === 'string' && form.test(value);
const optional =
  (of: (value: unknown) => boolean) =>
  (value: unknown): boolean =>
    value === undefined || of(value);
const amount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 1;
const object = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);
const base64url = text(/^[A-Za-z0-9_-]+$/);
const code = text(/^\d{6}$/);
const hand = text(/^(left|right)$/);
const kind = text(/^(badge|loyalty|subscription|age)$/);
const currency = text(/^[A-Z]{3}$/);
const ticket = text(/^[A-Za-z0-9_-]{43}$/);

/** A write of the protocol: what its path looks like, what its body must have. `id` and handles are whatever the service gave. */
export interface KnownRoute {
  readonly name: string;
  readonly method: 'GET' | 'POST';
  readonly path: RegExp;
  readonly body: Shape;
}

const PART = '[A-Za-z0-9_.~%-]+';

export const KNOWN_ROUTES: readonly KnownRoute[] = [
  post('activations', 'activations', { code: text(/^.{1,80}$/), publicKey: text(/^[A-Za-z0-9_-]{43}$/) }),
  get('keys', 'keys'),
  post('heartbeats', 'heartbeats', {}),
  post('enrolments', 'enrolments', { consent: isConsent }),
  post('enrolment-palms', `enrolments/${PART}/palms`, { hand, capture: base64url }),
  post('enrolment-cards', `enrolments/${PART}/cards`, { card: base64url }),
  post('enrolment-phones', `enrolments/${PART}/phones`, { number: text(/^.{6,32}$/) }),
  post('enrolment-phones-verify', `enrolments/${PART}/phones/verify`, { code }),
  post('enrolment-complete', `enrolments/${PART}/complete`, {}),
  post('enrolment-known', `enrolments/${PART}/known`, { known: base64url }),
  post('enrolment-known-verify', `enrolments/${PART}/known/verify`, { known: base64url, code }),
  post('identifications', 'identifications', {
    purpose: text(/^(pay|enter|leave|check|manage|confirm)$/),
    capture: base64url,
    amount: optional(amount),
    currency: optional(currency),
    lastFour: optional(text(/^\d{4}$/)),
    follows: optional(text(/^.{1,200}$/)),
  }),
  post('payments', 'payments', { ticket, amount, currency }),
  get('payment', `payments/${PART}`),
  post('refunds', `payments/${PART}/refunds`, { amount, reason: text(/^[a-z][a-z0-9-]{0,39}$/) }),
  post('void', `payments/${PART}/void`, {}),
  post('visits', 'visits', { ticket }),
  post('leave', 'visits/leave', { ticket }),
  post('checks', 'checks', { ticket, kind }),
  post('member-palms', 'members/palms', { ticket, hand, capture: base64url }),
  post('member-cards', 'members/cards', { ticket, card: base64url }),
  post('member-confirmations', 'members/confirmations', { ticket, code }),
  post('member-credentials', 'members/credentials', { ticket, kind, reference: text(/^.{1,100}$/), facts: object }),
];

export function routeOf(method: string, pathname: string): KnownRoute | undefined {
  return KNOWN_ROUTES.find((route) => route.method === method && route.path.test(pathname));
}

/** The body as JSON, and what is wrong with it. */
export function judgeBody(
  route: KnownRoute,
  bytes: Uint8Array,
): { body: Record<string, unknown>; findings: Finding[] } {
  if (route.method === 'GET') {
    return { body: {}, findings: bytes.length === 0 ? [] : [finding('body', 'a GET has no body')] };
  }
  const body = parsed(bytes);
  if (body === undefined) return { body: {}, findings: [finding('body', 'the body is no JSON object in UTF-8')] };
  const wrong = Object.entries(route.body).filter(([name, holds]) => !holds(body[name]));
  const unknown = Object.keys(body).filter((name) => !(name in route.body));
  return {
    body,
    findings: [
      ...wrong.map(([name]) =>
        finding('body', `${name} ${body[name] === undefined ? 'is missing' : 'has another form'}`),
      ),
      ...unknown.map((name) => finding('body', `${name.slice(0, 40)} does not belong there`)),
      ...(hasCardNumber(body)
        ? [finding('card-in-the-clear', 'a card number stands in the body, readable for everybody between')]
        : []),
    ],
  };
}

function parsed(bytes: Uint8Array): Record<string, unknown> | undefined {
  try {
    const value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as unknown;
    return object(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function hasCardNumber(value: unknown): boolean {
  if (typeof value === 'string') return /^(\d[ -]?){12,18}\d$/.test(value);
  return object(value) && Object.values(value as object).some(hasCardNumber);
}

function isConsent(value: unknown): boolean {
  const consent = value as Record<string, unknown>;
  return (
    object(value) &&
    text(/^.{1,40}$/)(consent['version']) &&
    text(/^[A-Za-z-]{2,20}$/)(consent['language']) &&
    consent['given'] === true
  );
}

function post(name: string, path: string, body: Shape): KnownRoute {
  return { name, method: 'POST', path: new RegExp(`^/device/v1/${path}$`), body };
}

function get(name: string, path: string): KnownRoute {
  return { name, method: 'GET', path: new RegExp(`^/device/v1/${path}$`), body: {} };
}
