import type { Fact } from './facts.ts';
import type { Opened } from './opening.ts';

/** Two or more purchases that something ties together. */
export interface Tie {
  /** The field that does it, or the fact that names several. */
  readonly by: string;
  readonly purchases: readonly string[];
}

/**
 * Ties of one person's purchases: a value that two of them share and nobody else's has, or something that names two of them and
 * nobody else's. What everybody shares, as the shop or the till, ties nobody's.
 */
export function tiesOf(facts: readonly Fact[], hers: readonly string[], others: readonly string[]): Tie[] {
  const ids = new Map([...hers, ...others].map((purchase) => [bare(purchase), purchase]));
  const mine = new Set(hers);
  return [...namedTogether(facts, ids, mine), ...sharedValues(facts, ids, mine)];
}

/** How many of them hang together with another one. */
export function tied(ties: readonly Tie[]): number {
  return new Set(ties.flatMap(({ purchases }) => purchases)).size;
}

function namedTogether(facts: readonly Fact[], ids: ReadonlyMap<string, string>, hers: ReadonlySet<string>): Tie[] {
  return facts.flatMap((fact) => {
    const named = namedIn(fact, ids);
    const several = named.length >= 2 && named.every((purchase) => hers.has(purchase));
    return several ? [{ by: `${fact.where} names them`, purchases: named }] : [];
  });
}

function sharedValues(facts: readonly Fact[], ids: ReadonlyMap<string, string>, hers: ReadonlySet<string>): Tie[] {
  const byValue = new Map<string, { by: string; purchases: Set<string> }>();
  for (const fact of facts) {
    const [purchase, another] = namedIn(fact, ids);
    if (purchase === undefined || another !== undefined) continue;
    for (const [field, value] of fact.fields) {
      const by = `${fact.where}: ${field}`;
      const key = `${by}\n${value}`;
      const there = byValue.get(key) ?? { by, purchases: new Set() };
      there.purchases.add(purchase);
      byValue.set(key, there);
    }
  }
  return [...byValue.values()].flatMap(({ by, purchases }) => {
    const only = purchases.size >= 2 && [...purchases].every((purchase) => hers.has(purchase));
    return only ? [{ by, purchases: [...purchases] }] : [];
  });
}

function namedIn({ fields }: Fact, ids: ReadonlyMap<string, string>): string[] {
  const named = new Set<string>();
  for (const value of fields.values())
    for (const [word] of value.matchAll(/[a-z2-7]{26}/g)) {
      const purchase = ids.get(word);
      if (purchase !== undefined) named.add(purchase);
    }
  return [...named];
}

/** The id alone, as it stands in views, messages and paths. */
const bare = (purchase: string): string => purchase.slice(purchase.indexOf('-') + 1);

/** How many purchases one stream's opened parts name together. */
export function tiedInLists({ parts }: Opened, purchases: readonly string[]): number {
  const byStream = new Map<string, Set<string>>();
  for (const { sealed, plaintext } of parts.values()) {
    const named = byStream.get(sealed.stream) ?? new Set();
    for (const purchase of purchases) if (plaintext.includes(purchase)) named.add(purchase);
    byStream.set(sealed.stream, named);
  }
  const sizes = [...byStream.values()].map(({ size }) => size);
  return Math.max(0, ...sizes.filter((size) => size >= 2));
}
