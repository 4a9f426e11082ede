import { HeadRefused } from './errors.ts';
import type { TreeHead } from './head.ts';
import { verifyConsistency } from './merkle.ts';

/** Throws `HeadRefused` unless the log of `next` begins with the log of `last`. Both heads' signatures were verified before. */
export function mustExtend(last: TreeHead, next: TreeHead, consistency: readonly Uint8Array[]): void {
  const [first, second] = [BigInt(last.treeSize), BigInt(next.treeSize)];
  if (second < first) throw new HeadRefused(`it has ${second} leaves, the last one had ${first}`);
  if (BigInt(next.position) < BigInt(last.position)) throw new HeadRefused('its position is behind the last one');
  if (next.at < last.at) throw new HeadRefused('its time is before the last one');
  const [from, to] = [Buffer.from(last.root, 'base64url'), Buffer.from(next.root, 'base64url')];
  if (!verifyConsistency(first, second, from, to, consistency))
    throw new HeadRefused('its log does not begin with the log of the last one');
}
