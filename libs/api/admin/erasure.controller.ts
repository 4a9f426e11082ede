import { Body, Controller, Get, HttpCode, Post, Query, UseGuards } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { listErasures, lookAtErasure, readErasure } from '#libs/use-cases/admin/erasures.ts';
import type { PrincipalCaller } from '#libs/use-cases/callers.ts';
import type { Request } from '#libs/use-cases/claim/claim.ts';
import { approveErasure } from '#libs/use-cases/erasure/approve.ts';
import { refuseErasure, withdrawErasure } from '#libs/use-cases/erasure/take-back.ts';
import { EmptyBody } from '../device/bodies.ts';
import { Id } from '../http/id.ts';
import { commandOf, queryOf } from '../http/messages.ts';
import { paged } from '../http/paging.ts';
import { From, Write } from '../http/write.ts';
import { BearerGuard, Needs } from '../people/bearer-guard.ts';
import { ErasuresQuery, ReasonBody, ReasonQuery } from './bodies.ts';

const ListErasures = queryOf(listErasures);
const ReadErasure = queryOf(readErasure);
const LookAtErasure = queryOf(lookAtErasure);
const ApproveErasure = commandOf(approveErasure);
const RefuseErasure = commandOf(refuseErasure);
const WithdrawErasure = commandOf(withdrawErasure);
const messages = [ListErasures, ReadErasure, LookAtErasure, ApproveErasure, RefuseErasure, WithdrawErasure];
export const erasureHandlers = messages.map(({ Handler }) => Handler);

/** Erasures with their due dates and what each waits for. Four eyes are two principals. */
@ApiTags('admin: erasures')
@ApiBearerAuth()
@Controller('admin/v1/erasures')
@UseGuards(BearerGuard)
export class ErasureController {
  private readonly commands: CommandBus;
  private readonly queries: QueryBus;

  constructor(commands: CommandBus, queries: QueryBus) {
    this.commands = commands;
    this.queries = queries;
  }

  /** Soonest due first. */
  @Get()
  @Needs('erasures.read')
  erasures(@Query() { over, ...query }: ErasuresQuery) {
    return this.queries.execute(new ListErasures({ ...paged(query), over: over === 'true' }));
  }

  @Get(':erasure')
  @Needs('erasures.read')
  erasure(@Id('erasure') erasure: string) {
    return this.queries.execute(new ReadErasure({ erasure }));
  }

  /** Whose it is, for who decides on it: a look that the member sees. */
  @Get(':erasure/one-id')
  @Needs('erasures.approve')
  whose(@From() caller: PrincipalCaller, @Id('erasure') erasure: string, @Query() { reason }: ReasonQuery) {
    return this.queries.execute(new LookAtErasure({ caller, erasure, reason }));
  }

  @Post(':erasure/approval')
  @HttpCode(200)
  @Needs('erasures.approve')
  approve(
    @From() caller: PrincipalCaller,
    @Write() request: Request,
    @Id('erasure') erasure: string,
    @Body() _body: EmptyBody,
  ) {
    return this.commands.execute(new ApproveErasure({ caller, request, erasure }));
  }

  @Post(':erasure/refusal')
  @HttpCode(200)
  @Needs('erasures.approve')
  refuse(
    @From() caller: PrincipalCaller,
    @Write() request: Request,
    @Id('erasure') erasure: string,
    @Body() { reason }: ReasonBody,
  ) {
    return this.commands.execute(new RefuseErasure({ caller, request, erasure, reason }));
  }

  /** Until its destruction begins. */
  @Post(':erasure/withdrawal')
  @HttpCode(200)
  @Needs('erasures.request')
  withdraw(
    @From() caller: PrincipalCaller,
    @Write() request: Request,
    @Id('erasure') erasure: string,
    @Body() _body: EmptyBody,
  ) {
    return this.commands.execute(new WithdrawErasure({ caller, request, erasure }));
  }
}
