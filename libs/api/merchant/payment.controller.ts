import { Body, Controller, Get, Post, Query, UseGuards } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { PrincipalCaller } from '#libs/use-cases/callers.ts';
import type { Request } from '#libs/use-cases/claim/claim.ts';
import { listChecks, listPayments, listVisits, totalsByDay } from '#libs/use-cases/merchant/lists.ts';
import { readPayment } from '#libs/use-cases/payment/read.ts';
import { refundPayment } from '#libs/use-cases/payment/refund.ts';
import { voidPayment } from '#libs/use-cases/payment/void.ts';
import { endVisitByShop } from '#libs/use-cases/visit/end-by-shop.ts';
import { moveItem, readCart } from '#libs/use-cases/visit/items.ts';
import { EmptyBody, RefundBody } from '../device/bodies.ts';
import { Id } from '../http/id.ts';
import { commandOf, queryOf } from '../http/messages.ts';
import { DaysQuery, paged, SpanQuery } from '../http/paging.ts';
import { From, Write } from '../http/write.ts';
import { BearerGuard, Needs } from '../people/bearer-guard.ts';
import { ItemBody, ReasonBody } from './bodies.ts';

const Refund = commandOf(refundPayment);
const Void = commandOf(voidPayment);
const MoveItem = commandOf(moveItem);
const EndVisit = commandOf(endVisitByShop);
const ReadPayment = queryOf(readPayment);
const ReadCart = queryOf(readCart);
const ListPayments = queryOf(listPayments);
const ListVisits = queryOf(listVisits);
const ListChecks = queryOf(listChecks);
const Totals = queryOf(totalsByDay);
const messages = [
  Refund,
  Void,
  MoveItem,
  EndVisit,
  ReadPayment,
  ReadCart,
  ListPayments,
  ListVisits,
  ListChecks,
  Totals,
];
export const merchantPaymentHandlers = messages.map(({ Handler }) => Handler);

/** What a merchant's people and shops see and do: its own payments, visits and checks, each member by its own pseudonym. */
@ApiTags('merchant: business')
@ApiBearerAuth()
@Controller('merchant/v1')
@UseGuards(BearerGuard)
export class MerchantPaymentController {
  private readonly commands: CommandBus;
  private readonly queries: QueryBus;

  constructor(commands: CommandBus, queries: QueryBus) {
    this.commands = commands;
    this.queries = queries;
  }

  @Get('payments')
  @Needs('payments.read')
  payments(@From() caller: PrincipalCaller, @Query() query: SpanQuery) {
    return this.queries.execute(new ListPayments({ caller, ...paged(query) }));
  }

  @Get('payments/:payment')
  @Needs('payments.read')
  payment(@From() caller: PrincipalCaller, @Id('payment') payment: string) {
    return this.queries.execute(new ReadPayment({ caller, payment }));
  }

  /** Of members who left, too: it goes by the network's own reference. */
  @Post('payments/:payment/refunds')
  @Needs('payments.refund')
  refund(
    @From() caller: PrincipalCaller,
    @Write() request: Request,
    @Id('payment') payment: string,
    @Body() body: RefundBody,
  ) {
    return this.commands.execute(new Refund({ caller, request, payment, ...body }));
  }

  @Post('payments/:payment/void')
  @Needs('payments.void')
  void(
    @From() caller: PrincipalCaller,
    @Write() request: Request,
    @Id('payment') payment: string,
    @Body() { reason }: ReasonBody,
  ) {
    return this.commands.execute(new Void({ caller, request, payment, reason }));
  }

  @Get('totals')
  @Needs('totals.read')
  totals(@From() caller: PrincipalCaller, @Query() query: DaysQuery) {
    return this.queries.execute(new Totals({ caller, ...paged(query) }));
  }

  @Get('visits')
  @Needs('visits.read')
  visits(@From() caller: PrincipalCaller, @Query() query: SpanQuery) {
    return this.queries.execute(new ListVisits({ caller, ...paged(query) }));
  }

  @Get('visits/:visit')
  @Needs('visits.read')
  visit(@From() caller: PrincipalCaller, @Id('visit') visit: string) {
    return this.queries.execute(new ReadCart({ caller, visit }));
  }

  /** The shop saw something leave a shelf, or come back. */
  @Post('visits/:visit/items')
  @Needs('visits.fill')
  item(@From() caller: PrincipalCaller, @Write() request: Request, @Id('visit') visit: string, @Body() body: ItemBody) {
    return this.commands.execute(new MoveItem({ caller, request, visit, ...body }));
  }

  /** The person walked out without the palm at the gate: what was taken is charged. */
  @Post('visits/:visit/end')
  @Needs('visits.fill')
  end(
    @From() caller: PrincipalCaller,
    @Write() request: Request,
    @Id('visit') visit: string,
    @Body() _body: EmptyBody,
  ) {
    return this.commands.execute(new EndVisit({ caller, request, visit }));
  }

  @Get('checks')
  @Needs('checks.read')
  checks(@From() caller: PrincipalCaller, @Query() query: SpanQuery) {
    return this.queries.execute(new ListChecks({ caller, ...paged(query) }));
  }
}
