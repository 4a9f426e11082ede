import { Body, Controller, Get, HttpCode, Post, Query, UseGuards } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { PrincipalCaller } from '#libs/use-cases/callers.ts';
import type { Request } from '#libs/use-cases/claim/claim.ts';
import {
  changeSubscription,
  listSubscribers,
  registerSubscriber,
  retireSubscriber,
} from '#libs/use-cases/subscriber/register.ts';
import { Id } from '../http/id.ts';
import { commandOf, queryOf } from '../http/messages.ts';
import { paged, PageQuery } from '../http/paging.ts';
import { From, Write } from '../http/write.ts';
import { BearerGuard, Needs } from '../people/bearer-guard.ts';
import { ReasonBody, SubscriberBody, SubscriptionBody } from './bodies.ts';

const RegisterSubscriber = commandOf(registerSubscriber);
const ChangeSubscription = commandOf(changeSubscription);
const RetireSubscriber = commandOf(retireSubscriber);
const ListAllSubscribers = queryOf(listSubscribers);
const messages = [RegisterSubscriber, ChangeSubscription, RetireSubscriber, ListAllSubscribers];
export const subscriberHandlers = messages.map(({ Handler }) => Handler);

/** Services that follow topics. */
@ApiTags('admin: subscribers')
@ApiBearerAuth()
@Controller('admin/v1/subscribers')
@UseGuards(BearerGuard)
@Needs('subscribers.manage')
export class SubscriberController {
  private readonly commands: CommandBus;
  private readonly queries: QueryBus;

  constructor(commands: CommandBus, queries: QueryBus) {
    this.commands = commands;
    this.queries = queries;
  }

  @Get()
  subscribers(@Query() query: PageQuery) {
    return this.queries.execute(new ListAllSubscribers(paged(query)));
  }

  @Post()
  register(@From() caller: PrincipalCaller, @Write() request: Request, @Body() body: SubscriberBody) {
    return this.commands.execute(new RegisterSubscriber({ caller, request, ...body }));
  }

  @Post(':subscriber/subscription')
  @HttpCode(200)
  change(
    @From() caller: PrincipalCaller,
    @Write() request: Request,
    @Id('subscriber') subscriber: string,
    @Body() body: SubscriptionBody,
  ) {
    return this.commands.execute(new ChangeSubscription({ caller, request, subscriber, ...body }));
  }

  @Post(':subscriber/retirement')
  @HttpCode(200)
  retire(
    @From() caller: PrincipalCaller,
    @Write() request: Request,
    @Id('subscriber') subscriber: string,
    @Body() { reason }: ReasonBody,
  ) {
    return this.commands.execute(new RetireSubscriber({ caller, request, subscriber, reason }));
  }
}
