import { Body, Controller, Get, Post, Query, UseGuards } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { MemberCaller } from '#libs/use-cases/callers.ts';
import type { Request } from '#libs/use-cases/claim/claim.ts';
import { disputeOwnPayment } from '#libs/use-cases/expenses/dispute.ts';
import { listExpenses } from '#libs/use-cases/expenses/list.ts';
import { expensesByMonth } from '#libs/use-cases/expenses/months.ts';
import { readReceipt } from '#libs/use-cases/expenses/receipt.ts';
import { placesVisited } from '#libs/use-cases/expenses/visited.ts';
import { ownLooks } from '#libs/use-cases/history/looks.ts';
import { ownHistory } from '#libs/use-cases/history/own.ts';
import { Id } from '../http/id.ts';
import { commandOf, queryOf } from '../http/messages.ts';
import { PageQuery, SpanQuery } from '../http/paging.ts';
import { From, Write } from '../http/write.ts';
import { BearerGuard, Needs } from '../people/bearer-guard.ts';
import { DisputeBody, ExpensesQuery, pageOf, spanOf } from './bodies.ts';

const ListExpenses = queryOf(listExpenses);
const ExpensesByMonth = queryOf(expensesByMonth);
const ReadReceipt = queryOf(readReceipt);
const PlacesVisited = queryOf(placesVisited);
const OwnHistory = queryOf(ownHistory);
const OwnLooks = queryOf(ownLooks);
const DisputePayment = commandOf(disputeOwnPayment);
const queries = [ListExpenses, ExpensesByMonth, ReadReceipt, PlacesVisited, OwnHistory, OwnLooks];
export const expenseHandlers = [...queries, DisputePayment].map(({ Handler }) => Handler);

/** What the palm has done, and what was done to the account: joined when it is read. */
@ApiTags('member: looking back')
@ApiBearerAuth()
@Controller('member/v1')
@UseGuards(BearerGuard)
export class ExpenseController {
  private readonly commands: CommandBus;
  private readonly queries: QueryBus;

  constructor(commands: CommandBus, queries: QueryBus) {
    this.commands = commands;
    this.queries = queries;
  }

  @Get('expenses')
  @Needs('self.history')
  expenses(@From() caller: MemberCaller, @Query() query: ExpensesQuery) {
    const { merchant, site } = query;
    return this.queries.execute(new ListExpenses({ caller, merchant, site, ...spanOf(query), ...pageOf(query) }));
  }

  /** Of the last year unless a span is named. */
  @Get('expenses/months')
  @Needs('self.history')
  months(@From() caller: MemberCaller, @Query() query: SpanQuery) {
    return this.queries.execute(new ExpensesByMonth({ caller, ...spanOf(query) }));
  }

  @Get('expenses/:payment')
  @Needs('self.receipts')
  receipt(@From() caller: MemberCaller, @Id('payment') payment: string) {
    return this.queries.execute(new ReadReceipt({ caller, payment }));
  }

  /** "That was not me." */
  @Post('expenses/:payment/disputes')
  @Needs('self.dispute')
  dispute(
    @From() caller: MemberCaller,
    @Write() request: Request,
    @Id('payment') payment: string,
    @Body() { said, amount }: DisputeBody,
  ) {
    return this.commands.execute(new DisputePayment({ caller, request, payment, said, amount }));
  }

  /** Where and when a device saw the palm: to pay, to enter, to show a credential. */
  @Get('places')
  @Needs('self.history')
  places(@From() caller: MemberCaller, @Query() query: SpanQuery) {
    return this.queries.execute(new PlacesVisited({ caller, ...spanOf(query), ...pageOf(query) }));
  }

  @Get('history')
  @Needs('self.history')
  history(@From() caller: MemberCaller, @Query() page: PageQuery) {
    return this.queries.execute(new OwnHistory({ caller, ...pageOf(page) }));
  }

  @Get('looks')
  @Needs('self.looks')
  looks(@From() caller: MemberCaller, @Query() page: PageQuery) {
    return this.queries.execute(new OwnLooks({ caller, ...pageOf(page) }));
  }
}
