import { Body, Controller, Get, Header, HttpCode, Post, StreamableFile, UseGuards } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { Readable } from 'node:stream';
import type { MemberCaller } from '#libs/use-cases/callers.ts';
import { listChanges } from '#libs/use-cases/changes/list.ts';
import { withdrawChange } from '#libs/use-cases/changes/withdraw.ts';
import type { Request } from '#libs/use-cases/claim/claim.ts';
import { announceDownload } from '#libs/use-cases/download/ask.ts';
import { everythingHeld } from '#libs/use-cases/download/everything.ts';
import { EmptyBody } from '../device/bodies.ts';
import { Id } from '../http/id.ts';
import { commandOf, queryOf } from '../http/messages.ts';
import { From, Write } from '../http/write.ts';
import { BearerGuard, Needs } from '../people/bearer-guard.ts';

const ListChanges = queryOf(listChanges);
const WithdrawChange = commandOf(withdrawChange);
const AnnounceDownload = commandOf(announceDownload);
const EverythingHeld = queryOf(everythingHeld);
export const changeHandlers = [ListChanges, WithdrawChange, AnnounceDownload, EverythingHeld].map(
  ({ Handler }) => Handler,
);

/** What waits for 72 hours, the way to stop it, and what a download that took effect gives. */
@ApiTags('member: changes')
@ApiBearerAuth()
@Controller('member/v1')
@UseGuards(BearerGuard)
export class ChangeController {
  private readonly commands: CommandBus;
  private readonly queries: QueryBus;

  constructor(commands: CommandBus, queries: QueryBus) {
    this.commands = commands;
    this.queries = queries;
  }

  @Get('changes')
  @Needs('self.changes')
  changes(@From() caller: MemberCaller) {
    return this.queries.execute(new ListChanges({ caller }));
  }

  @Post('changes/:change/withdrawal')
  @HttpCode(200)
  @Needs('self.changes')
  withdraw(
    @From() caller: MemberCaller,
    @Write() request: Request,
    @Id('change') change: string,
    @Body() _body: EmptyBody,
  ) {
    return this.commands.execute(new WithdrawChange({ caller, request, change }));
  }

  /** A copy of all that is held: in 72 hours, or at once by the palm at a device. */
  @Post('downloads')
  @Needs('self.download')
  askForDownload(@From() caller: MemberCaller, @Write() request: Request, @Body() _body: EmptyBody) {
    return this.commands.execute(new AnnounceDownload({ caller, request }));
  }

  /** Read while it is sent, and kept nowhere; for a week after the change took effect. */
  @Get('downloads/:change')
  @Header('cache-control', 'no-store')
  @Needs('self.download')
  async download(@From() caller: MemberCaller, @Id('change') change: string): Promise<StreamableFile> {
    const pieces = await this.queries.execute(new EverythingHeld({ caller, change }));
    return new StreamableFile(Readable.from(pieces, { objectMode: false }), {
      type: 'application/json',
      disposition: 'attachment; filename="palmledger.json"',
    });
  }
}
