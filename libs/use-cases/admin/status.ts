import { isoNow } from '#libs/runtime/clock.ts';
import type { KeyringStatus } from '#libs/keyring/port.ts';
import type { NoticeCounts } from '#libs/notices/port.ts';
import type { ViewStatus } from '#libs/views/port.ts';
import type { Deps } from '../deps.ts';

/** How the parts stand, as they say themselves. Positions are decimal strings. */
export interface SystemStatus {
  readonly now: string;
  readonly ledger: { readonly position: string };
  readonly views: Omit<ViewStatus, 'progress'> & { readonly position: string; readonly lag: string };
  readonly contacts: { readonly position: string; readonly lag: string };
  readonly recognition: ReturnType<Deps['recognition']['ready']>;
  readonly outbox: { readonly waiting: number; readonly counts: NoticeCounts };
  readonly keyring: KeyringStatus;
  readonly erasures: { readonly inProgress: number; readonly overdue: number; readonly more: boolean };
}

/** Most erasures that are counted one by one; beyond it `more` is true. */
const COUNTED = 500;

export async function systemStatus(deps: Deps): Promise<SystemStatus> {
  const [head, views, position, waiting, keyring, erasures] = await Promise.all([
    deps.ledger.head(),
    deps.views.status(),
    deps.views.position(),
    deps.outbox.waiting(),
    deps.keyring.status(),
    deps.views.erasures.list({ limit: COUNTED }),
  ]);
  const now = isoNow(deps.clock);
  const { progress: _progress, ...shown } = views;
  const behind = (at: bigint) => ({ position: at.toString(), lag: (head > at ? head - at : 0n).toString() });
  return {
    now,
    ledger: { position: head.toString() },
    views: { ...shown, ...behind(position) },
    contacts: behind(deps.contacts.position),
    recognition: deps.recognition.ready(),
    outbox: { waiting, counts: deps.outbox.counts() },
    keyring,
    erasures: {
      inProgress: erasures.items.length,
      overdue: erasures.items.filter(({ dueBy }) => dueBy < now).length,
      more: erasures.next !== undefined,
    },
  };
}
