import { Body, Controller, Get, Post, UseGuards } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import type { DeviceCaller } from '#libs/use-cases/callers.ts';
import type { Request } from '#libs/use-cases/claim/claim.ts';
import { payByPalm } from '#libs/use-cases/payment/pay.ts';
import { readPayment } from '#libs/use-cases/payment/read.ts';
import { refundPayment } from '#libs/use-cases/payment/refund.ts';
import { voidPayment } from '#libs/use-cases/payment/void.ts';
import { Id } from '../http/id.ts';
import { commandOf, queryOf } from '../http/messages.ts';
import { From, Write } from '../http/write.ts';
import { EmptyBody, PaymentBody, RefundBody } from './bodies.ts';
import { DeviceGuard } from './device-guard.ts';

const PayByPalm = commandOf(payByPalm);
const RefundPayment = commandOf(refundPayment);
const VoidPayment = commandOf(voidPayment);
const ReadPayment = queryOf(readPayment);
export const paymentHandlers = [PayByPalm, RefundPayment, VoidPayment, ReadPayment].map(({ Handler }) => Handler);

/** Money at a till. `unknown` is no yes: repeat the request under its key, or ask by the payment's id. */
@ApiTags('device: payments')
@Controller('device/v1/payments')
@UseGuards(DeviceGuard)
export class DevicePaymentController {
  private readonly commands: CommandBus;
  private readonly queries: QueryBus;

  constructor(commands: CommandBus, queries: QueryBus) {
    this.commands = commands;
    this.queries = queries;
  }

  @Post()
  pay(@From() caller: DeviceCaller, @Write() request: Request, @Body() body: PaymentBody) {
    return this.commands.execute(new PayByPalm({ caller, request, ...body }));
  }

  @Get(':payment')
  read(@From() caller: DeviceCaller, @Id('payment') payment: string) {
    return this.queries.execute(new ReadPayment({ caller, payment }));
  }

  @Post(':payment/refunds')
  refund(
    @From() caller: DeviceCaller,
    @Write() request: Request,
    @Id('payment') payment: string,
    @Body() body: RefundBody,
  ) {
    return this.commands.execute(new RefundPayment({ caller, request, payment, ...body }));
  }

  @Post(':payment/void')
  void(
    @From() caller: DeviceCaller,
    @Write() request: Request,
    @Id('payment') payment: string,
    @Body() _body: EmptyBody,
  ) {
    return this.commands.execute(new VoidPayment({ caller, request, payment, reason: 'merchant' }));
  }
}
