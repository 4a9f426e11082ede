import { Body, Controller, Get, HttpCode, Post, Query, UseGuards } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { decideDispute } from '#libs/use-cases/admin/decide-dispute.ts';
import { listDisputes, showDispute } from '#libs/use-cases/admin/disputes.ts';
import { decideDuplicate, listDuplicates, showDuplicate } from '#libs/use-cases/admin/duplicates.ts';
import { approveExport } from '#libs/use-cases/audit/export-approval.ts';
import type { PrincipalCaller } from '#libs/use-cases/callers.ts';
import type { Request } from '#libs/use-cases/claim/claim.ts';
import { Id } from '../http/id.ts';
import { commandOf, queryOf } from '../http/messages.ts';
import { PageQuery } from '../http/paging.ts';
import { From, Write } from '../http/write.ts';
import { BearerGuard, Needs } from '../people/bearer-guard.ts';
import { DecisionBody, DuplicateDecisionBody, ExportApprovalBody, ReasonQuery } from './bodies.ts';

const ListDuplicates = queryOf(listDuplicates);
const ShowDuplicate = queryOf(showDuplicate);
const DecideDuplicate = commandOf(decideDuplicate);
const ListDisputes = queryOf(listDisputes);
const ShowDispute = queryOf(showDispute);
const DecideDispute = commandOf(decideDispute);
const ApproveExport = commandOf(approveExport);
const palms = [ListDuplicates, ShowDuplicate, DecideDuplicate];
const others = [ListDisputes, ShowDispute, DecideDispute, ApproveExport];
export const caseHandlers = [...palms, ...others].map(({ Handler }) => Handler);

/** What waits for a person's decision. */
@ApiTags('admin: cases')
@ApiBearerAuth()
@Controller('admin/v1')
@UseGuards(BearerGuard)
export class CaseController {
  private readonly commands: CommandBus;
  private readonly queries: QueryBus;

  constructor(commands: CommandBus, queries: QueryBus) {
    this.commands = commands;
    this.queries = queries;
  }

  /** Palms that another One ID had first. */
  @Get('duplicate-palms')
  @Needs('palms.settle')
  duplicates(@From() caller: PrincipalCaller, @Query() query: PageQuery) {
    return this.queries.execute(new ListDuplicates({ caller, ...query }));
  }

  /** Both One IDs side by side: two looks. */
  @Get('duplicate-palms/:oneId/:palm')
  @Needs('palms.settle')
  duplicate(
    @From() caller: PrincipalCaller,
    @Id('oneId') oneId: string,
    @Id('palm') palm: string,
    @Query() { reason }: ReasonQuery,
  ) {
    return this.queries.execute(new ShowDuplicate({ caller, oneId, palm, reason }));
  }

  /** Keep the later One ID without the palm, or erase it, which a second admin approves. */
  @Post('duplicate-palms/:oneId/:palm/decision')
  @HttpCode(200)
  @Needs('palms.settle')
  settle(
    @From() caller: PrincipalCaller,
    @Write() request: Request,
    @Id('oneId') oneId: string,
    @Id('palm') palm: string,
    @Body() { outcome }: DuplicateDecisionBody,
  ) {
    return this.commands.execute(new DecideDuplicate({ caller, request, oneId, palm, outcome }));
  }

  @Get('disputes')
  @Needs('disputes.decide')
  disputes(@From() caller: PrincipalCaller, @Query() query: PageQuery) {
    return this.queries.execute(new ListDisputes({ caller, ...query }));
  }

  /** With what the recognition rested on: a look. */
  @Get('disputes/:payment/:dispute')
  @Needs('disputes.decide')
  dispute(
    @From() caller: PrincipalCaller,
    @Id('payment') payment: string,
    @Id('dispute') dispute: string,
    @Query() { reason }: ReasonQuery,
  ) {
    return this.queries.execute(new ShowDispute({ caller, payment, dispute, reason }));
  }

  @Post('disputes/:payment/:dispute/decision')
  @HttpCode(200)
  @Needs('disputes.decide')
  decide(
    @From() caller: PrincipalCaller,
    @Write() request: Request,
    @Id('payment') payment: string,
    @Id('dispute') dispute: string,
    @Body() body: DecisionBody,
  ) {
    return this.commands.execute(new DecideDispute({ caller, request, payment, dispute, ...body }));
  }

  /** An auditor's wish to see an account opened; the answer is for that auditor, good once. */
  @Post('export-approvals')
  @Needs('exports.approve')
  approveExport(@From() caller: PrincipalCaller, @Write() request: Request, @Body() body: ExportApprovalBody) {
    return this.commands.execute(new ApproveExport({ caller, request, exportRequest: body.exportRequest }));
  }
}
