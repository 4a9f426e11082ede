import type { FastifyInstance } from 'fastify';
import type { IncomingMessage } from 'node:http';

/** What a request is told apart by where people and machines look later: never its URL, which holds ids and queries. */
export interface KnownBy {
  readonly requestId: string;
  readonly method: string;
  /** The pattern, such as `/device/v1/payments/:payment`. */
  readonly route: string;
}

const known = new WeakMap<IncomingMessage, KnownBy>();
const NONE: KnownBy = { requestId: '', method: '', route: 'none' };

/** Notes it for each request, before anything else looks. */
export function noteRoutes(engine: FastifyInstance): void {
  engine.addHook('onRequest', (request, _reply, done) => {
    const route = request.is404 ? 'none' : (request.routeOptions.url ?? 'none');
    known.set(request.raw, { requestId: request.id, method: request.method, route });
    done();
  });
}

export function knownBy(raw: IncomingMessage): KnownBy {
  return known.get(raw) ?? NONE;
}
