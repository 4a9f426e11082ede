import { Body, Controller, Post, UseGuards } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { PrincipalCaller } from '#libs/use-cases/callers.ts';
import { issueLinkProof } from '#libs/use-cases/links/proof.ts';
import { commandOf } from '../http/messages.ts';
import { From } from '../http/write.ts';
import { LinkProofBody } from './auth-bodies.ts';
import { BearerGuard, Needs } from './bearer-guard.ts';

const IssueLinkProof = commandOf(issueLinkProof);
export const linkProofHandlers = [IssueLinkProof.Handler];

/** How a third party vouches for an account that a member wants to link. */
@ApiTags('merchant: itself')
@ApiBearerAuth()
@Controller('merchant/v1/link-proofs')
@UseGuards(BearerGuard)
export class LinkProofController {
  private readonly bus: CommandBus;

  constructor(bus: CommandBus) {
    this.bus = bus;
  }

  /** Changes nothing: the proof holds for ten minutes, and another may be made at any time. */
  @Post()
  @Needs('credentials.grant')
  issue(@From() caller: PrincipalCaller, @Body() { account }: LinkProofBody) {
    return this.bus.execute(new IssueLinkProof({ caller, account }));
  }
}
