/** One figure: ours beside a peer that was measured in the same run, both as things done in a second. */
export interface Measured {
  readonly what: string;
  readonly ours: number;
  readonly peer: number;
  /** What the project aims at, as ours over peer. */
  readonly aim: number;
}

const ROUNDS = 5;

/** How many a second: the median of some rounds, ours and the peer's taken in turn so that both meet the same machine. */
export async function beside(
  what: string,
  aim: number,
  ours: () => Promise<number>,
  peer: () => Promise<number> | number,
): Promise<Measured> {
  const mine: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    theirs.push(await rate(peer));
    mine.push(await rate(ours));
  }
  return { what, aim, ours: median(mine), peer: median(theirs) };
}

/** `work` answers how many things it did. */
async function rate(work: () => Promise<number> | number): Promise<number> {
  const began = performance.now();
  const done = await work();
  return (done * 1_000) / (performance.now() - began);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

export function row({ what, ours, peer, aim }: Measured): string {
  const ratio = ours / peer;
  const verdict = ratio >= aim ? 'reached' : 'short of it';
  return `${what.padEnd(46)} ${perSecond(ours)} ${perSecond(peer)} ${ratio.toFixed(2).padStart(7)}   ≥ ${aim}  ${verdict}`;
}

function perSecond(rate: number): string {
  return Math.round(rate).toLocaleString('en').padStart(12);
}
