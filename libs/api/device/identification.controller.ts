import { Body, Controller, HttpCode, Inject, Post, Req, UseGuards } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import type { DeviceCaller } from '#libs/use-cases/callers.ts';
import type { Request } from '#libs/use-cases/claim/claim.ts';
import { identify } from '#libs/use-cases/one-id/identify.ts';
import { queryOf } from '../http/messages.ts';
import { From, Write, type CallerRequest } from '../http/write.ts';
import { IdentificationBody } from './bodies.ts';
import { DeviceGuard } from './device-guard.ts';
import { DEVICE_EDGE, type DeviceEdge } from './edge.ts';
import { signedRequest } from './signed-request.ts';

const Identify = queryOf(identify);
export const identificationHandlers = [Identify.Handler];

/** Who is this? A ticket, for two minutes and one use. */
@ApiTags('device: recognition')
@Controller('device/v1/identifications')
@UseGuards(DeviceGuard)
export class IdentificationController {
  private readonly bus: QueryBus;
  private readonly edge: DeviceEdge;

  constructor(bus: QueryBus, @Inject(DEVICE_EDGE) edge: DeviceEdge) {
    this.bus = bus;
    this.edge = edge;
  }

  @Post()
  @HttpCode(200)
  identify(
    @From() caller: DeviceCaller,
    @Write() { idempotencyKey }: Request,
    @Req() http: CallerRequest,
    @Body() body: IdentificationBody,
  ) {
    const signed = signedRequest(http, this.edge.publicUrl());
    return this.bus.execute(new Identify({ caller, signed, idempotencyKey, ...body }));
  }
}
