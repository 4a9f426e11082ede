import { announceChange, type Announced } from '../changes/announce.ts';
import type { Deps } from '../deps.ts';
import type { Asking } from '../one-id/once.ts';

/** Everything that is held goes out in one piece: so it needs the palm at a device, or 72 hours. */
export async function announceDownload(deps: Deps, asking: Asking): Promise<Announced> {
  const { change, kind, takesEffectAt, confirmationCode, position } = await announceChange(deps, asking, {
    kind: 'download',
  });
  return { change, kind, takesEffectAt, confirmationCode, position };
}
