import { createParamDecorator, HttpException, type ExecutionContext, type RawBodyRequest } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { claimantOf, type Caller } from '#libs/use-cases/callers.ts';
import { digestOf, type Request } from '#libs/use-cases/claim/claim.ts';

export const IDEMPOTENCY_HEADER = 'idempotency-key';
const KEY = /^[\x21-\x7e]{8,128}$/;

/** A request whose caller a guard has established. */
export type CallerRequest = RawBodyRequest<FastifyRequest> & { caller?: Caller };

/** Who calls. Only on routes with a guard; without one it refuses. */
export const From = createParamDecorator((_: unknown, context: ExecutionContext): Caller => callerOf(context));

/** What makes the request of `@Write()`; the OpenAPI document knows writes by it. */
export function writeOf(_: unknown, context: ExecutionContext): Request {
  const request = context.switchToHttp().getRequest<CallerRequest>();
  const key = request.headers[IDEMPOTENCY_HEADER];
  if (typeof key !== 'string' || !KEY.test(key)) {
    const message = 'a write needs an Idempotency-Key of 8 to 128 visible characters';
    throw new HttpException({ code: 'idempotency-key-missing', message }, 400);
  }
  const route = `${request.method} ${request.url}`;
  const body = request.rawBody ?? new Uint8Array();
  return { caller: claimantOf(callerOf(context)), idempotencyKey: key, digest: digestOf(route, body) };
}

/** The write that this request stands for: caller, idempotency key, and the digest of route and body. */
export const Write = createParamDecorator(writeOf);

function callerOf(context: ExecutionContext): Caller {
  const { caller } = context.switchToHttp().getRequest<CallerRequest>();
  if (caller === undefined) throw new HttpException({ code: 'unauthenticated' }, 401);
  return caller;
}
