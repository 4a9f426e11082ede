import type { Bytes } from './base64.ts';

/** The pictures of one capture: PNG or JPEG files as they are, visible light, near infrared, or both. */
export interface Capture {
  readonly visible?: Bytes;
  readonly nearInfrared?: Bytes;
}

/** Bytes of one picture at most. */
export const LARGEST_PICTURE = 10_000_000;

const MAGIC = [0x50, 0x4c, 0x43, 0x31]; // PLC1
const VISIBLE = 1;
const NEAR_INFRARED = 2;
const ENTRY = 5;

/** `PLC1`, then for each picture: kind (1: visible, 2: near infrared), length (4, big-endian), the bytes; in the order of kinds. */
export function packCapture({ visible, nearInfrared }: Capture): Bytes {
  const parts = [
    ...(visible === undefined ? [] : [{ kind: VISIBLE, picture: visible }]),
    ...(nearInfrared === undefined ? [] : [{ kind: NEAR_INFRARED, picture: nearInfrared }]),
  ];
  if (parts.length === 0) throw new RangeError('a capture holds at least one picture');
  if (parts.some(({ picture }) => picture.length === 0 || picture.length > LARGEST_PICTURE))
    throw new RangeError('a picture is empty or too large');
  const size = parts.reduce((sum, { picture }) => sum + ENTRY + picture.length, MAGIC.length);
  const bytes = new Uint8Array(size);
  bytes.set(MAGIC);
  let at = MAGIC.length;
  for (const { kind, picture } of parts) {
    bytes[at] = kind;
    new DataView(bytes.buffer).setUint32(at + 1, picture.length);
    bytes.set(picture, at + ENTRY);
    at += ENTRY + picture.length;
  }
  return bytes;
}

/** Views into `bytes`, so that overwriting these overwrites the pictures. Nothing where the form is broken in any way. */
export function unpackCapture(bytes: Bytes): Capture | undefined {
  if (MAGIC.some((byte, at) => bytes[at] !== byte)) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found = new Map<number, Bytes>();
  let at = MAGIC.length;
  let lastKind = 0;
  while (at < bytes.length) {
    if (at + ENTRY > bytes.length) return undefined;
    const kind = view.getUint8(at);
    const length = view.getUint32(at + 1);
    const end = at + ENTRY + length;
    if (kind <= lastKind || kind > NEAR_INFRARED) return undefined;
    if (length === 0 || length > LARGEST_PICTURE || end > bytes.length) return undefined;
    found.set(kind, bytes.subarray(at + ENTRY, end));
    lastKind = kind;
    at = end;
  }
  if (found.size === 0) return undefined;
  const visible = found.get(VISIBLE);
  const nearInfrared = found.get(NEAR_INFRARED);
  return { ...(visible && { visible }), ...(nearInfrared && { nearInfrared }) };
}
