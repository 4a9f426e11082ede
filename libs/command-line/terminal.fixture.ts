import type { Terminal } from './terminal.ts';

/** What a program said, for its tests; answers are given in order. */
export function recordingTerminal(
  ...answers: readonly string[]
): Terminal & { readonly said: string[]; readonly errors: string[] } {
  const left = [...answers];
  const said: string[] = [];
  const errors: string[] = [];
  return {
    said,
    errors,
    out: (text) => void said.push(text),
    err: (text) => void errors.push(text),
    ask: async () => left.shift(),
  };
}
