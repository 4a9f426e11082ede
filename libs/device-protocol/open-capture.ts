import { captureInfo } from './binding-text.ts';
import { unpackCapture, type Capture } from './container.ts';
import { openWith, unpackSealed } from './hpke.ts';
import type { CaptureBinding } from './purpose.ts';

export type OpenedCapture =
  | {
      readonly outcome: 'opened';
      readonly capture: Capture;
      readonly keyId: string;
      /** Overwrites the pictures. */
      readonly wipe: () => void;
    }
  | { readonly outcome: 'refused'; readonly reason: 'unreadable' | 'key-unknown' | 'context-altered' };

/**
 * In the recognition zone: opens a capture with the private key that its key id names (see `importPrivateKey`); none where
 * that key's time is over. `context-altered`: it was sealed for something else, or changed on the way.
 */
export async function openCapture(
  sealed: string,
  binding: CaptureBinding,
  privateKeyOf: (keyId: string) => Promise<CryptoKey | undefined> | CryptoKey | undefined,
): Promise<OpenedCapture> {
  const packed = unpackSealed(sealed);
  if (packed === undefined) return { outcome: 'refused', reason: 'unreadable' };
  const privateKey = await privateKeyOf(packed.keyId);
  if (privateKey === undefined) return { outcome: 'refused', reason: 'key-unknown' };
  const info = infoOf(binding, packed.keyId);
  const container = info && (await openWith(privateKey, info, packed));
  if (container === undefined) return { outcome: 'refused', reason: 'context-altered' };
  const capture = unpackCapture(container);
  if (capture !== undefined) {
    return { outcome: 'opened', capture, keyId: packed.keyId, wipe: () => void container.fill(0) };
  }
  container.fill(0);
  return { outcome: 'refused', reason: 'unreadable' };
}

/** A binding that no device could have made opens nothing. */
function infoOf(binding: CaptureBinding, keyId: string): ReturnType<typeof captureInfo> | undefined {
  try {
    return captureInfo(binding, keyId);
  } catch {
    return undefined;
  }
}
