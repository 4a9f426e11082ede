import { Body, Controller, Inject, Param, Post, Req, UseGuards } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import type { DeviceCaller } from '#libs/use-cases/callers.ts';
import type { Request } from '#libs/use-cases/claim/claim.ts';
import { addEnrolmentCard } from '#libs/use-cases/enrolment/card.ts';
import { completeEnrolment } from '#libs/use-cases/enrolment/complete.ts';
import { enrolPalm } from '#libs/use-cases/enrolment/palm.ts';
import { addEnrolmentPhone, verifyEnrolmentPhone } from '#libs/use-cases/enrolment/phone.ts';
import { startEnrolment } from '#libs/use-cases/enrolment/start.ts';
import { commandOf } from '../http/messages.ts';
import { From, Write, type CallerRequest } from '../http/write.ts';
import { CardBody, CodeBody, EmptyBody, EnrolmentBody, PalmBody, PhoneBody } from './bodies.ts';
import { DeviceGuard } from './device-guard.ts';
import { DEVICE_EDGE, type DeviceEdge } from './edge.ts';
import { signedRequest } from './signed-request.ts';

const StartEnrolment = commandOf(startEnrolment);
const EnrolPalm = commandOf(enrolPalm);
const AddCard = commandOf(addEnrolmentCard);
const AddPhone = commandOf(addEnrolmentPhone);
const VerifyPhone = commandOf(verifyEnrolmentPhone);
const CompleteEnrolment = commandOf(completeEnrolment);

export const enrolmentHandlers = [StartEnrolment, EnrolPalm, AddCard, AddPhone, VerifyPhone, CompleteEnrolment].map(
  ({ Handler }) => Handler,
);

/** Consent, a palm or two, a card, a phone with its code: in a shop, in less than a minute. */
@ApiTags('device: enrolment')
@Controller('device/v1/enrolments')
@UseGuards(DeviceGuard)
export class EnrolmentController {
  private readonly bus: CommandBus;
  private readonly edge: DeviceEdge;

  constructor(bus: CommandBus, @Inject(DEVICE_EDGE) edge: DeviceEdge) {
    this.bus = bus;
    this.edge = edge;
  }

  @Post()
  start(@From() caller: DeviceCaller, @Write() request: Request, @Body() { consent }: EnrolmentBody) {
    return this.bus.execute(new StartEnrolment({ caller, request, consent }));
  }

  @Post(':handle/palms')
  palm(
    @From() caller: DeviceCaller,
    @Write() request: Request,
    @Req() http: CallerRequest,
    @Param('handle') handle: string,
    @Body() { hand, capture }: PalmBody,
  ) {
    const signed = signedRequest(http, this.edge.publicUrl());
    return this.bus.execute(new EnrolPalm({ caller, request, signed, enrolment: handle, hand, capture }));
  }

  @Post(':handle/cards')
  card(
    @From() caller: DeviceCaller,
    @Write() request: Request,
    @Param('handle') enrolment: string,
    @Body() { card }: CardBody,
  ) {
    return this.bus.execute(new AddCard({ caller, request, enrolment, card }));
  }

  @Post(':handle/phones')
  phone(
    @From() caller: DeviceCaller,
    @Write() request: Request,
    @Param('handle') enrolment: string,
    @Body() { number }: PhoneBody,
  ) {
    return this.bus.execute(new AddPhone({ caller, request, enrolment, number }));
  }

  @Post(':handle/phones/verify')
  verify(
    @From() caller: DeviceCaller,
    @Write() request: Request,
    @Param('handle') enrolment: string,
    @Body() { code }: CodeBody,
  ) {
    return this.bus.execute(new VerifyPhone({ caller, request, enrolment, code }));
  }

  @Post(':handle/complete')
  complete(
    @From() caller: DeviceCaller,
    @Write() request: Request,
    @Param('handle') enrolment: string,
    @Body() _body: EmptyBody,
  ) {
    return this.bus.execute(new CompleteEnrolment({ caller, request, enrolment }));
  }
}
