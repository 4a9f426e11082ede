import { Body, Controller, Delete, Get, HttpCode, Post, UseGuards } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { MemberCaller } from '#libs/use-cases/callers.ts';
import type { Request } from '#libs/use-cases/claim/claim.ts';
import { giveConsent } from '#libs/use-cases/consent/give.ts';
import { dropCredential, ownCredentials } from '#libs/use-cases/credentials/own.ts';
import { announceLeaving, withdrawConsent } from '#libs/use-cases/leaving/leave.ts';
import { stay } from '#libs/use-cases/leaving/stay.ts';
import { linkAccount, unlinkAccount } from '#libs/use-cases/links/link.ts';
import { overview } from '#libs/use-cases/one-id/overview.ts';
import { removePalm } from '#libs/use-cases/palms/remove.ts';
import { pauseOneId, unpauseOneId } from '#libs/use-cases/standing/pause.ts';
import { EmptyBody } from '../device/bodies.ts';
import { Id } from '../http/id.ts';
import { commandOf, queryOf } from '../http/messages.ts';
import { From, Write } from '../http/write.ts';
import { BearerGuard, Needs } from '../people/bearer-guard.ts';
import { ConsentAgainBody, LinkBody } from './bodies.ts';

const ReadOneId = queryOf(overview);
const ReadCredentials = queryOf(ownCredentials);
const DropCredential = commandOf(dropCredential);
const RemovePalm = commandOf(removePalm);
const PauseOneId = commandOf(pauseOneId);
const UnpauseOneId = commandOf(unpauseOneId);
const LinkAccount = commandOf(linkAccount);
const UnlinkAccount = commandOf(unlinkAccount);
const GiveConsent = commandOf(giveConsent);
const WithdrawConsent = commandOf(withdrawConsent);
const AnnounceLeaving = commandOf(announceLeaving);
const Stay = commandOf(stay);
const queries = [ReadOneId, ReadCredentials];
const standing = [PauseOneId, UnpauseOneId, GiveConsent, WithdrawConsent, AnnounceLeaving, Stay];
const commands = [DropCredential, RemovePalm, LinkAccount, UnlinkAccount, ...standing];
export const oneIdHandlers = [...queries, ...commands].map(({ Handler }) => Handler);

/** A member's own One ID: what it holds, whether it may be used, and the way out. */
@ApiTags('member: One ID')
@ApiBearerAuth()
@Controller('member/v1')
@UseGuards(BearerGuard)
export class OneIdController {
  private readonly commands: CommandBus;
  private readonly queries: QueryBus;

  constructor(commands: CommandBus, queries: QueryBus) {
    this.commands = commands;
    this.queries = queries;
  }

  @Get('me')
  @Needs('self.read')
  me(@From() caller: MemberCaller) {
    return this.queries.execute(new ReadOneId({ caller }));
  }

  @Get('credentials')
  @Needs('self.read')
  credentials(@From() caller: MemberCaller) {
    return this.queries.execute(new ReadCredentials({ caller }));
  }

  @Delete('credentials/:credential')
  @Needs('self.change')
  dropCredential(@From() caller: MemberCaller, @Write() request: Request, @Id('credential') credential: string) {
    return this.commands.execute(new DropCredential({ caller, request, credential }));
  }

  /** The last usable palm stays; another is added at a device. */
  @Delete('palms/:palm')
  @Needs('self.change')
  removePalm(@From() caller: MemberCaller, @Write() request: Request, @Id('palm') palm: string) {
    return this.commands.execute(new RemovePalm({ caller, request, palm }));
  }

  /** With a proof of the third party, which has signed the member in itself. */
  @Post('link')
  @Needs('self.link')
  link(@From() caller: MemberCaller, @Write() request: Request, @Body() { proof }: LinkBody) {
    return this.commands.execute(new LinkAccount({ caller, request, proof }));
  }

  @Delete('links/:link')
  @Needs('self.link')
  unlink(@From() caller: MemberCaller, @Write() request: Request, @Id('link') link: string) {
    return this.commands.execute(new UnlinkAccount({ caller, request, link }));
  }

  @Post('pause')
  @HttpCode(200)
  @Needs('self.pause')
  pause(@From() caller: MemberCaller, @Write() request: Request, @Body() _body: EmptyBody) {
    return this.commands.execute(new PauseOneId({ caller, request }));
  }

  @Post('unpause')
  @HttpCode(200)
  @Needs('self.pause')
  unpause(@From() caller: MemberCaller, @Write() request: Request, @Body() _body: EmptyBody) {
    return this.commands.execute(new UnpauseOneId({ caller, request }));
  }

  @Post('consent')
  @Needs('self.change')
  consent(@From() caller: MemberCaller, @Write() request: Request, @Body() body: ConsentAgainBody) {
    return this.commands.execute(new GiveConsent({ caller, request, ...body }));
  }

  /** Without consent nothing may be kept: it is leaving. The answer shows the receipt. */
  @Post('consent/withdrawal')
  @Needs('self.leave')
  withdrawConsent(@From() caller: MemberCaller, @Write() request: Request, @Body() _body: EmptyBody) {
    return this.commands.execute(new WithdrawConsent({ caller, request }));
  }

  /** In 72 hours, or at once by the palm at a device. The answer shows the receipt. */
  @Post('leaving')
  @Needs('self.leave')
  leave(@From() caller: MemberCaller, @Write() request: Request, @Body() _body: EmptyBody) {
    return this.commands.execute(new AnnounceLeaving({ caller, request }));
  }

  /** Until the destruction begins. An announced leaving is withdrawn among the changes. */
  @Post('leaving/withdrawal')
  @HttpCode(200)
  @Needs('self.leave')
  stay(@From() caller: MemberCaller, @Write() request: Request, @Body() _body: EmptyBody) {
    return this.commands.execute(new Stay({ caller, request }));
  }
}
