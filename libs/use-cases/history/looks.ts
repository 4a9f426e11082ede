import type { ActorKind } from '#libs/domain/values.ts';
import { open } from '#libs/event-codec/codec.ts';
import type { StoredRecord } from '#libs/ledger/port.ts';
import { readPages } from '#libs/ledger/read-whole.ts';
import type { Deps } from '../deps.ts';
import { cursorAt, revisionIn } from '../expenses/cursor.ts';
import { ownOneId } from '../one-id/own.ts';
import type { ReadHistory } from './own.ts';

/** Somebody who works here looked at the account. */
export interface LookSeen {
  readonly at: string;
  readonly by: { readonly kind: ActorKind; readonly principal: string };
  readonly reason: string;
  readonly askedFor?: string;
}

/** Who looked, and why, newest first. */
export async function ownLooks(
  deps: Deps,
  { caller, limit, cursor }: ReadHistory,
): Promise<{ items: readonly LookSeen[]; next?: string }> {
  const { stream } = await ownOneId(deps, caller);
  const before = revisionIn(deps, 'looks', caller.oneId, cursor);
  if (before === 0n) return { items: [] };
  const items: LookSeen[] = [];
  const start = before === undefined ? {} : { from: before - 1n };
  for await (const page of readPages(deps.ledger, stream, { ...start, backwards: true, limit: 200 })) {
    for (const record of page.filter(({ type }) => type === 'LookRecorded')) {
      const look = await lookOf(deps, record);
      if (look === undefined) continue;
      items.push(look);
      if (items.length === limit) return { items, next: cursorAt(deps, 'looks', caller.oneId, record.revision) };
    }
  }
  return { items };
}

/** Undefined where it was announced on this stream and never came to be: then nobody saw anything. */
async function lookOf(deps: Deps, record: StoredRecord): Promise<LookSeen | undefined> {
  const [recorded] = await open(deps.keyring, [record]);
  const sealed = recorded?.sealed;
  if (sealed === undefined || sealed === 'gone') return undefined;
  const [looked] = await open(deps.keyring, await deps.ledger.readStream(sealed['look'] as string, { limit: 1 }));
  if (looked === undefined) return undefined;
  const { when, principal, reason } = looked.clear as { when: string; principal: string; reason: string };
  const asked = looked.sealed === undefined || looked.sealed === 'gone' ? undefined : looked.sealed['askedFor'];
  const askedFor = typeof asked === 'string' ? { askedFor: asked } : {};
  return { at: when, by: { kind: looked.actor, principal }, reason, ...askedFor };
}
