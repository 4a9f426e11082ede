/**
 * One fact of the past. `clear` is what a fold may read; `sealed` is what only a key opens, and no fold ever asks for it.
 * `id` is set only where a part was sealed before the decision (a palm signature is sealed in its zone, bound to the event's id).
 */
export interface DomainEvent<
  Type extends string = string,
  Clear extends object = object,
  Sealed extends object = object,
> {
  readonly type: Type;
  readonly clear: Clear;
  readonly sealed?: Sealed | Presealed;
  readonly id?: string;
}

/** Ciphertext made elsewhere for this stream, event id and key. It passes through the domain unopened. */
export interface Presealed {
  readonly presealed: Uint8Array;
}

/** What a fold is given: the clear part and when it was recorded. */
export type Folded<E> =
  E extends DomainEvent<infer Type, infer Clear, infer _Sealed>
    ? { readonly type: Type; readonly clear: Clear; readonly at: string }
    : never;

/** Each event's type with what is sealed under it, for whoever may open it. */
export type SealedPart<E, Type extends string> =
  E extends DomainEvent<Type, infer _Clear, infer Sealed> ? Sealed : never;
