import type { OneIdEvent } from '#libs/domain/one-id/events.ts';
import type { SealedPart } from '#libs/domain/event.ts';
import { Refused } from '#libs/domain/refused.ts';
import { open } from '#libs/event-codec/codec.ts';
import type { Keyring } from '#libs/keyring/port.ts';
import type { Ledger } from '#libs/ledger/port.ts';
import type { Places } from '../stream/load.ts';

type Opening = { readonly ledger: Ledger; readonly keyring: Pick<Keyring, 'open'> };

/** What is sealed of one item (card, phone, link, credential) of a One ID. Throws `item-gone` where its key is destroyed. */
export async function openItem<Type extends OneIdEvent['type']>(
  deps: Opening,
  stream: string,
  places: Places,
  reference: string,
): Promise<SealedPart<Extract<OneIdEvent, { type: Type }>, Type>> {
  const sealed = await findItem(deps, stream, places, reference);
  if (sealed === undefined) throw new Refused('item-gone', 'this has been removed', 'gone');
  return sealed as SealedPart<Extract<OneIdEvent, { type: Type }>, Type>;
}

/** The same, or undefined where there is nothing to open any more. */
export async function findItem(
  deps: Opening,
  stream: string,
  places: Places,
  reference: string,
): Promise<Record<string, unknown> | undefined> {
  const place = places[reference];
  if (place === undefined) return undefined;
  const [record] = await deps.ledger.readStream(stream, { from: BigInt(place), limit: 1 });
  if (record === undefined) return undefined;
  const [event] = await open(deps.keyring, [record]);
  return event?.sealed === 'gone' ? undefined : event?.sealed;
}
