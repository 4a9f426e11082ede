import { Body, Controller, Get, HttpCode, Inject, Logger, Post, Req, Res, UseGuards } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { finished } from 'node:stream';
import type { Session } from '#libs/identity/sessions.ts';
import { issueToken, publicTokenKeys } from '#libs/identity/tokens.ts';
import { askForSignInCode } from '#libs/use-cases/sign-in/member-code.ts';
import { signInMember } from '#libs/use-cases/sign-in/member.ts';
import { signInPrincipal } from '#libs/use-cases/sign-in/principal.ts';
import { commandOf } from '../http/messages.ts';
import { MemberTokenBody, PrincipalTokenBody, SignInCodeBody } from './auth-bodies.ts';
import { ANYBODY, BearerGuard, Needs, type BearerRequest } from './bearer-guard.ts';
import { PEOPLE_EDGE, type PeopleEdge } from './edge.ts';

const SignInPrincipal = commandOf(signInPrincipal);
const AskForSignInCode = commandOf(askForSignInCode);
const SignInMember = commandOf(signInMember);
export const authHandlers = [SignInPrincipal, AskForSignInCode, SignInMember].map(({ Handler }) => Handler);

/** Who is it? Principals by their credential, members by a code to their phone; both get a token for a quarter of an hour. */
@ApiTags('sign-in')
@Controller('auth/v1')
export class AuthController {
  private readonly bus: CommandBus;
  private readonly edge: PeopleEdge;
  private readonly logger = new Logger('sign-in');

  constructor(bus: CommandBus, @Inject(PEOPLE_EDGE) edge: PeopleEdge) {
    this.bus = bus;
    this.edge = edge;
  }

  @Post('token')
  @HttpCode(200)
  async principalToken(@Req() http: FastifyRequest, @Body() { principal, secret }: PrincipalTokenBody) {
    return this.tokenFor(await this.bus.execute(new SignInPrincipal({ principal, secret, from: http.ip })));
  }

  /** The same answer, in the same time, whether anybody has the number or not. */
  @Post('member/codes')
  @HttpCode(202)
  async memberCode(
    @Req() http: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Body() { phone }: SignInCodeBody,
  ) {
    const { expiresAt, send } = await this.bus.execute(new AskForSignInCode({ phone, from: http.ip }));
    finished(reply.raw, () => {
      send().catch((error: unknown) => this.logger.error(error instanceof Error ? error.name : 'not sent'));
    });
    return { expiresAt };
  }

  @Post('member/token')
  @HttpCode(200)
  async memberToken(@Body() { phone, code }: MemberTokenBody) {
    return this.tokenFor(await this.bus.execute(new SignInMember({ phone, code })));
  }

  /** Everywhere: all tokens that were issued until now are void. */
  @Post('sign-out')
  @HttpCode(204)
  @ApiBearerAuth()
  @UseGuards(BearerGuard)
  @Needs(ANYBODY)
  signOut(@Req() { session }: BearerRequest): void {
    if (session !== undefined) this.edge.signOuts.signOut(session, this.edge.tokens.clock.now());
  }

  /** For who verifies tokens elsewhere: the public keys as a JWK set. */
  @Get('keys')
  keys() {
    return publicTokenKeys(this.edge.tokens.keys);
  }

  private async tokenFor(session: Session) {
    const { token, expiresAt } = await issueToken(this.edge.tokens, session);
    return { token, expiresAt };
  }
}
