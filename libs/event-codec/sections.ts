/**
 * The sealed part of a record holds at most two ciphertexts: what the event says (`data`) and who did it (`about`).
 * Frame: for each section one byte of kind (1 data, 2 about), four bytes of length (big endian), the ciphertext.
 */
export interface Sections {
  data?: Uint8Array;
  about?: Uint8Array;
}

const KINDS = ['data', 'about'] as const;

export function frame(sections: Sections): Uint8Array {
  const parts: Uint8Array[] = [];
  KINDS.forEach((name, index) => {
    const bytes = sections[name];
    if (bytes === undefined) return;
    const head = Buffer.alloc(5);
    head.writeUInt8(index + 1, 0);
    head.writeUInt32BE(bytes.length, 1);
    parts.push(head, bytes);
  });
  return Buffer.concat(parts);
}

/** The sections of a frame, or undefined where the bytes are not one. */
export function unframe(bytes: Uint8Array): Sections | undefined {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const sections: Sections = {};
  let at = 0;
  while (at < buffer.length) {
    if (at + 5 > buffer.length) return undefined;
    const name = KINDS[buffer.readUInt8(at) - 1];
    const length = buffer.readUInt32BE(at + 1);
    at += 5;
    if (name === undefined || sections[name] !== undefined || at + length > buffer.length) return undefined;
    sections[name] = buffer.subarray(at, at + length);
    at += length;
  }
  return sections;
}
