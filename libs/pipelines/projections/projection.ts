import type { RawMessage } from '#libs/views/parked.ts';
import type { Change } from '#libs/views/rows.ts';

/** What the messages of one topic do to the views. */
export interface Projection {
  /** The changes it knows; a message of another, or of another version, is quarantined. */
  readonly changes: readonly string[];
  /** Throws `Unreadable`, or what decoding throws. */
  readonly project: (message: RawMessage, value: Uint8Array) => readonly Change[];
}
