import 'reflect-metadata';
import { Module, type DynamicModule, type Provider, type Type } from '@nestjs/common';
import { APP_INTERCEPTOR, NestFactory } from '@nestjs/core';
import { CqrsModule } from '@nestjs/cqrs';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { DEPS } from '#libs/api/http/messages.ts';
import { PositionInterceptor } from '#libs/api/http/position.ts';
import { adapter, configure } from '#libs/api/http/server.ts';
import { PEOPLE_EDGE } from '#libs/api/people/edge.ts';
import type { Role } from '#libs/domain/values.ts';
import { newSecret } from '#libs/identity/secrets.ts';
import { SignOuts } from '#libs/identity/sign-outs.ts';
import { issueToken, tokensOf, type Tokens } from '#libs/identity/tokens.ts';
import type { Session } from '#libs/identity/sessions.ts';
import { isoNow } from '#libs/runtime/clock.ts';
import type { Deps } from '#libs/use-cases/deps.ts';
import { principals } from '#libs/use-cases/stream/aggregates.ts';
import { decideOn } from '#libs/use-cases/stream/decide.ts';
import { systemWho } from '#libs/workflows/system.ts';

export interface Audience {
  readonly controllers: readonly Type[];
  readonly handlers: readonly Type[];
}

/** Some audiences of the API over HTTP, for a test. */
export interface Served {
  readonly url: string;
  readonly app: NestFastifyApplication;
  token(session: Session): Promise<string>;
  /** A new principal in this role, with its id and a token. */
  principal(role: Role, scope?: { merchant?: string; subscriber?: string }): Promise<Signed>;
  get(path: string, token?: string, headers?: Record<string, string>): Promise<Answer>;
  post(path: string, body: object, token?: string, headers?: Record<string, string>): Promise<Answer>;
  stop(): Promise<void>;
}

export interface Signed {
  readonly principal: string;
  readonly token: string;
}
export interface Answer {
  readonly status: number;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a test looks into it
  readonly body: any;
  readonly headers: Headers;
}

@Module({})
class Root {}

export async function serve(deps: Deps, audiences: readonly Audience[], more: Provider[] = []): Promise<Served> {
  const { clock } = deps;
  const issuer = 'http://palmledger.test';
  const tokens = tokensOf(deps.keys, { issuer, audience: issuer, clock });
  const module: DynamicModule = {
    module: Root,
    imports: [CqrsModule.forRoot()],
    controllers: audiences.flatMap(({ controllers }) => controllers),
    providers: [
      { provide: DEPS, useValue: deps },
      { provide: PEOPLE_EDGE, useValue: { tokens, signOuts: new SignOuts(clock.now()) } },
      { provide: APP_INTERCEPTOR, useClass: PositionInterceptor },
      ...more,
      ...audiences.flatMap(({ handlers }) => handlers),
    ],
  };
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter(), { rawBody: true, logger: false });
  await configure(app);
  await app.listen(0, '127.0.0.1');
  const url = `http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}`;
  return { url, app, ...asking(url), ...signing(deps, tokens), stop: () => app.close() };
}

function asking(url: string): Pick<Served, 'get' | 'post'> {
  const bearer = (token?: string) => (token === undefined ? {} : { authorization: `Bearer ${token}` });
  return {
    get: async (path, token, headers = {}) =>
      answered(await fetch(url + path, { headers: { ...bearer(token), ...headers } })),
    post: async (path, body, token, headers = {}) =>
      answered(
        await fetch(url + path, {
          method: 'POST',
          body: JSON.stringify(body),
          headers: {
            'content-type': 'application/json',
            'idempotency-key': randomUUID(),
            ...bearer(token),
            ...headers,
          },
        }),
      ),
  };
}

async function answered(response: Response): Promise<Answer> {
  const { status, headers } = response;
  const type = headers.get('content-type') ?? '';
  if (type.includes('event-stream')) {
    await response.body?.cancel();
    return { status, headers, body: undefined };
  }
  const text = await response.text();
  return { status, headers, body: type.includes('json') && !type.includes('ndjson') ? JSON.parse(text) : text };
}

function signing(deps: Deps, tokens: Tokens): Pick<Served, 'token' | 'principal'> {
  const token = async (session: Session): Promise<string> => (await issueToken(tokens, session)).token;
  return {
    token,
    principal: async (role, scope = {}) => {
      const [principal] = await deps.keyring.reserve('principal');
      const at = isoNow(deps.clock);
      const made = [
        { type: 'InvitePrincipal', at, name: `Some ${role}`, contact: 'test' },
        { type: 'BindCredential', at, secretHash: newSecret().hash },
        { type: 'GrantRole', at, role, ...scope },
      ] as const;
      await decideOn(deps, principals, `principal-${principal!}`, made, systemWho('test'));
      const session = { kind: 'principal', principal: principal!, grants: [{ role, ...scope }] } as const;
      return { principal: principal!, token: await token(session) };
    },
  };
}
