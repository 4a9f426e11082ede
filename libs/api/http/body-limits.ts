import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { problem } from './problem.ts';

/** Two pictures of 10 MB in base64 and what stands around them; only routes that take captures let so much in. */
export const CAPTURE_BODY = 28 * 1024 * 1024;
const PLAIN_BODY = 256 * 1024;
const TAKES_CAPTURES = /^\/device\/v1\/(identifications|enrolments\/[^/]+\/palms|members\/palms)(\?|$)/;
/** Bodies of captures that may be in memory at once, in bytes; whoever comes on top is told to come again. */
const CAPTURES_AT_ONCE = 8 * CAPTURE_BODY;

/** Refuses bodies that are too large, or of unknown length, before they are read. */
export function limitBodies(engine: FastifyInstance): void {
  engine.addHook('onRequest', (request, reply, done) => {
    if (request.headers['transfer-encoding'] !== undefined) return refuse(reply, 'length-required', 411);
    if (bodyLength(request) > (TAKES_CAPTURES.test(request.url) ? CAPTURE_BODY : PLAIN_BODY))
      return refuse(reply, 'too-large', 413);
    done();
  });
}

/**
 * A large body is read only for who has shown by the headers who it is, and only while there is room. Otherwise anybody could
 * fill the memory with pictures that nobody will ever look at. `vouched` answers why not, or nothing.
 */
export function limitLargeBodies(
  engine: FastifyInstance,
  vouched: (request: FastifyRequest) => Promise<string | undefined>,
): void {
  let underWay = 0;
  engine.addHook('onRequest', async (request, reply) => {
    const length = bodyLength(request);
    if (length <= PLAIN_BODY || reply.sent) return;
    const why = await vouched(request);
    if (why !== undefined) {
      const detail = 'this request was not taken';
      return refuse(reply, 'device-not-trusted', 401, detail, { reason: why });
    }
    if (underWay + length > CAPTURES_AT_ONCE) {
      void reply.header('retry-after', '1');
      return refuse(reply, 'not-now', 503, 'too many pictures at once; ask again', { retryAfter: 1 });
    }
    underWay += length;
    reply.raw.once('close', () => (underWay -= length));
  });
}

function bodyLength({ headers }: FastifyRequest): number {
  return Number(headers['content-length'] ?? 0);
}

function refuse(
  reply: FastifyReply,
  code: string,
  status: number,
  detail?: string,
  extra: Readonly<Record<string, unknown>> = {},
): FastifyReply {
  void reply.status(status).header('content-type', 'application/problem+json');
  // What was not read is not waited for.
  void reply.header('connection', 'close');
  return reply.send(JSON.stringify(problem(code, status, detail, extra)));
}
