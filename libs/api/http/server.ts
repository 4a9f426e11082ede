import helmet from '@fastify/helmet';
import { ValidationPipe, type INestApplication, type ValidationError } from '@nestjs/common';
import { HttpException } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { newId } from '#libs/runtime/ids.ts';
import { CAPTURE_BODY, limitBodies } from './body-limits.ts';
import { knownBy, noteRoutes } from './known-by.ts';
import { refuseNoRequest } from './no-request.ts';
import { requirePlainJson } from './plain-json.ts';
import { ProblemFilter } from './problem-filter.ts';
import { problem } from './problem.ts';

/** Pages take scripts, styles and data from this host alone, and stand in nobody's frame. */
const OWN_HOST_ALONE = {
  defaultSrc: ["'none'"],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'"],
  imgSrc: ["'self'", 'data:'],
  fontSrc: ["'self'"],
  connectSrc: ["'self'"],
  formAction: ["'self'"],
  frameAncestors: ["'none'"],
  baseUri: ["'none'"],
};

/** The HTTP engine with its limits: sizes, slow clients, request ids that come from nobody else. */
export function adapter(): FastifyAdapter {
  const engine = new FastifyAdapter({
    bodyLimit: CAPTURE_BODY,
    connectionTimeout: 30_000,
    requestTimeout: 30_000,
    keepAliveTimeout: 65_000,
    // Headers come at once or not at all; who is late is found within seconds. A missing host is ours to refuse.
    http: { headersTimeout: 10_000, connectionsCheckingInterval: 5_000, requireHostHeader: false },
    clientErrorHandler: refuseNoRequest,
    forceCloseConnections: 'idle',
    genReqId: () => newId(),
    routerOptions: { maxParamLength: 600 },
    frameworkErrors: (_error: unknown, _request: unknown, reply: FastifyReply) => {
      void reply.status(400).header('content-type', 'application/problem+json').send(problem('malformed', 400));
    },
  });
  noteRoutes(engine.getInstance());
  engine.getInstance().setReplySerializer((payload) => JSON.stringify(payload, withBigints));
  requireHost(engine.getInstance());
  limitBodies(engine.getInstance());
  requirePlainJson(engine.getInstance());
  return engine;
}

/** HTTP/1.1 wants to be told which host is called. */
function requireHost(engine: FastifyInstance): void {
  engine.addHook('onRequest', (request, reply, done) => {
    if (request.headers.host !== undefined) return done();
    void reply.status(400).header('content-type', 'application/problem+json');
    void reply.send(JSON.stringify(problem('malformed', 400, 'which host is called?')));
  });
}

/** Positions and the like are bigints inside and decimal strings outside. */
function withBigints(_name: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}

/** What every edge has: validation that names fields, problem details, safe headers. */
export async function configure(app: NestFastifyApplication | INestApplication): Promise<void> {
  app.useGlobalPipes(
    new ValidationPipe({
      whitelist: true,
      forbidNonWhitelisted: true,
      transform: true,
      stopAtFirstError: true,
      validationError: { target: false, value: false },
      exceptionFactory: (errors) =>
        new HttpException({ code: 'invalid', message: errors.flatMap((error) => lines(error)) }, 422),
    }),
  );
  app.useGlobalFilters(new ProblemFilter());
  await (app as NestFastifyApplication).register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: OWN_HOST_ALONE },
  });
}

/** Tells of every request once its answer has been handed over, also of those that no route took. */
export function observe(app: NestFastifyApplication, told: (request: Observed, seconds: number) => void): void {
  const engine = app.getHttpAdapter().getInstance();
  engine.addHook('onResponse', (request, reply, done) => {
    const { method, route } = knownBy(request.raw);
    told({ method, route, status: reply.statusCode }, reply.elapsedTime / 1_000);
    done();
  });
}

export interface Observed {
  readonly method: string;
  /** The pattern, or `none`. */
  readonly route: string;
  readonly status: number;
}

/** Which field and what it should be; never what was sent. */
function lines(error: ValidationError, path = ''): { field: string; rule: string }[] {
  const field = path === '' ? error.property : `${path}.${error.property}`;
  const own = Object.values(error.constraints ?? {}).map((rule) => ({ field, rule }));
  return [...own, ...(error.children ?? []).flatMap((child) => lines(child, field))];
}
