import { captureInfo } from './binding-text.ts';
import { packCapture, type Capture } from './container.ts';
import { sealTo } from './hpke.ts';
import type { CaptureBinding } from './purpose.ts';

/**
 * Encrypts a capture on the device, for the recognition zone alone, bound to what it is for. The pictures are read and never
 * kept; the copy made here is overwritten. `key`: the verified key of the day.
 */
export async function sealCapture(
  capture: Capture,
  key: { readonly keyId: string; readonly publicKey: string },
  binding: CaptureBinding,
): Promise<string> {
  const container = packCapture(capture);
  try {
    return await sealTo(key, captureInfo(binding, key.keyId), container);
  } finally {
    container.fill(0);
  }
}
