import { setImmediate } from 'node:timers/promises';
import { open, type OpenedEvent } from '#libs/event-codec/codec.ts';
import type { Deps } from '#libs/use-cases/deps.ts';

const AT_ONCE = 500;

/**
 * Keys of claims that still stand and whose plan or maker is this One ID: those that its transactions list, and those that no
 * transaction lists, as of an enrolment, a change, or an admin's look. Nothing but their plans tells whose they are, so all
 * claims of the last 72 hours are read; others have their turn between two pages.
 */
export async function claimsNaming(deps: Pick<Deps, 'ledger' | 'keyring'>, oneId: string): Promise<string[]> {
  const id = oneId.slice('oneId-'.length);
  const keys: string[] = [];
  for (let after = ''; ;) {
    const page = await deps.ledger.readShortLived({ after, limit: AT_ONCE });
    const last = page.at(-1);
    if (last === undefined) return keys;
    const claims = page.filter(({ type }) => type === 'Claimed');
    for (const claim of await open(deps.keyring, claims))
      if (names(claim, id)) keys.push(`claim-${claim.clear['key'] as string}`);
    after = last.stream;
    await setImmediate();
  }
}

function names({ sealed, about }: OpenedEvent, id: string): boolean {
  return JSON.stringify([sealed, about]).includes(id);
}
