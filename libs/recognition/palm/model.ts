import { readFile } from 'node:fs/promises';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { CODE_BYTES } from './compare.ts';
import { MODEL_VERSION } from './model-version.ts';
import type { Signature } from './port.ts';
import { REGION_SIDE } from './region.ts';

/** Runs the palm model. Not to be called twice at once. */
export interface PalmModel {
  /** The region is the caller's to overwrite. */
  sign(region: Float32Array): Promise<Signature>;
  /** Overwrites what the runtime still holds of the last results. */
  clean(): Promise<void>;
  close(): Promise<void>;
}

/** Three bits of the six orientations, so that the number of differing bits is the angle between two (Kong and Zhang 2004). */
const BITS_OF_ORIENTATION = [0b000, 0b001, 0b011, 0b111, 0b110, 0b100];

/** How often a blank picture is run after a real one: the runtime's arena keeps results until others take their place. */
const BLANK_RUNS = 2;

export async function palmModel(): Promise<PalmModel> {
  const file = await readFile(new URL(`../../../models/${MODEL_VERSION}.onnx`, import.meta.url));
  const session = await InferenceSession.create(file, {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    logSeverityLevel: 3,
  });
  const blank = new Float32Array(REGION_SIDE * REGION_SIDE);
  const run = async (region: Float32Array) => {
    const input = new Tensor('float32', region, [1, 1, REGION_SIDE, REGION_SIDE]);
    const { vector, winners } = await session.run({ region: input });
    return { vector: vector!.data as Float32Array, winners: winners!.data as Uint8Array };
  };
  return {
    async sign(region) {
      const { vector, winners } = await run(region);
      const signature = { modelVersion: MODEL_VERSION, vector: vector.slice(), code: packed(winners) };
      vector.fill(0);
      winners.fill(0);
      return signature;
    },
    async clean() {
      for (let i = 0; i < BLANK_RUNS; i++) await run(blank);
    },
    close: () => session.release(),
  };
}

/** Orientations of 32 x 32 cells as three bit planes, see compare.ts. */
function packed(winners: Uint8Array): Uint8Array {
  const code = new Uint8Array(CODE_BYTES);
  const plane = CODE_BYTES / 3;
  winners.forEach((orientation, cell) => {
    const bits = BITS_OF_ORIENTATION[orientation]!;
    for (let p = 0; p < 3; p++) code[p * plane + (cell >> 3)]! |= ((bits >> p) & 1) << (cell % 8);
  });
  return code;
}
