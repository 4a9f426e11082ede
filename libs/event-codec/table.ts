import type { DomainEvent } from '#libs/domain/event.ts';

/**
 * Which key seals a part: the stream's own, that of the item whose reference stands in this clear field, or one made ahead
 * whose random id stands there (a claim's stream is named by its idempotency key, so its key cannot be).
 */
export type KeyRule = 'stream' | { readonly item: string } | { readonly reserved: string };

/** One version of one event type: each field stands here as clear or sealed, or the event is not written. */
export interface FieldTable {
  readonly clear: readonly string[];
  readonly sealed?: { readonly fields: readonly string[]; readonly key: KeyRule; readonly form?: 'json' | 'bytes' };
  /**
   * Under which key stands who did it (who, device, correlation, causation); the stream's own unless named. `nobody`: it is
   * the system's own step, written when the key that would seal it may be gone.
   */
  readonly about?: KeyRule | 'nobody';
}

type ClearOf<E> = E extends DomainEvent<string, infer Clear, infer _Sealed> ? Clear : never;
type SealedOf<E> = E extends DomainEvent<string, infer _Clear, infer Sealed> ? Sealed : never;
/** `keyof` over each member of a union, so that fields of every shape of a type are named. */
type KeysOf<T> = T extends unknown ? keyof T & string : never;

interface CheckedTable<E> {
  readonly clear: readonly KeysOf<ClearOf<E>>[];
  readonly sealed?: {
    readonly fields: readonly KeysOf<SealedOf<E>>[];
    readonly key: KeyRule;
    readonly form?: 'json' | 'bytes';
  };
  readonly about?: KeyRule | 'nobody';
}

/** The newest version of each event of an aggregate, checked against its type; older ones are free. */
export type EventTables<E extends DomainEvent> = {
  readonly [T in E['type']]: {
    readonly current: number;
    readonly versions: { readonly [version: number]: FieldTable } & {
      readonly newest: CheckedTable<Extract<E, { type: T }>>;
    };
  };
};

/** A type with one version only. */
export function v1<const T extends FieldTable>(table: T): { current: 1; versions: { 1: T; newest: T } } {
  return { current: 1, versions: { 1: table, newest: table } };
}

/** A type whose older versions are still read; `older[0]` is version 1. */
export function versions<const T extends FieldTable>(
  older: readonly FieldTable[],
  newest: T,
): { current: number; versions: { [version: number]: FieldTable; newest: T } } {
  const numbered = Object.fromEntries([...older, newest].map((table, index) => [index + 1, table]));
  return { current: older.length + 1, versions: { ...numbered, newest } };
}

export interface AnyTables {
  readonly [type: string]: { readonly current: number; readonly versions: { readonly [version: number]: FieldTable } };
}
