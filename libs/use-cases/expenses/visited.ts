import type { TransactionKind } from '#libs/domain/one-id/events.ts';
import type { CredentialKind } from '#libs/domain/values.ts';
import type { MemberCaller } from '../callers.ts';
import type { Deps } from '../deps.ts';
import { ownOneId } from '../one-id/own.ts';
import { checks } from '../stream/aggregates.ts';
import { load } from '../stream/load.ts';
import { cursorAt, revisionIn } from './cursor.ts';
import { shopsOf, type Shop } from './places.ts';
import { idIn, usesOf, type Span, type Use } from './uses.ts';

/** Somewhere that a device saw the palm: to pay, to enter, to show a credential, to enrol or change something. */
export interface PlaceVisited extends Shop {
  readonly at: string;
  readonly kind: TransactionKind;
  readonly device: string;
  readonly payment?: string;
  readonly visit?: string;
  /** Of a credential that was shown. */
  readonly check?: { readonly kind: CredentialKind; readonly answer: 'yes' | 'no' };
}

const KINDS: readonly TransactionKind[] = ['enrolment', 'payment', 'visit', 'check', 'manage'];

/** Where and when, newest first. */
export async function placesVisited(
  deps: Deps,
  {
    caller,
    limit,
    cursor,
    ...span
  }: Span & { readonly caller: MemberCaller; readonly limit: number; readonly cursor?: string | undefined },
): Promise<{ items: readonly PlaceVisited[]; next?: string }> {
  const { stream } = await ownOneId(deps, caller);
  const before = revisionIn(deps, 'places', caller.oneId, cursor);
  const shopOf = shopsOf(deps);
  const items: PlaceVisited[] = [];
  for await (const uses of usesOf(deps, stream, KINDS, span, before)) {
    for (const use of uses) {
      const { at, kind, device } = use;
      items.push({ at, kind, device, ...(await idsOf(deps, use)), ...(await shopOf(use.merchant, use.site)) });
      if (items.length === limit) return { items, next: cursorAt(deps, 'places', caller.oneId, use.revision) };
    }
  }
  return { items };
}

async function idsOf(deps: Deps, use: Use): Promise<Pick<PlaceVisited, 'payment' | 'visit' | 'check'>> {
  const [payment, visit, check] = [idIn(use, 'payment'), idIn(use, 'visit'), idIn(use, 'check')];
  return {
    ...(payment === undefined ? {} : { payment }),
    ...(visit === undefined ? {} : { visit }),
    ...(check === undefined ? {} : await checkOf(deps, check)),
  };
}

async function checkOf(deps: Deps, check: string): Promise<Pick<PlaceVisited, 'check'>> {
  const { state } = await load(deps.ledger, checks, `check-${check}`);
  return state.phase === 'checked' ? { check: { kind: state.kind, answer: state.answer } } : {};
}
