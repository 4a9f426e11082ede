import { keyInForce } from '#libs/domain/device/state.ts';
import { refusedByHead } from '#libs/device-protocol/verify-request.ts';
import type { Deps } from '#libs/use-cases/deps.ts';
import { devices } from '#libs/use-cases/stream/aggregates.ts';
import { load } from '#libs/use-cases/stream/load.ts';
import type { CallerRequest } from '../http/write.ts';
import type { DeviceEdge } from './edge.ts';
import { signedRequest } from './signed-request.ts';

/** Whether the headers of a request that carries pictures are signed by a device that may send them; else why not. */
export function vouchedByHead(deps: Pick<Deps, 'ledger' | 'clock'>, edge: DeviceEdge) {
  return (request: CallerRequest): Promise<string | undefined> =>
    refusedByHead(signedRequest(request, edge.publicUrl()), {
      now: deps.clock.now(),
      authorities: edge.authorities(),
      publicKeyOf: async (keyid) => {
        const { state } = await load(deps.ledger, devices, `device-${keyid}`);
        return state.phase === 'active' ? keyInForce(state) : undefined;
      },
    });
}
