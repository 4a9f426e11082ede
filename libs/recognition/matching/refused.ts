/** What the index refuses to take or to search for. The message is the code: nothing of the entry stands in it. */
export class MatchingRefused extends Error {
  readonly code: MatchingRefusal;

  constructor(code: MatchingRefusal) {
    super(code);
    this.name = 'MatchingRefused';
    this.code = code;
  }
}

export type MatchingRefusal =
  | 'vector-not-finite'
  | 'vector-not-unit'
  | 'vector-wrong-length'
  | 'code-wrong-length'
  | 'id-invalid'
  | 'model-version-unknown';
