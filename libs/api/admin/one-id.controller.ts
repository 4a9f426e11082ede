import { Body, Controller, Get, HttpCode, Logger, Post, Query, Res, UseGuards } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { finished } from 'node:stream';
import { lookAtOneId } from '#libs/use-cases/admin/one-id.ts';
import { askForProof, findByPhone } from '#libs/use-cases/admin/search.ts';
import { resumeOneId, suspendOneId } from '#libs/use-cases/admin/standing.ts';
import type { PrincipalCaller } from '#libs/use-cases/callers.ts';
import type { Request } from '#libs/use-cases/claim/claim.ts';
import { placeHold, releaseHold } from '#libs/use-cases/erasure/hold.ts';
import { requestErasure } from '#libs/use-cases/erasure/request.ts';
import { EmptyBody } from '../device/bodies.ts';
import { Id } from '../http/id.ts';
import { commandOf, queryOf } from '../http/messages.ts';
import { From, Write } from '../http/write.ts';
import { BearerGuard, Needs } from '../people/bearer-guard.ts';
import { ConfirmSearchBody, HoldBody, ReasonBody, ReasonQuery, SearchBody } from './bodies.ts';

const LookAtOneId = queryOf(lookAtOneId);
const AskForProof = commandOf(askForProof);
const FindByPhone = commandOf(findByPhone);
const SuspendOneId = commandOf(suspendOneId);
const ResumeOneId = commandOf(resumeOneId);
const PlaceHold = commandOf(placeHold);
const ReleaseHold = commandOf(releaseHold);
const RequestErasure = commandOf(requestErasure);
const looking = [LookAtOneId, AskForProof, FindByPhone];
const doing = [SuspendOneId, ResumeOneId, PlaceHold, ReleaseHold, RequestErasure];
export const oneIdAdminHandlers = [...looking, ...doing].map(({ Handler }) => Handler);

/** What admins see and do of One IDs. Each look is recorded first, and its member hears of it. */
@ApiTags('admin: One IDs')
@ApiBearerAuth()
@Controller('admin/v1/one-ids')
@UseGuards(BearerGuard)
export class OneIdAdminController {
  private readonly commands: CommandBus;
  private readonly queries: QueryBus;
  private readonly logger = new Logger('search');

  constructor(commands: CommandBus, queries: QueryBus) {
    this.commands = commands;
    this.queries = queries;
  }

  @Get(':oneId')
  @Needs('one-ids.search')
  look(@From() caller: PrincipalCaller, @Id('oneId') oneId: string, @Query() { reason }: ReasonQuery) {
    return this.queries.execute(new LookAtOneId({ caller, oneId, reason }));
  }

  /** Sends a code to that phone: only who has it gets an admin to look. The same answer whether anybody has the number or not. */
  @Post('search')
  @HttpCode(202)
  @Needs('one-ids.search')
  async search(
    @From() caller: PrincipalCaller,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Body() { phone }: SearchBody,
  ) {
    const { expiresAt, send } = await this.commands.execute(new AskForProof({ caller, phone }));
    finished(reply.raw, () => {
      send().catch((error: unknown) => this.logger.error(error instanceof Error ? error.name : 'not sent'));
    });
    return { expiresAt };
  }

  @Post('search/confirm')
  @HttpCode(200)
  @Needs('one-ids.search')
  confirm(@From() caller: PrincipalCaller, @Write() request: Request, @Body() body: ConfirmSearchBody) {
    return this.commands.execute(new FindByPhone({ caller, request, ...body }));
  }

  @Post(':oneId/suspension')
  @HttpCode(200)
  @Needs('one-ids.suspend')
  suspend(
    @From() caller: PrincipalCaller,
    @Write() request: Request,
    @Id('oneId') oneId: string,
    @Body() { reason }: ReasonBody,
  ) {
    return this.commands.execute(new SuspendOneId({ caller, request, oneId, reason }));
  }

  @Post(':oneId/resumption')
  @HttpCode(200)
  @Needs('one-ids.suspend')
  resume(
    @From() caller: PrincipalCaller,
    @Write() request: Request,
    @Id('oneId') oneId: string,
    @Body() { reason }: ReasonBody,
  ) {
    return this.commands.execute(new ResumeOneId({ caller, request, oneId, reason }));
  }

  @Post(':oneId/holds')
  @Needs('holds.place')
  hold(
    @From() caller: PrincipalCaller,
    @Write() request: Request,
    @Id('oneId') oneId: string,
    @Body() { reason, authority }: HoldBody,
  ) {
    return this.commands.execute(new PlaceHold({ caller, request, oneId, reason, authority }));
  }

  @Post(':oneId/holds/:hold/release')
  @HttpCode(200)
  @Needs('holds.place')
  release(
    @From() caller: PrincipalCaller,
    @Write() request: Request,
    @Id('oneId') oneId: string,
    @Id('hold') hold: string,
    @Body() _body: EmptyBody,
  ) {
    return this.commands.execute(new ReleaseHold({ caller, request, oneId, hold }));
  }

  /** The palm identifies nobody from now on; nothing is destroyed before a second admin has approved it. */
  @Post(':oneId/erasures')
  @Needs('erasures.request')
  erase(
    @From() caller: PrincipalCaller,
    @Write() request: Request,
    @Id('oneId') oneId: string,
    @Body() _body: EmptyBody,
  ) {
    return this.commands.execute(new RequestErasure({ caller, request, oneId }));
  }
}
