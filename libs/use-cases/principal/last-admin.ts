import { hasRole } from '#libs/domain/principal/state.ts';
import { Refused } from '#libs/domain/refused.ts';
import { clearOf } from '#libs/event-codec/codec.ts';
import type { Ledger } from '#libs/ledger/port.ts';
import type { Deps } from '../deps.ts';
import { principals } from '../stream/aggregates.ts';
import { load } from '../stream/load.ts';

const PAGE = 500;
const turns = new WeakMap<Ledger, Promise<unknown>>();

/**
 * Does something that takes an admin away, where another one stays. One at a time: two admins who take the role from each
 * other at the same moment must not both succeed, and no stream holds both. Throws `last-admin`.
 */
export function whileAnotherAdminStays<T>(
  deps: Pick<Deps, 'ledger'>,
  principal: string,
  work: () => Promise<T>,
): Promise<T> {
  const before = turns.get(deps.ledger) ?? Promise.resolve();
  const turn = before.then(async () => {
    if (!(await anotherAdmin(deps.ledger, principal))) throw new Refused('last-admin', 'The last admin stays.');
    return work();
  });
  turns.set(
    deps.ledger,
    turn.catch(() => undefined),
  );
  return turn;
}

/** From the ledger itself: a view may lag, and would count an admin who is gone. */
async function anotherAdmin(ledger: Ledger, principal: string): Promise<boolean> {
  const asked = new Set([`principal-${principal}`]);
  for (let after = 0n; ;) {
    const { records, next } = await ledger.readAll({ after, limit: PAGE, types: ['RoleGranted'] });
    for (const record of records) {
      if (asked.has(record.stream) || clearOf(record)['role'] !== 'admin') continue;
      asked.add(record.stream);
      const { state } = await load(ledger, principals, record.stream);
      if (hasRole(state, 'admin')) return true;
    }
    if (next === after) return false;
    after = next;
  }
}
