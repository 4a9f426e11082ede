import { HttpException, Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { keyInForce, type DeviceState } from '#libs/domain/device/state.ts';
import { NEXT_HEADER } from '#libs/device-protocol/headers.ts';
import { verifyRequest } from '#libs/device-protocol/verify-request.ts';
import type { DeviceCaller } from '#libs/use-cases/callers.ts';
import type { Deps } from '#libs/use-cases/deps.ts';
import { suspectDevice } from '#libs/use-cases/party/suspect-device.ts';
import { devices } from '#libs/use-cases/stream/aggregates.ts';
import { load } from '#libs/use-cases/stream/load.ts';
import { DEPS } from '../http/messages.ts';
import type { CallerRequest } from '../http/write.ts';
import { DEVICE_EDGE, type DeviceEdge } from './edge.ts';
import { signedRequest } from './signed-request.ts';

/**
 * Lets in a device whose signature holds, whose key is in force, and whose chain goes on; a fork of the chain is reported on
 * the device's stream, and it is out until it is activated anew.
 */
@Injectable()
export class DeviceGuard implements CanActivate {
  private readonly deps: Deps;
  private readonly edge: DeviceEdge;

  constructor(@Inject(DEPS) deps: Deps, @Inject(DEVICE_EDGE) edge: DeviceEdge) {
    this.deps = deps;
    this.edge = edge;
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<CallerRequest>();
    const known = new Map<string, DeviceState>();
    const verdict = await verifyRequest(signedRequest(request, this.edge.publicUrl()), {
      now: this.deps.clock.now(),
      nonces: this.edge.nonces,
      authorities: this.edge.authorities(),
      publicKeyOf: async (keyid) => {
        const { state } = await load(this.deps.ledger, devices, `device-${keyid}`);
        known.set(keyid, state);
        return keyInForce(state);
      },
    });
    if (verdict.outcome === 'refused') throw unauthenticated(verdict.reason);
    const state = known.get(verdict.device);
    if (state === undefined || state.phase !== 'active') throw unauthenticated('device-unknown');
    const { last, print, created } = verdict;
    const followed = await this.edge.chains.follow(verdict.device, { last, print, created });
    if (followed.verdict === 'suspected') {
      await suspectDevice(this.deps, verdict.device, followed.reason);
      throw unauthenticated('device-suspected');
    }
    if (followed.verdict === 'overtaken') throw unauthenticated('overtaken');
    void context.switchToHttp().getResponse<FastifyReply>().header(NEXT_HEADER, followed.next);
    request.caller = callerOf(verdict.device, state);
    return true;
  }
}

function callerOf(device: string, state: Extract<DeviceState, { phase: 'active' }>): DeviceCaller {
  const { merchant, site, kind, nearInfrared } = state.place;
  return { kind: 'device', device, merchant, site, deviceKind: kind, nearInfrared };
}

export function unauthenticated(reason: string): HttpException {
  return new HttpException(
    { code: 'device-not-trusted', message: 'this request was not taken', extra: { reason } },
    401,
  );
}
