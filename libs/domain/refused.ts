/**
 * A rule of the domain said no. `code` is stable and documented (docs/errors.md); `detail` is for people and holds nothing personal.
 * `kind` says how an edge answers: `missing` 404, `conflict` 409, `gone` 410, `invalid` 422, `forbidden` 403, `limited` 429.
 */
export class Refused extends Error {
  readonly code: string;
  readonly kind: RefusalKind;
  readonly extra: Readonly<Record<string, string | number | readonly string[]>>;

  constructor(
    code: string,
    detail: string,
    kind: RefusalKind = 'conflict',
    extra: Readonly<Record<string, string | number | readonly string[]>> = {},
  ) {
    super(detail);
    this.name = 'Refused';
    this.code = code;
    this.kind = kind;
    this.extra = extra;
  }
}

export type RefusalKind = 'missing' | 'conflict' | 'gone' | 'invalid' | 'forbidden' | 'limited';

/** For the end of a switch over a union: a case that was forgotten does not compile. */
export function never(value: never): never {
  throw new Error(`unexpected ${JSON.stringify(value)}`);
}
