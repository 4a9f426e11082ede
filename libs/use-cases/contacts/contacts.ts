import { isLiving, verifiedPhones } from '#libs/domain/one-id/state.ts';
import { open } from '#libs/event-codec/codec.ts';
import { LANGUAGES, type Language } from '#libs/notices/templates.ts';
import type { Deps } from '../deps.ts';
import { findItem } from '../one-id/items.ts';
import { oneIds } from '../stream/aggregates.ts';
import { load } from '../stream/load.ts';

/** A verified phone, with the key that seals what waits for it. */
export interface Contact {
  readonly phone: string;
  readonly number: string;
  readonly key: string;
}

export interface Contacts {
  readonly contacts: readonly Contact[];
  readonly language: Language;
}

/** Every way to reach a member, and their language. Needs the keys: only use cases and workflows that send may ask. */
export async function contactsOf(deps: Pick<Deps, 'ledger' | 'keyring'>, stream: string): Promise<Contacts> {
  const { state, places } = await load(deps.ledger, oneIds, stream);
  if (!isLiving(state)) return { contacts: [], language: 'en' };
  const contacts: Contact[] = [];
  for (const { phone } of verifiedPhones(state)) {
    const sealed = await findItem(deps, stream, places, phone);
    if (sealed !== undefined) contacts.push({ phone, number: sealed['number'] as string, key: `${stream}/${phone}` });
  }
  return { contacts, language: await languageOf(deps, stream) };
}

/** The language in which the person agreed to the text. */
export async function languageOf(deps: Pick<Deps, 'ledger' | 'keyring'>, stream: string): Promise<Language> {
  const beginning = await deps.ledger.readStream(stream, { limit: 5 });
  const [consent] = await open(deps.keyring, beginning.filter(({ type }) => type === 'ConsentGiven').slice(0, 1));
  const sealed = consent?.sealed;
  const language = sealed === undefined || sealed === 'gone' ? undefined : (sealed['language'] as string);
  return LANGUAGES.find((one) => one === language) ?? 'en';
}
