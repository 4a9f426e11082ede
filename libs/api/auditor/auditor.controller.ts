import { Body, Controller, Get, Header, Post, Query, StreamableFile, UseGuards } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { Readable } from 'node:stream';
import { requestExport } from '#libs/use-cases/audit/export-approval.ts';
import { exportAccount } from '#libs/use-cases/audit/export.ts';
import { listLooks, listPurchases, purchaseTotals } from '#libs/use-cases/audit/lists.ts';
import { replayAccount } from '#libs/use-cases/audit/replay.ts';
import type { PrincipalCaller } from '#libs/use-cases/callers.ts';
import type { Request } from '#libs/use-cases/claim/claim.ts';
import { Id } from '../http/id.ts';
import { commandOf, queryOf } from '../http/messages.ts';
import { paged } from '../http/paging.ts';
import { From, Write } from '../http/write.ts';
import { BearerGuard, Needs } from '../people/bearer-guard.ts';
import {
  ExportQuery,
  ExportRequestBody,
  LooksQuery,
  PurchasesQuery,
  PurchaseTotalsQuery,
  ReplayQuery,
} from './bodies.ts';

const ReplayAccount = queryOf(replayAccount);
const ExportAccount = queryOf(exportAccount);
const RequestExport = commandOf(requestExport);
const ListLooks = queryOf(listLooks);
const ListPurchases = queryOf(listPurchases);
const PurchaseTotals = queryOf(purchaseTotals);
const messages = [ReplayAccount, ExportAccount, RequestExport, ListLooks, ListPurchases, PurchaseTotals];
export const auditorHandlers = messages.map(({ Handler }) => Handler);

/** Auditors read the ledger itself; every look at a person is recorded with its reason, and its member sees it. */
@ApiTags('auditor')
@ApiBearerAuth()
@Controller('auditor/v1')
@UseGuards(BearerGuard)
export class AuditorController {
  private readonly commands: CommandBus;
  private readonly queries: QueryBus;

  constructor(commands: CommandBus, queries: QueryBus) {
    this.commands = commands;
    this.queries = queries;
  }

  /** An account as of a moment or a position: what was known of it, and page by page what led there. */
  @Get('accounts/:oneId/replay')
  @Header('cache-control', 'no-store')
  @Needs('accounts.replay')
  replay(@From() caller: PrincipalCaller, @Id('oneId') oneId: string, @Query() query: ReplayQuery) {
    const { position, ...rest } = query;
    const place = position === undefined ? {} : { position: BigInt(position) };
    return this.queries.execute(new ReplayAccount({ caller, oneId, ...rest, ...place }));
  }

  /** JSON lines: sealed as stored, with leaf hashes; with an admin's approval also what the keys open. */
  @Get('accounts/:oneId/export')
  @Header('cache-control', 'no-store')
  @Needs('accounts.export')
  async export(
    @From() caller: PrincipalCaller,
    @Id('oneId') oneId: string,
    @Query() query: ExportQuery,
  ): Promise<StreamableFile> {
    const lines = await this.queries.execute(new ExportAccount({ caller, oneId, ...query }));
    return new StreamableFile(Readable.from(lines, { objectMode: false }), {
      type: 'application/x-ndjson',
      disposition: 'attachment; filename="account.jsonl"',
    });
  }

  /** To be handed to an admin, who approves it at /admin/v1/export-approvals. */
  @Post('export-requests')
  @Needs('accounts.export')
  requestExport(@From() caller: PrincipalCaller, @Write() request: Request, @Body() body: ExportRequestBody) {
    return this.commands.execute(new RequestExport({ caller, request, ...body }));
  }

  /** Who looked at somebody, when and why. */
  @Get('looks')
  @Needs('looks.read')
  looks(@From() caller: PrincipalCaller, @Query() query: LooksQuery) {
    return this.queries.execute(new ListLooks({ caller, ...query }));
  }

  /** Of all merchants, without the member. */
  @Get('purchases')
  @Needs('purchases.audit')
  purchases(@Query() query: PurchasesQuery) {
    return this.queries.execute(new ListPurchases(paged(query)));
  }

  @Get('totals')
  @Needs('purchases.audit')
  totals(@Query() query: PurchaseTotalsQuery) {
    return this.queries.execute(new PurchaseTotals(paged(query)));
  }
}
