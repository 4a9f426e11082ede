/** What was shown, with its evidence in a few words. */
export interface Shown {
  readonly title: string;
  readonly ok: boolean;
  readonly evidence: string;
}

/** Something that a step expected is not so. Its message is what the list shows. */
export class NotShown extends Error {
  override readonly name = 'NotShown';
}

/** Ends the step where it does not hold. */
export function expect(holds: boolean, what: string): asserts holds {
  if (!holds) throw new NotShown(what);
}

export function line({ ok, title, evidence }: Shown): string {
  return `${ok ? '✓' : '✗'} ${title.padEnd(58)} ${evidence}`;
}
