import { HttpException } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';

/** Deeper than any body of the API, and far from what a recursive walk could not take. */
const DEEPEST = 16;
/** Values in one body, in all. */
const MOST_VALUES = 5_000;

/** Refuses bodies that are JSON but none of ours: checking them would cost more than they did. */
export function requirePlainJson(engine: FastifyInstance): void {
  engine.addHook('preValidation', (request, _reply, done) => {
    if (isPlain(request.body)) return done();
    done(new HttpException({ code: 'malformed', message: 'too deep, or too many values' }, 400));
  });
}

/** Level by level, so that depth costs no stack. */
export function isPlain(body: unknown): boolean {
  let level: unknown[] = [body];
  let values = 0;
  for (let depth = 0; level.length > 0; depth++) {
    values += level.length;
    if (depth > DEEPEST || values > MOST_VALUES) return false;
    const next: unknown[] = [];
    for (const value of level) {
      if (typeof value !== 'object' || value === null) continue;
      for (const name in value) {
        next.push((value as Record<string, unknown>)[name]);
        if (values + next.length > MOST_VALUES) return false;
      }
    }
    level = next;
  }
  return true;
}
