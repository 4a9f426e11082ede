import { Body, Controller, Post, UseGuards } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import type { DeviceCaller } from '#libs/use-cases/callers.ts';
import type { Request } from '#libs/use-cases/claim/claim.ts';
import { enterByPalm } from '#libs/use-cases/visit/enter.ts';
import { leaveByPalm } from '#libs/use-cases/visit/leave.ts';
import { commandOf } from '../http/messages.ts';
import { From, Write } from '../http/write.ts';
import { TicketBody } from './bodies.ts';
import { DeviceGuard } from './device-guard.ts';

const EnterByPalm = commandOf(enterByPalm);
const LeaveByPalm = commandOf(leaveByPalm);
export const visitHandlers = [EnterByPalm.Handler, LeaveByPalm.Handler];

/** A shop without checkout: in by palm, out by palm, charged once. */
@ApiTags('device: visits')
@Controller('device/v1/visits')
@UseGuards(DeviceGuard)
export class DeviceVisitController {
  private readonly bus: CommandBus;

  constructor(bus: CommandBus) {
    this.bus = bus;
  }

  @Post()
  enter(@From() caller: DeviceCaller, @Write() request: Request, @Body() { ticket }: TicketBody) {
    return this.bus.execute(new EnterByPalm({ caller, request, ticket }));
  }

  @Post('leave')
  leave(@From() caller: DeviceCaller, @Write() request: Request, @Body() { ticket }: TicketBody) {
    return this.bus.execute(new LeaveByPalm({ caller, request, ticket }));
  }
}
