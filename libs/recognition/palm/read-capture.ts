import { decisionScore } from './compare.ts';
import { openPicture } from './decode.ts';
import type { PalmModel } from './model.ts';
import { wipe } from './picture.ts';
import type { Capture, PalmReading, QualityReason, Signature } from './port.ts';
import { judge } from './quality.ts';
import { REGION_SIDE, findRegion } from './region.ts';

/**
 * The least score between the visible and the near-infrared picture of one moment: strangers score about 0.53 and one in a
 * thousand of them more than this. It asks only whether both show the same palm in the same place.
 */
const SAME_HAND = 0.62;
/** A near-infrared picture as like the visible one as this is the same picture sent twice: the two lights see differently. */
const SAME_PICTURE = 0.995;

interface Region {
  readonly grey: Float32Array;
  readonly quality: number;
}

/** Capture in, signature out: opens, finds the palm, judges, signs. Overwrites what it was given and all that it made on the way. */
export async function readCapture(capture: Capture, model: PalmModel): Promise<PalmReading> {
  const visible = await regionOf(capture.visible);
  const infrared = await regionOf(capture.nearInfrared);
  const reasons = [visible, infrared].flatMap((found) => (Array.isArray(found) ? found : []));
  const reading =
    reasons.length > 0 || (visible === undefined && infrared === undefined)
      ? refused(reasons.length > 0 ? reasons : ['unreadable'])
      : await signed(visible as Region | undefined, infrared as Region | undefined, model);
  for (const found of [visible, infrared]) if (found !== undefined && 'grey' in found) found.grey.fill(0);
  return reading;
}

async function regionOf(bytes: Uint8Array | undefined): Promise<Region | QualityReason[] | undefined> {
  if (bytes === undefined) return undefined;
  const opened = await openPicture(bytes);
  bytes.fill(0);
  if (!opened.opened) return [opened.reason];
  const found = findRegion(opened.picture);
  wipe(opened.picture);
  if (!found.found) return [found.reason];
  const { reasons, quality } = judge(found.region, REGION_SIDE);
  if (reasons.length === 0) return { grey: found.region, quality };
  found.region.fill(0);
  return [...reasons];
}

async function signed(
  visible: Region | undefined,
  infrared: Region | undefined,
  model: PalmModel,
): Promise<PalmReading> {
  const main = (visible ?? infrared)!;
  const signature = await model.sign(main.grey);
  if (visible === undefined || infrared === undefined) {
    return { outcome: 'signature', signature, quality: main.quality, nearInfrared: infrared !== undefined };
  }
  const other = await model.sign(infrared.grey);
  const agrees = sameHand(signature, other) && !samePicture(visible.grey, infrared.grey);
  forget(other);
  if (agrees) {
    return {
      outcome: 'signature',
      signature,
      quality: Math.min(visible.quality, infrared.quality),
      nearInfrared: true,
    };
  }
  forget(signature);
  return refused(['near-infrared-doubtful']);
}

function sameHand(a: Signature, b: Signature): boolean {
  return decisionScore(a, b) >= SAME_HAND;
}

/** Correlation of the two regions. */
function samePicture(a: Float32Array, b: Float32Array): boolean {
  const meanA = a.reduce((sum, value) => sum + value, 0) / a.length;
  const meanB = b.reduce((sum, value) => sum + value, 0) / b.length;
  let ab = 0;
  let aa = 0;
  let bb = 0;
  for (let i = 0; i < a.length; i++) {
    const x = a[i]! - meanA;
    const y = b[i]! - meanB;
    ab += x * y;
    aa += x * x;
    bb += y * y;
  }
  return ab >= SAME_PICTURE * Math.sqrt(aa * bb);
}

function forget(signature: Signature): void {
  signature.vector.fill(0);
  signature.code.fill(0);
}

function refused(reasons: readonly QualityReason[]): PalmReading {
  return { outcome: 'refused', reasons: [...new Set(reasons)] };
}
