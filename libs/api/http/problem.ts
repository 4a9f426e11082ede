import { HttpException } from '@nestjs/common';
import { OutcomeUnknown as NetworkSilent } from '#libs/card-network/port.ts';
import { Refused, type RefusalKind } from '#libs/domain/refused.ts';
import { UnknownEvent } from '#libs/event-codec/errors.ts';
import {
  ApprovalsRefused,
  CopyAway,
  CopyRefused,
  KeyGone,
  KeyringUnavailable,
  NoQuorum,
} from '#libs/keyring/errors.ts';
import {
  LedgerClosed,
  LedgerDamaged,
  StorageFull,
  OutcomeUnknown,
  RecordTooLarge,
  StreamPruned,
  WrongExpectedRevision,
} from '#libs/ledger/errors.ts';
import { NotNow } from '#libs/recognition/port.ts';
import { ContactsBehind } from '#libs/use-cases/contacts/index-reached.ts';
import { InvalidQuery, RebuildRunning, ViewClosed, ViewDamaged } from '#libs/views/errors.ts';

/** RFC 9457. `type` is stable; docs/errors.md lists all. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  readonly [extra: string]: unknown;
}

const STATUS: Readonly<Record<RefusalKind, number>> = {
  missing: 404,
  conflict: 409,
  gone: 410,
  invalid: 422,
  forbidden: 403,
  limited: 429,
};

export function problem(
  code: string,
  status: number,
  detail?: string,
  extra: Readonly<Record<string, unknown>> = {},
): Problem {
  const title = code.replaceAll('-', ' ');
  return {
    type: `urn:palmledger:problem:${code}`,
    title,
    status,
    ...(detail === undefined ? {} : { detail }),
    ...extra,
  };
}

/**
 * What a stranger is told of an error: the domain's refusals and the ports' typed doubts as they are, anything else as a
 * bare 500. `unexpected` says that somebody has to look at it.
 */
export function problemOf(error: unknown): { problem: Problem; unexpected: boolean } {
  if (error instanceof Refused) return told(problem(error.code, STATUS[error.kind], error.message, error.extra));
  if (error instanceof NotNow) return told(notNow(`recognition: ${error.why}`));
  if (error instanceof NetworkSilent)
    return told(notNow('the card network gave no answer; ask again with the same key'));
  if (error instanceof ContactsBehind) return told(notNow('phones are still being read; ask again'));
  if (error instanceof OutcomeUnknown) return told(notNow('the outcome is not known yet; ask again with the same key'));
  if (error instanceof WrongExpectedRevision)
    return told(problem('too-busy', 409, 'others kept changing this; try again', { retryAfter: 1 }));
  if (error instanceof StreamPruned) return told(problem('gone', 410, 'this has been erased'));
  if (error instanceof RecordTooLarge) return told(problem('too-large', 413, 'this is more than one event may hold'));
  if (error instanceof StorageFull)
    return { problem: notNow('there is no room left to record this'), unexpected: true };
  if (error instanceof LedgerClosed) return told(notNow('the system is stopping'));
  if (error instanceof LedgerDamaged)
    return { problem: notNow('a record is damaged and is not served'), unexpected: true };
  if (error instanceof UnknownEvent)
    return { problem: notNow('a record is of a newer version than this service'), unexpected: true };
  if (error instanceof HttpException) return told(ofHttp(error));
  return (
    ofViews(error) ??
    ofKeyring(error) ??
    ofFastify(error) ?? { problem: problem('internal-error', 500), unexpected: true }
  );
}

function ofViews(error: unknown): ReturnType<typeof told> | undefined {
  if (error instanceof InvalidQuery) return told(problem('query-invalid', 422, 'that is no page or span of this list'));
  if (error instanceof RebuildRunning) return told(problem('rebuild-running', 409, 'a rebuild is running already'));
  if (error instanceof ViewClosed) return told(notNow('the system is stopping'));
  if (error instanceof ViewDamaged)
    return { problem: notNow('a view is damaged and is being built anew'), unexpected: true };
  return undefined;
}

function ofKeyring(error: unknown): ReturnType<typeof told> | undefined {
  if (error instanceof KeyGone) return told(problem('gone', 410, 'this has been erased'));
  if (error instanceof CopyRefused) return told(problem('copy-refused', 409, 'this copy of the keyring is needed'));
  if (error instanceof ApprovalsRefused) return told(problem('four-eyes', 403, 'two different admins decide on it'));
  if (error instanceof NoQuorum || error instanceof CopyAway || error instanceof KeyringUnavailable)
    return { problem: notNow('too few copies of the keyring answer'), unexpected: true };
  return undefined;
}

function told(answer: Problem): { problem: Problem; unexpected: boolean } {
  return { problem: answer, unexpected: false };
}

function notNow(detail: string): Problem {
  return problem('not-now', 503, detail, { retryAfter: 1 });
}

const HTTP_CODES: Readonly<Record<number, string>> = {
  400: 'malformed',
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not-found',
  405: 'method-not-allowed',
  406: 'not-acceptable',
  408: 'too-slow',
  413: 'too-large',
  415: 'unsupported-media-type',
  422: 'invalid',
  429: 'too-many-requests',
  503: 'not-now',
};

function ofHttp(error: HttpException): Problem {
  const status = error.getStatus();
  const said = error.getResponse() as { message?: unknown; code?: string; extra?: Record<string, unknown> } | string;
  const message = typeof said === 'string' ? said : said.message;
  const code = (typeof said === 'object' ? said.code : undefined) ?? HTTP_CODES[status] ?? 'refused';
  const extra = typeof said === 'object' ? (said.extra ?? {}) : {};
  if (Array.isArray(message))
    return problem(code, status, 'some fields are not as they should be', { ...extra, errors: message });
  return problem(code, status, typeof message === 'string' ? message : undefined, extra);
}

/** Fastify's own refusals of what is not even a request (too large, not JSON, a content type it does not read). */
function ofFastify(error: unknown): { problem: Problem; unexpected: boolean } | undefined {
  const { statusCode, code } = error as { statusCode?: unknown; code?: unknown };
  if (typeof statusCode !== 'number' || statusCode < 400 || statusCode > 499) return undefined;
  if (typeof code === 'string' && !code.startsWith('FST_')) return undefined;
  return told(problem(HTTP_CODES[statusCode] ?? 'malformed', statusCode));
}
