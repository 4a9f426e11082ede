import { clearOf, open } from '#libs/event-codec/codec.ts';
import { readWhole } from '#libs/ledger/read-whole.ts';
import type { Deps } from '../deps.ts';
import type { ErasureSeed } from '../erasure/receipt.ts';

/** What an announced change will need when it takes effect. `leave` and a withdrawn consent carry the seed of their erasure. */
export type ChangeDetails = Readonly<Record<string, string>>;

/** Sealed with the announcement; empty where the One ID's key is gone or there is no such announcement. */
export async function detailsOf(
  deps: Pick<Deps, 'ledger' | 'keyring'>,
  stream: string,
  change: string,
): Promise<ChangeDetails> {
  for await (const record of readWhole(deps.ledger, stream, { backwards: true })) {
    if (record.type !== 'ChangeAnnounced' || clearOf(record)['change'] !== change) continue;
    const [event] = await open(deps.keyring, [record]);
    const sealed = event?.sealed;
    return sealed === undefined || sealed === 'gone' ? {} : (sealed['details'] as ChangeDetails);
  }
  return {};
}

export function detailsWith({ erasure, salt }: ErasureSeed): ChangeDetails {
  return { erasure, salt };
}

export function seedIn({ erasure, salt }: ChangeDetails): ErasureSeed {
  if (erasure === undefined || salt === undefined) throw new Error('a change that erases carries its seed');
  return { erasure, salt };
}
