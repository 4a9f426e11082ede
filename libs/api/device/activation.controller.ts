import { Body, Controller, Get, Inject, Post, Req, Res, UseGuards } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { ACTIVATION_KEY_ID, NEXT_HEADER } from '#libs/device-protocol/headers.ts';
import { verifyRequest } from '#libs/device-protocol/verify-request.ts';
import type { Deps } from '#libs/use-cases/deps.ts';
import { activateDevice } from '#libs/use-cases/party/activate-device.ts';
import type { DeviceCaller } from '#libs/use-cases/callers.ts';
import type { Request } from '#libs/use-cases/claim/claim.ts';
import { rotateDeviceKey } from '#libs/use-cases/party/device.ts';
import { commandOf, DEPS } from '../http/messages.ts';
import { From, Write, type CallerRequest } from '../http/write.ts';
import { ActivationBody, EmptyBody, KeyBody } from './bodies.ts';
import { DeviceGuard, unauthenticated } from './device-guard.ts';
import { DEVICE_EDGE, type DeviceEdge } from './edge.ts';
import { signedRequest } from './signed-request.ts';

const ActivateDevice = commandOf(activateDevice);
const RotateDeviceKey = commandOf(rotateDeviceKey);
export const activationHandlers = [ActivateDevice.Handler, RotateDeviceKey.Handler];

/** How a device becomes one of ours, learns the keys of the day, and shows that it is there. */
@ApiTags('device: itself')
@Controller('device/v1')
export class ActivationController {
  private readonly bus: CommandBus;
  private readonly deps: Deps;
  private readonly edge: DeviceEdge;

  constructor(bus: CommandBus, @Inject(DEPS) deps: Deps, @Inject(DEVICE_EDGE) edge: DeviceEdge) {
    this.bus = bus;
    this.deps = deps;
    this.edge = edge;
  }

  /** The one request without a guard: the code lets it in, and the signature shows that the key is the sender's. */
  @Post('activations')
  async activate(
    @Req() http: CallerRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Body() { code, publicKey }: ActivationBody,
  ) {
    const verdict = await verifyRequest(signedRequest(http, this.edge.publicUrl()), {
      now: this.deps.clock.now(),
      nonces: this.edge.nonces,
      authorities: this.edge.authorities(),
      publicKeyOf: (keyid) => (keyid === ACTIVATION_KEY_ID ? publicKey : undefined),
    });
    if (verdict.outcome === 'refused') throw unauthenticated(verdict.reason);
    const activated = await this.bus.execute(new ActivateDevice({ code, publicKey }));
    void reply.header(NEXT_HEADER, await this.edge.chains.begin(activated.device));
    return activated;
  }

  @Get('keys')
  @UseGuards(DeviceGuard)
  async keys() {
    const [capture, tokeniser] = await Promise.all([
      this.deps.recognition.captureKey(),
      this.deps.network.tokeniserKey(),
    ]);
    return { capture, tokeniser };
  }

  /** The device takes a new key. Signed by the one in force; where the answer was lost, the same request signed by the new one. */
  @Post('keys')
  @UseGuards(DeviceGuard)
  rotate(@From() caller: DeviceCaller, @Write() request: Request, @Body() { publicKey, proof }: KeyBody) {
    return this.bus.execute(new RotateDeviceKey({ caller, request, publicKey, proof }));
  }

  @Post('heartbeats')
  @UseGuards(DeviceGuard)
  beat(@Body() _body: EmptyBody) {
    return { now: this.deps.clock.now().toISOString() };
  }
}
