import type { Deps } from '../deps.ts';

const LONGEST_WAIT_MS = 5_000;

/** Phones and accounts have not been read up to the ledger's end yet: ask again. Never to be taken for "nobody has it". */
export class ContactsBehind extends Error {
  constructor() {
    super('contacts are not read to the end yet');
    this.name = 'ContactsBehind';
  }
}

/** Waits until the index of contacts has seen all that the ledger holds now. Throws `ContactsBehind`. */
export async function contactsReached(deps: Pick<Deps, 'ledger' | 'contacts'>): Promise<void> {
  const head = await deps.ledger.head();
  if (!(await deps.contacts.reached(head, LONGEST_WAIT_MS))) throw new ContactsBehind();
}
