import { randomUUID } from 'node:crypto';
import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { APP_INTERCEPTOR, NestFactory } from '@nestjs/core';
import { CqrsModule } from '@nestjs/cqrs';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { adapter, configure } from '#libs/api/http/server.ts';
import { DEPS } from '#libs/api/http/messages.ts';
import { PositionInterceptor } from '#libs/api/http/position.ts';
import { memberApi } from '#libs/api/member/module.ts';
import { PEOPLE_EDGE } from '#libs/api/people/edge.ts';
import { peopleApi } from '#libs/api/people/module.ts';
import type { Session } from '#libs/identity/sessions.ts';
import { SignOuts } from '#libs/identity/sign-outs.ts';
import { issueToken, tokensOf, type Tokens } from '#libs/identity/tokens.ts';
import { newId } from '#libs/runtime/ids.ts';
import type { Town, TownMember } from './town.ts';

export interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
  readonly text: string;
  readonly headers: Readonly<Record<string, unknown>>;
}

@Module({})
class PeopleModule {}

/** The edge for people over a town, without a port. */
export interface Edge {
  readonly tokens: Tokens;
  /** A token as a sign-in would give it. */
  tokenFor(session: Session): Promise<string>;
  memberToken(member: TownMember): Promise<string>;
  call(method: string, url: string, options?: CallOptions): Promise<Answer>;
  close(): Promise<void>;
}

export interface CallOptions {
  readonly token?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export async function openEdge({ deps, house }: Town): Promise<Edge> {
  const { clock } = house;
  const tokens = tokensOf(deps.keys, { issuer: 'https://palm.test', audience: 'palmledger', clock });
  const signOuts = new SignOuts(clock.now());
  const module = {
    module: PeopleModule,
    imports: [CqrsModule.forRoot()],
    controllers: [...peopleApi.controllers, ...memberApi.controllers],
    providers: [
      { provide: DEPS, useValue: deps },
      { provide: PEOPLE_EDGE, useValue: { tokens, signOuts } },
      { provide: APP_INTERCEPTOR, useClass: PositionInterceptor },
      ...peopleApi.handlers,
      ...memberApi.handlers,
    ],
  };
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter(), { rawBody: true, logger: false });
  await configure(app);
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  const tokenFor = async (session: Session): Promise<string> => (await issueToken(tokens, session)).token;
  return {
    tokens,
    tokenFor,
    memberToken: ({ oneId }) =>
      tokenFor({ kind: 'member', oneId, session: newId(), by: 'code', signedInAt: clock.now().toISOString() }),
    call: async (method, url, { token, body, headers = {} } = {}) => {
      const answer = await app.inject({
        method: method as 'GET',
        url,
        headers: {
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(method === 'GET' ? {} : { 'idempotency-key': randomUUID() }),
          ...headers,
        },
        ...(body === undefined ? {} : { payload: body as object }),
      });
      const { statusCode: status, body: text } = answer;
      return { status, text, headers: answer.headers, body: parsed(text) };
    },
    close: () => app.close(),
  };
}

function parsed(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}
