import { Body, Controller, Get, Header, HttpCode, Post, Query, UseGuards } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { PrincipalCaller } from '#libs/use-cases/callers.ts';
import type { Request } from '#libs/use-cases/claim/claim.ts';
import { acknowledgeErasure, erasedPseudonym } from '#libs/use-cases/erasure/acknowledge.ts';
import { erasuresToAcknowledge } from '#libs/use-cases/subscriber/erasures.ts';
import { memberPseudonym } from '#libs/use-cases/subscriber/pseudonym.ts';
import { ReasonQuery } from '../admin/bodies.ts';
import { EmptyBody } from '../device/bodies.ts';
import { Id } from '../http/id.ts';
import { commandOf, queryOf } from '../http/messages.ts';
import { paged, PageQuery } from '../http/paging.ts';
import { From, Write } from '../http/write.ts';
import { BearerGuard, Needs } from '../people/bearer-guard.ts';

const MemberPseudonym = queryOf(memberPseudonym);
const ErasuresToAcknowledge = queryOf(erasuresToAcknowledge);
const ErasedPseudonym = queryOf(erasedPseudonym);
const AcknowledgeErasure = commandOf(acknowledgeErasure);
const messages = [MemberPseudonym, ErasuresToAcknowledge, ErasedPseudonym, AcknowledgeErasure];
export const serviceMemberHandlers = messages.map(({ Handler }) => Handler);

/** What a subscriber may know of members, and what it owes those who left. */
@ApiTags('service: members')
@ApiBearerAuth()
@Controller('service/v1')
@UseGuards(BearerGuard)
export class ServiceMemberController {
  private readonly commands: CommandBus;
  private readonly queries: QueryBus;

  constructor(commands: CommandBus, queries: QueryBus) {
    this.commands = commands;
    this.queries = queries;
  }

  /** Its own pseudonym of a member: a look that the member sees. */
  @Get('members/:oneId/pseudonym')
  @Header('cache-control', 'no-store')
  @Needs('pseudonyms.read')
  pseudonym(@From() caller: PrincipalCaller, @Id('oneId') oneId: string, @Query() { reason }: ReasonQuery) {
    return this.queries.execute(new MemberPseudonym({ caller, oneId, reason }));
  }

  /** What it has still to acknowledge. */
  @Get('erasures')
  @Needs('erasures.acknowledge')
  erasures(@From() caller: PrincipalCaller, @Query() query: PageQuery) {
    return this.queries.execute(new ErasuresToAcknowledge({ caller, ...paged(query) }));
  }

  /** Its own pseudonym of the erased, until it has acknowledged. */
  @Get('erasures/:erasure/pseudonym')
  @Header('cache-control', 'no-store')
  @Needs('erasures.acknowledge')
  erasedPseudonym(@From() caller: PrincipalCaller, @Id('erasure') erasure: string) {
    return this.queries.execute(new ErasedPseudonym({ caller, erasure }));
  }

  /** It has erased what it held. */
  @Post('erasures/:erasure/acknowledgements')
  @HttpCode(200)
  @Needs('erasures.acknowledge')
  acknowledge(
    @From() caller: PrincipalCaller,
    @Write() request: Request,
    @Id('erasure') erasure: string,
    @Body() _body: EmptyBody,
  ) {
    return this.commands.execute(new AcknowledgeErasure({ caller, request, erasure }));
  }
}
