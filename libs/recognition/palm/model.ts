import { readFile } from 'node:fs/promises';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { packedCode } from './code.ts';
import { MODEL_VERSION } from './model-version.ts';
import { throughGate } from './native-gate.ts';
import type { Gate } from './native-gate.ts';
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

export async function palmModel(gate: Gate): Promise<PalmModel> {
  const file = await readFile(new URL(`../../../models/${MODEL_VERSION}.onnx`, import.meta.url));
  const session = await throughGate(gate, () =>
    InferenceSession.create(file, {
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      logSeverityLevel: 3,
    }),
  );
  const blank = new Float32Array(REGION_SIDE * REGION_SIDE);
  const run = async (region: Float32Array) => {
    const input = new Tensor('float32', region, [1, 1, REGION_SIDE, REGION_SIDE]);
    const { vector, winners } = await throughGate(gate, () => session.run({ region: input }));
    return { vector: vector!.data as Float32Array, winners: winners!.data as Uint8Array };
  };
  return {
    async sign(region) {
      const { vector, winners } = await run(region);
      const signature = { modelVersion: MODEL_VERSION, vector: vector.slice(), code: packedCode(winners) };
      vector.fill(0);
      winners.fill(0);
      return signature;
    },
    async clean() {
      // The runtime's arena keeps results until others take their place, and lays each run out alike.
      await run(blank);
    },
    close: () => session.release(),
  };
}
