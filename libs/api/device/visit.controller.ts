import { Body, Controller, Get, Post, UseGuards } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import type { DeviceCaller } from '#libs/use-cases/callers.ts';
import type { Request } from '#libs/use-cases/claim/claim.ts';
import { enterByPalm } from '#libs/use-cases/visit/enter.ts';
import { leaveByPalm } from '#libs/use-cases/visit/leave.ts';
import { readVisit } from '#libs/use-cases/visit/read.ts';
import { Id } from '../http/id.ts';
import { commandOf, queryOf } from '../http/messages.ts';
import { From, Write } from '../http/write.ts';
import { TicketBody } from './bodies.ts';
import { DeviceGuard } from './device-guard.ts';

const EnterByPalm = commandOf(enterByPalm);
const LeaveByPalm = commandOf(leaveByPalm);
const ReadVisit = queryOf(readVisit);
export const visitHandlers = [EnterByPalm.Handler, LeaveByPalm.Handler, ReadVisit.Handler];

/** A shop without checkout: in by palm, out by palm, charged once. */
@ApiTags('device: visits')
@Controller('device/v1/visits')
@UseGuards(DeviceGuard)
export class DeviceVisitController {
  private readonly bus: CommandBus;
  private readonly queries: QueryBus;

  constructor(bus: CommandBus, queries: QueryBus) {
    this.bus = bus;
    this.queries = queries;
  }

  @Post()
  enter(@From() caller: DeviceCaller, @Write() request: Request, @Body() { ticket }: TicketBody) {
    return this.bus.execute(new EnterByPalm({ caller, request, ticket }));
  }

  @Post('leave')
  leave(@From() caller: DeviceCaller, @Write() request: Request, @Body() { ticket }: TicketBody) {
    return this.bus.execute(new LeaveByPalm({ caller, request, ticket }));
  }

  /** What became of it, where the gate heard "unknown". Repeating the request under its key also moves the charge on. */
  @Get(':visit')
  read(@From() caller: DeviceCaller, @Id('visit') visit: string) {
    return this.queries.execute(new ReadVisit({ caller, visit }));
  }
}
