import { Body, Controller, Inject, Param, Post, Req, UseGuards } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import type { DeviceCaller } from '#libs/use-cases/callers.ts';
import { addCardAtDevice } from '#libs/use-cases/cards/add-at-device.ts';
import { confirmAtDevice } from '#libs/use-cases/changes/confirm-at-device.ts';
import type { Request } from '#libs/use-cases/claim/claim.ts';
import { askKnownMember, verifyKnownMember } from '#libs/use-cases/enrolment/known-member.ts';
import { addPalmAtDevice } from '#libs/use-cases/palms/add-at-device.ts';
import { commandOf } from '../http/messages.ts';
import { From, Write, type CallerRequest } from '../http/write.ts';
import { DeviceGuard } from './device-guard.ts';
import { DEVICE_EDGE, type DeviceEdge } from './edge.ts';
import { ConfirmationBody, KnownBody, KnownCodeBody, MemberCardBody, MemberPalmBody } from './member-bodies.ts';
import { signedRequest } from './signed-request.ts';

const AddPalm = commandOf(addPalmAtDevice);
const AddCard = commandOf(addCardAtDevice);
const Confirm = commandOf(confirmAtDevice);
const AskKnown = commandOf(askKnownMember);
const VerifyKnown = commandOf(verifyKnownMember);
export const memberAtDeviceHandlers = [AddPalm, AddCard, Confirm, AskKnown, VerifyKnown].map(({ Handler }) => Handler);

/** What a member does about the own One ID before a device, with the palm. */
@ApiTags('device: members')
@Controller('device/v1')
@UseGuards(DeviceGuard)
export class MemberAtDeviceController {
  private readonly bus: CommandBus;
  private readonly edge: DeviceEdge;

  constructor(bus: CommandBus, @Inject(DEVICE_EDGE) edge: DeviceEdge) {
    this.bus = bus;
    this.edge = edge;
  }

  /** `ticket`: of an identification for `manage`; the capture is sealed for `enrol`, under the same request. */
  @Post('members/palms')
  palm(
    @From() caller: DeviceCaller,
    @Write() request: Request,
    @Req() http: CallerRequest,
    @Body() { ticket, hand, capture }: MemberPalmBody,
  ) {
    const signed = signedRequest(http, this.edge.publicUrl());
    return this.bus.execute(new AddPalm({ caller, request, signed, ticket, hand, capture }));
  }

  @Post('members/cards')
  card(@From() caller: DeviceCaller, @Write() request: Request, @Body() { ticket, card }: MemberCardBody) {
    return this.bus.execute(new AddCard({ caller, request, ticket, card }));
  }

  /** An announced change is made at once. `ticket`: of an identification for `confirm`. */
  @Post('members/confirmations')
  confirm(@From() caller: DeviceCaller, @Write() request: Request, @Body() { ticket, code }: ConfirmationBody) {
    return this.bus.execute(new Confirm({ caller, request, ticket, code }));
  }

  /** The palm was known: a code goes to that member's phone. */
  @Post('enrolments/:handle/known')
  known(
    @From() caller: DeviceCaller,
    @Write() request: Request,
    @Param('handle') enrolment: string,
    @Body() { known }: KnownBody,
  ) {
    return this.bus.execute(new AskKnown({ caller, request, enrolment, known }));
  }

  /** They are a member already: the enrolment ends, and opens nothing of the other One ID. */
  @Post('enrolments/:handle/known/verify')
  verifyKnown(
    @From() caller: DeviceCaller,
    @Write() request: Request,
    @Param('handle') enrolment: string,
    @Body() { known, code }: KnownCodeBody,
  ) {
    return this.bus.execute(new VerifyKnown({ caller, request, enrolment, known, code }));
  }
}
