import type { ChangeKind } from '#libs/domain/one-id/events.ts';
import type { Hand } from '#libs/domain/values.ts';
import { open, type OpenedEvent } from '#libs/event-codec/codec.ts';
import type { StoredRecord } from '#libs/ledger/port.ts';
import { readWhole } from '#libs/ledger/read-whole.ts';
import { tell } from '#libs/use-cases/contacts/tell.ts';
import type { Deps } from '#libs/use-cases/deps.ts';
import { findItem } from '#libs/use-cases/one-id/items.ts';
import { oneIds } from '#libs/use-cases/stream/aggregates.ts';
import { load } from '#libs/use-cases/stream/load.ts';

/**
 * What an event of a workflow says to people. The event is the message's intent: after a crash it is told again under the
 * same id, so it is never lost and arrives once.
 */
export async function tellOf(deps: Deps, stream: string, revision: bigint): Promise<void> {
  const [record] = await deps.ledger.readStream(stream, { from: revision, limit: 1 });
  if (record === undefined) return;
  const [event] = await open(deps.keyring, [record]);
  if (event === undefined) return;
  switch (event.type) {
    case 'ExpiryWarned':
      return void (await tell(deps, stream, `warned/${event.id}`, 'expiry-warned', {
        expiresOn: event.clear['expiresOn'] as string,
      }));
    // Whoever announced it told it at once; were that lost in a crash, 72 hours would pass in silence.
    case 'ChangeAnnounced':
      return changeAnnounced(deps, event);
    case 'PhoneRemoved':
      return phoneTaken(deps, event);
    case 'PalmDuplicateFound':
      return duplicateFound(deps, event, record);
    default:
      return undefined;
  }
}

async function changeAnnounced(deps: Deps, { stream, clear }: OpenedEvent): Promise<void> {
  const {
    change: reference,
    kind,
    takesEffectAt,
  } = clear as { change: string; kind: ChangeKind; takesEffectAt: string };
  await tell(deps, stream, `change-announced/${reference}`, 'change-announced', { change: kind, takesEffectAt });
}

async function phoneTaken(deps: Deps, { stream, clear, id, at }: OpenedEvent): Promise<void> {
  const phone = clear['phone'] as string;
  const { places } = await load(deps.ledger, oneIds, stream);
  const sealed = await findItem(deps, stream, places, phone);
  // Told late, after its key has gone: then even its last two digits are.
  const lastTwo = sealed === undefined ? '..' : (sealed['number'] as string).slice(-2);
  await tell(deps, stream, `phone-taken/${id}`, 'phone-taken', { lastTwo, at });
}

/** The one who was there first hears that somebody tried; the other that the palm was taken off. */
async function duplicateFound(deps: Deps, event: OpenedEvent, record: StoredRecord): Promise<void> {
  const { stream, id, at, sealed } = event;
  if (sealed !== undefined && sealed !== 'gone') {
    await tell(deps, `oneId-${sealed['oneId'] as string}`, `palm-known/${id}`, 'palm-known', { at });
  }
  const hand = await handOf(deps, record.stream, event.clear['palm'] as string);
  if (hand !== undefined) await tell(deps, stream, `palm-taken/${id}`, 'palm-removed', { hand, at });
}

async function handOf(deps: Deps, stream: string, palm: string): Promise<Hand | undefined> {
  for await (const { type, clear } of readWhole(deps.ledger, stream)) {
    if (type !== 'PalmEnrolled') continue;
    const enrolled = JSON.parse(clear) as { palm: string; hand: Hand };
    if (enrolled.palm === palm) return enrolled.hand;
  }
  return undefined;
}
