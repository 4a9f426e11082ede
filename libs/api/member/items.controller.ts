import { Body, Controller, Delete, Get, HttpCode, Post, UseGuards } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { MemberCaller } from '#libs/use-cases/callers.ts';
import { addOwnCard } from '#libs/use-cases/cards/add.ts';
import { makeCardDefault } from '#libs/use-cases/cards/make-default.ts';
import { removeCard } from '#libs/use-cases/cards/remove.ts';
import { tokeniserKey } from '#libs/use-cases/cards/tokeniser-key.ts';
import type { Request } from '#libs/use-cases/claim/claim.ts';
import { addOwnPhone, verifyOwnPhone } from '#libs/use-cases/phones/add.ts';
import { removePhone, replacePhone } from '#libs/use-cases/phones/remove.ts';
import { CardBody, CodeBody, EmptyBody, PhoneBody } from '../device/bodies.ts';
import { Id } from '../http/id.ts';
import { commandOf, queryOf } from '../http/messages.ts';
import { From, Write } from '../http/write.ts';
import { BearerGuard, Needs } from '../people/bearer-guard.ts';
import { ReplacementBody } from './bodies.ts';

const ReadTokeniserKey = queryOf(tokeniserKey);
const AddOwnCard = commandOf(addOwnCard);
const MakeCardDefault = commandOf(makeCardDefault);
const RemoveCard = commandOf(removeCard);
const AddOwnPhone = commandOf(addOwnPhone);
const VerifyOwnPhone = commandOf(verifyOwnPhone);
const RemovePhone = commandOf(removePhone);
const ReplacePhone = commandOf(replacePhone);
const commands = [AddOwnCard, MakeCardDefault, RemoveCard, AddOwnPhone, VerifyOwnPhone, RemovePhone, ReplacePhone];
export const itemHandlers = [ReadTokeniserKey, ...commands].map(({ Handler }) => Handler);

/** Cards and phones. A code adds; what takes a verified phone away waits for 72 hours, or for the palm at a device. */
@ApiTags('member: cards and phones')
@ApiBearerAuth()
@Controller('member/v1')
@UseGuards(BearerGuard)
export class MemberItemController {
  private readonly commands: CommandBus;
  private readonly queries: QueryBus;

  constructor(commands: CommandBus, queries: QueryBus) {
    this.commands = commands;
    this.queries = queries;
  }

  /** Card numbers are encrypted to this key: nobody here could open one. */
  @Get('tokeniser-key')
  @Needs('self.read')
  tokeniserKey() {
    return this.queries.execute(new ReadTokeniserKey({}));
  }

  @Post('cards')
  @Needs('self.add')
  addCard(@From() caller: MemberCaller, @Write() request: Request, @Body() { card }: CardBody) {
    return this.commands.execute(new AddOwnCard({ caller, request, card }));
  }

  @Post('cards/:card/default')
  @HttpCode(200)
  @Needs('self.change')
  makeDefault(
    @From() caller: MemberCaller,
    @Write() request: Request,
    @Id('card') card: string,
    @Body() _body: EmptyBody,
  ) {
    return this.commands.execute(new MakeCardDefault({ caller, request, card }));
  }

  @Delete('cards/:card')
  @Needs('self.change')
  removeCard(@From() caller: MemberCaller, @Write() request: Request, @Id('card') card: string) {
    return this.commands.execute(new RemoveCard({ caller, request, card }));
  }

  /** Sends a code to it. */
  @Post('phones')
  @Needs('self.add')
  addPhone(@From() caller: MemberCaller, @Write() request: Request, @Body() { number }: PhoneBody) {
    return this.commands.execute(new AddOwnPhone({ caller, request, number }));
  }

  @Post('phones/:phone/verification')
  @HttpCode(200)
  @Needs('self.add')
  verifyPhone(
    @From() caller: MemberCaller,
    @Write() request: Request,
    @Id('phone') phone: string,
    @Body() { code }: CodeBody,
  ) {
    return this.commands.execute(new VerifyOwnPhone({ caller, request, phone, code }));
  }

  /** At once where it was never verified; else an announced change. */
  @Delete('phones/:phone')
  @Needs('self.change')
  removePhone(@From() caller: MemberCaller, @Write() request: Request, @Id('phone') phone: string) {
    return this.commands.execute(new RemovePhone({ caller, request, phone }));
  }

  /** An announced change: another phone, verified already, comes in this one's place. */
  @Post('phones/:phone/replacement')
  @Needs('self.change')
  replacePhone(
    @From() caller: MemberCaller,
    @Write() request: Request,
    @Id('phone') phone: string,
    @Body() { by }: ReplacementBody,
  ) {
    return this.commands.execute(new ReplacePhone({ caller, request, phone, by }));
  }
}
