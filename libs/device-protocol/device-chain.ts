/**
 * The chain that shows a cloned device: each request carries the last value that the server gave that device. Pure; the
 * caller keeps one state a device, replaces it with an expected version, and stores it before it answers.
 */
export interface ChainState {
  /** The value given last. */
  readonly current: string;
  /** The value that the last request carried: seen again, the answer to it was lost. */
  readonly previous?: string;
  /** What the last request was (see `requestPrint`): the very same again is a retry. */
  readonly print?: string;
  /** `created` of the last request, in seconds. */
  readonly created?: number;
  /** One lost answer is believed; a second in a row is a fork. */
  readonly lostOne?: true;
}

export interface ChainRequest {
  /** `palmledger-last` as the device sent it. */
  readonly last: string;
  readonly print: string;
  /** Seconds, from the signature. */
  readonly created: number;
}

/**
 * `passed`: take it, store `state`, answer with `next`. `repeated` (the answer to this very request was lost): answer with
 * the same `next`, nothing to store. `overtaken`: an older request that arrived late; refuse it, the chain stands.
 * `suspected`: two devices use one key; report it, and the device is out until it is activated anew.
 */
export type ChainVerdict =
  | { readonly verdict: 'passed'; readonly state: ChainState; readonly next: string; readonly lostAnswer: boolean }
  | { readonly verdict: 'repeated'; readonly next: string }
  | { readonly verdict: 'overtaken' }
  | { readonly verdict: 'suspected'; readonly reason: 'fork' };

/** A device that was just activated has been given `first`. */
export function chainStart(first: string): ChainState {
  return { current: first };
}

/** `fresh`: a random value that was never given before (`newId()`). */
export function followChain(state: ChainState, request: ChainRequest, fresh: string): ChainVerdict {
  const { last, print, created } = request;
  const seen = { print, created };
  if (last === state.current) return passed({ current: fresh, previous: last, ...seen }, false);
  if (last === state.previous && print === state.print) return { verdict: 'repeated', next: state.current };
  // Signed before what was taken last: it was on its way too long, or is being played back. Refused, and no proof of a clone.
  if (state.created !== undefined && created < state.created) return { verdict: 'overtaken' };
  if (last !== state.previous || state.lostOne) return { verdict: 'suspected', reason: 'fork' };
  return passed({ current: fresh, previous: last, ...seen, lostOne: true }, true);
}

function passed(state: ChainState, lostAnswer: boolean): ChainVerdict {
  return { verdict: 'passed', state, next: state.current, lostAnswer };
}
