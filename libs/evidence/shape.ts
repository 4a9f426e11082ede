import canonicalize from 'canonicalize';
import { EvidenceInvalid } from './errors.ts';

/** Reads a value strictly: gives it typed, or throws `EvidenceInvalid` naming where it is not what it should be. */
export type Shape<T> = (value: unknown, where: string) => T;
export type Shaped<S> = S extends Shape<infer T> ? T : never;

export function text(pattern: RegExp): Shape<string> {
  return (value, where) => {
    if (typeof value === 'string' && pattern.test(value)) return value;
    throw new EvidenceInvalid(where);
  };
}

export function oneOf<T extends string>(...values: readonly T[]): Shape<T> {
  return (value, where) => {
    const found = values.find((each) => each === value);
    if (found !== undefined) return found;
    throw new EvidenceInvalid(where);
  };
}

export const count: Shape<number> = (value, where) => {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw new EvidenceInvalid(where);
};

export function list<T>(item: Shape<T>): Shape<T[]> {
  return (value, where) => {
    if (!Array.isArray(value)) throw new EvidenceInvalid(where);
    return value.map((each, index) => item(each, `${where}[${index}]`));
  };
}

/** Exactly these fields: none missing, none more. */
export function fields<S extends Record<string, Shape<unknown>>>(shapes: S): Shape<{ [K in keyof S]: Shaped<S[K]> }> {
  return (value, where) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new EvidenceInvalid(where);
    const given = value as Record<string, unknown>;
    for (const name of Object.keys(given))
      if (!Object.hasOwn(shapes, name)) throw new EvidenceInvalid(`a field in ${where} that nobody knows`);
    const read = Object.entries(shapes).map(([name, shape]) => [name, shape(given[name], `${where}.${name}`)]);
    return Object.fromEntries(read) as { [K in keyof S]: Shaped<S[K]> };
  };
}

/** SHA-256 and the like, base64url without padding. */
export const digest = text(/^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/);
export const signature = text(/^[A-Za-z0-9_-]{85}[AQgw]$/);
export const time = text(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
/** A number that may be larger than JSON's are exact: decimal. */
export const large = text(/^(0|[1-9]\d{0,18})$/);
export const words = text(/^[^\p{Cc}]{1,500}$/u);

/** JSON in the one form that RFC 8785 gives it, or `EvidenceInvalid`. */
export function parseCanonical<T>(json: string, shape: Shape<T>, where: string): T {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw new EvidenceInvalid(`${where} is not JSON`, { cause: error });
  }
  const read = shape(value, where);
  if (canonicalize(read) !== json) throw new EvidenceInvalid(`${where} is not in canonical form`);
  return read;
}
