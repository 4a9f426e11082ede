import type { Signature } from '../palm/port.ts';
import type { ModelShape } from '../matching/entry.ts';

/** A signature as it is sealed: f32 little-endian vector, then the code. The caller overwrites it after use. */
export function pack({ vector, code }: Signature): Uint8Array {
  const bytes = new Uint8Array(vector.length * 4 + code.length);
  const view = new DataView(bytes.buffer);
  vector.forEach((component, at) => view.setFloat32(at * 4, component, true));
  bytes.set(code, vector.length * 4);
  return bytes;
}

/** Undefined where the bytes are not of this shape. A copy, also of a Buffer (whose `slice` is none): the caller overwrites both. */
export function unpack(bytes: Uint8Array, shape: ModelShape): Signature | undefined {
  if (bytes.length !== shape.dimensions * 4 + shape.codeBytes) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const vector = new Float32Array(shape.dimensions);
  for (let at = 0; at < vector.length; at++) vector[at] = view.getFloat32(at * 4, true);
  return { modelVersion: shape.modelVersion, vector, code: new Uint8Array(bytes.subarray(shape.dimensions * 4)) };
}

export function overwrite(signature: Signature): void {
  signature.vector.fill(0);
  signature.code.fill(0);
}
