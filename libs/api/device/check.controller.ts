import { Body, Controller, Post, UseGuards } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import type { DeviceCaller } from '#libs/use-cases/callers.ts';
import { checkByPalm } from '#libs/use-cases/check/check.ts';
import type { Request } from '#libs/use-cases/claim/claim.ts';
import { grantCredential } from '#libs/use-cases/credentials/grant.ts';
import { commandOf } from '../http/messages.ts';
import { From, Write } from '../http/write.ts';
import { CheckBody, CredentialBody } from './bodies.ts';
import { DeviceGuard } from './device-guard.ts';

const CheckByPalm = commandOf(checkByPalm);
const GrantCredential = commandOf(grantCredential);
export const checkHandlers = [CheckByPalm.Handler, GrantCredential.Handler];

/** Badge, loyalty card, subscription, age: granted at a third party's device, and checked there. */
@ApiTags('device: credentials')
@Controller('device/v1')
@UseGuards(DeviceGuard)
export class DeviceCheckController {
  private readonly bus: CommandBus;

  constructor(bus: CommandBus) {
    this.bus = bus;
  }

  @Post('checks')
  check(@From() caller: DeviceCaller, @Write() request: Request, @Body() { ticket, kind }: CheckBody) {
    return this.bus.execute(new CheckByPalm({ caller, request, ticket, kind }));
  }

  @Post('members/credentials')
  grant(@From() caller: DeviceCaller, @Write() request: Request, @Body() body: CredentialBody) {
    return this.bus.execute(new GrantCredential({ caller, request, ...body }));
  }
}
