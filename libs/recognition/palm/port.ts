/** What the model computes from a capture. Personal: overwrite `vector` and `code` when done with them. */
export interface Signature {
  /** Which model made it, such as `palm-v1`. Signatures of different versions do not compare. */
  readonly modelVersion: string;
  /** `VECTOR_LENGTH` finite numbers of length one (L2), which the index searches by cosine. */
  readonly vector: Float32Array;
  /** `CODE_BYTES` bytes: the winning orientation of each cell, see compare.ts for the layout. */
  readonly code: Uint8Array;
}

/** Pictures as PNG or JPEG of one frame, of the same hand at the same moment. At least one of the two. */
export interface Capture {
  readonly visible?: Uint8Array;
  readonly nearInfrared?: Uint8Array;
}

/** Why a picture gives no signature, in words that a device shows in its language; all but the first three ask the person for something. */
export type QualityReason =
  /** Not one PNG or JPEG of one frame, or damaged, or empty. */
  | 'unreadable'
  /** More than 10 MB or 20 megapixels. */
  | 'too-large'
  /** The near-infrared picture does not show the hand of the visible one, or is no picture of its own. */
  | 'near-infrared-doubtful'
  | 'too-dark'
  | 'too-bright'
  | 'blurred'
  | 'not-a-palm'
  /** The palm has too few pixels: come nearer. */
  | 'too-small'
  | 'more-than-one-hand';

export type PalmReading =
  | {
      readonly outcome: 'signature';
      readonly signature: Signature;
      /** 0 (just good enough) to 1. */
      readonly quality: number;
      /** A near-infrared picture was there and agrees with the visible one, where there is one. */
      readonly nearInfrared: boolean;
    }
  | { readonly outcome: 'refused'; readonly reasons: readonly QualityReason[] };

/** Turns a capture into a palm signature. */
export interface PalmReader {
  /**
   * The pictures' buffers are taken over where they can be (they are detached) and overwritten in any case.
   * @throws {PalmReaderNotNow} when no answer came within the deadline, or the worker died, or the reader is closed or crowded.
   */
  read(capture: Capture): Promise<PalmReading>;
  /** Waits for nothing: reads under way end with `PalmReaderNotNow`. */
  close(): Promise<void>;
}

/** The picture could not be read at the moment; it says nothing about the palm. */
export class PalmReaderNotNow extends Error {
  readonly why: 'overdue' | 'failed' | 'crowded' | 'closed';

  constructor(why: PalmReaderNotNow['why']) {
    super(`the palm cannot be read now: ${why}`);
    this.name = 'PalmReaderNotNow';
    this.why = why;
  }
}
