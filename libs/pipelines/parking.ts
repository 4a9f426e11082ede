import type { Parked, ParkedView } from '#libs/views/parked.ts';
import type { ViewWriter } from '#libs/views/port.ts';
import { entryOf } from './projections/entry.ts';

/** Parked messages lie with the rows they could not become, so that one commit holds both. */
export interface ParkingStore extends Pick<ViewWriter, 'unpark'> {
  readonly parked: ParkedView;
}

/** `parked`: it failed again, with its new reason in the view; `behind`: another of its key stands before it. */
export type Retrying = { readonly outcome: 'done'; readonly taken: number } | Refusal;
type Refusal = { readonly outcome: 'unknown' } | { readonly outcome: 'behind' | 'parked'; readonly first: string };

const PAGE = 200;

/** Takes a stopped key's messages again, in order, from the one that stopped it. */
export async function retryParked(store: ParkingStore, id: string): Promise<Retrying> {
  const parked = await store.parked.get(id);
  if (parked === undefined) return { outcome: 'unknown' };
  return goOn(store, parked);
}

/** Lets the message that stopped its key go for good, and takes those that follow. Only the first of a key can be skipped. */
export async function skipParked(store: ParkingStore, id: string): Promise<Retrying> {
  const parked = await store.parked.get(id);
  if (parked === undefined) return { outcome: 'unknown' };
  const { topic, key, message } = parked;
  const [first] = (await store.parked.ofKey({ topic, key, limit: 1 })).items;
  if (first !== undefined && first.id !== id) return { outcome: 'behind', first: first.id };
  await store.unpark(topic, key, [{ message, skipped: true }]);
  return goOn(store, parked);
}

/** Until nothing of the key is parked: what came meanwhile has been parked behind the others. */
async function goOn(store: ParkingStore, { topic, key }: Parked): Promise<Retrying> {
  for (let taken = 0; ;) {
    const { items } = await store.parked.ofKey({ topic, key, limit: PAGE });
    if (items.length === 0) return { outcome: 'done', taken };
    const done = await store.unpark(
      topic,
      key,
      items.map(({ message }) => entryOf(message)),
    );
    taken += done;
    if (done < items.length) return { outcome: 'parked', first: items[done]!.id };
  }
}
