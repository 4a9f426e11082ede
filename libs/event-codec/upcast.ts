type Clear = Record<string, unknown>;
/** What was sealed may be gone for ever; an upcaster takes that as it takes anything else. */
export interface Upcastable {
  readonly clear: Clear;
  readonly sealed: Clear | 'gone' | undefined;
}
type Upcaster = (event: Upcastable) => Upcastable;

/** From version n to n + 1, by type; the place in the list is n - 1. */
const upcasters: Readonly<Record<string, readonly Upcaster[]>> = {
  PaymentRequested: [({ clear, sealed }) => ({ clear: { ...clear, kind: 'sale' }, sealed })],
};

export function upcast(type: string, version: number, event: Upcastable): Upcastable {
  return (upcasters[type] ?? []).slice(version - 1).reduce((older, step) => step(older), event);
}
