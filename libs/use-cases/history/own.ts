import { open } from '#libs/event-codec/codec.ts';
import { readPages } from '#libs/ledger/read-whole.ts';
import type { MemberCaller } from '../callers.ts';
import type { Deps } from '../deps.ts';
import { cursorAt, revisionIn } from '../expenses/cursor.ts';
import { ownOneId } from '../one-id/own.ts';
import { NOT_TOLD, told, type HistoryEntry } from './told.ts';

export interface ReadHistory {
  readonly caller: MemberCaller;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** What changed on the account, when, by whom and from which device, newest first; opened while the keys live. */
export async function ownHistory(
  deps: Deps,
  { caller, limit, cursor }: ReadHistory,
): Promise<{ items: readonly HistoryEntry[]; next?: string }> {
  const { stream } = await ownOneId(deps, caller);
  const before = revisionIn(deps, 'history', caller.oneId, cursor);
  if (before === 0n) return { items: [] };
  const items: HistoryEntry[] = [];
  const start = before === undefined ? {} : { from: before - 1n };
  for await (const page of readPages(deps.ledger, stream, { ...start, backwards: true, limit: 200 })) {
    const left = page.filter(({ type }) => !NOT_TOLD.includes(type)).slice(0, limit - items.length);
    items.push(...(await open(deps.keyring, left)).map(told));
    const last = left.at(-1);
    if (items.length === limit && last !== undefined)
      return { items, next: cursorAt(deps, 'history', caller.oneId, last.revision) };
  }
  return { items };
}
