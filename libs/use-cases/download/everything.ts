import { effectiveChange } from '#libs/domain/one-id/state.ts';
import { Refused } from '#libs/domain/refused.ts';
import type { MemberCaller } from '../callers.ts';
import { isoNow } from '#libs/runtime/clock.ts';
import { contactsOf } from '../contacts/contacts.ts';
import { tell } from '../contacts/tell.ts';
import type { Deps } from '../deps.ts';
import { listExpenses } from '../expenses/list.ts';
import { readReceipt } from '../expenses/receipt.ts';
import { placesVisited } from '../expenses/visited.ts';
import { ownLooks } from '../history/looks.ts';
import { ownHistory } from '../history/own.ts';
import { overview } from '../one-id/overview.ts';
import { ownOneId } from '../one-id/own.ts';

/** So long a download that took effect may be fetched. */
export const DOWNLOAD_DAYS = 7;
const PAGE = 100;

/**
 * All that is held about the member, as one JSON text in pieces: read while it is sent, and kept nowhere. Throws
 * `download-not-ready` where its change has not taken effect, `download-over` (410) a week after it has.
 *
 * Palm signatures are named and not given: they are sealed for the recognition zone alone, and in other hands would do harm.
 */
export async function everythingHeld(
  deps: Deps,
  { caller, change }: { readonly caller: MemberCaller; readonly change: string },
): Promise<AsyncGenerator<string>> {
  const { stream, state } = await ownOneId(deps, caller);
  const effective = effectiveChange(state, change);
  if (effective === undefined || effective.kind !== 'download')
    throw new Refused('download-not-ready', 'This download waits, or was never asked for.', 'forbidden');
  const now = deps.clock.now();
  if (now.getTime() - Date.parse(effective.at) > DOWNLOAD_DAYS * 86_400_000)
    throw new Refused('download-over', 'Ask for the download again.', 'gone');
  const at = isoNow(deps.clock);
  await tell(deps, stream, `downloaded/${change}/${at}`, 'security-notice', { what: 'downloaded', at });
  return pieces(deps, caller, stream);
}

async function* pieces(deps: Deps, caller: MemberCaller, stream: string): AsyncGenerator<string> {
  yield `{"madeAt":${JSON.stringify(isoNow(deps.clock))}`;
  yield `,"oneId":${JSON.stringify(await overview(deps, { caller }))}`;
  const { contacts, language } = await contactsOf(deps, stream);
  const phones = contacts.map(({ phone, number }) => ({ phone, number }));
  yield `,"contacts":${JSON.stringify({ language, phones })}`;
  const paged = { caller, limit: PAGE };
  yield* list('history', (cursor) => ownHistory(deps, { ...paged, cursor }));
  yield* list('looks', (cursor) => ownLooks(deps, { ...paged, cursor }));
  yield* list('places', (cursor) => placesVisited(deps, { ...paged, cursor }));
  yield* list('expenses', async (cursor) => {
    const { items, ...more } = await listExpenses(deps, { ...paged, cursor });
    const receipts = await Promise.all(items.map(({ payment }) => readReceipt(deps, { caller, payment })));
    return { items: receipts, ...more };
  });
  yield '}\n';
}

type Page = { readonly items: readonly object[]; readonly next?: string };

async function* list(name: string, read: (cursor: string | undefined) => Promise<Page>): AsyncGenerator<string> {
  yield `,${JSON.stringify(name)}:[`;
  let [cursor, comma]: [string | undefined, string] = [undefined, ''];
  do {
    const page: Page = await read(cursor);
    for (const item of page.items) {
      yield comma + JSON.stringify(item);
      comma = ',';
    }
    cursor = page.next;
  } while (cursor !== undefined);
  yield ']';
}
