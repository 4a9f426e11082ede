import {
  HttpException,
  Inject,
  Injectable,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { map, type Observable } from 'rxjs';
import type { Deps } from '#libs/use-cases/deps.ts';
import { DEPS } from './messages.ts';

export const POSITION_HEADER = 'palmledger-position';
export const WAIT_FOR_HEADER = 'palmledger-wait-for';
/** Positions are 64-bit, signed. */
const LAST_POSITION = 2n ** 63n - 1n;
const LONGEST_WAIT_MS = 5_000;

/** A ledger position as callers hold it: opaque to them, to be handed back with a read. */
export function positionToken(position: bigint): string {
  return Buffer.from(`p${position}`).toString('base64url');
}

/** Throws a 400 where the token is none of ours. */
export function positionOf(token: string): bigint {
  const text = Buffer.from(token, 'base64url').toString('utf8');
  if (/^p\d{1,19}$/.test(text)) {
    const position = BigInt(text.slice(1));
    if (position <= LAST_POSITION) return position;
  }
  throw new HttpException({ code: 'malformed', message: 'that is no position' }, 400);
}

/**
 * A write answers with its position in a header. A read may hand one back: then it waits until views and contacts have
 * passed it, and answers 503 where they do not in time, never with an older state.
 */
@Injectable()
export class PositionInterceptor implements NestInterceptor {
  private readonly deps: Deps;

  constructor(@Inject(DEPS) deps: Deps) {
    this.deps = deps;
  }

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const http = context.switchToHttp();
    const token = http.getRequest<FastifyRequest>().headers[WAIT_FOR_HEADER];
    if (typeof token === 'string') await this.reach(positionOf(token));
    const reply = http.getResponse<FastifyReply>();
    return next.handle().pipe(map((answer) => withoutPosition(answer, reply)));
  }

  private async reach(position: bigint): Promise<void> {
    const [views, contacts] = await Promise.all([
      this.deps.views.waitFor(position, LONGEST_WAIT_MS),
      this.deps.contacts.reached(position, LONGEST_WAIT_MS),
    ]);
    if (views === 'reached' && contacts) return;
    throw new HttpException({ code: 'not-now', message: 'not that far yet; ask again', extra: { retryAfter: 1 } }, 503);
  }
}

function withoutPosition(answer: unknown, reply: FastifyReply): unknown {
  if (typeof answer !== 'object' || answer === null || !('position' in answer)) return answer;
  const { position, ...rest } = answer;
  if (typeof position !== 'bigint') return answer;
  void reply.header(POSITION_HEADER, positionToken(position));
  return rest;
}
