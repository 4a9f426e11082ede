import type { DestructionBegun, ErasureStarted, KeyringCopy } from './events.ts';

interface At {
  /** When it is decided: ISO 8601, UTC, milliseconds. */
  readonly at: string;
}

/** See ErasureStarted for the fields. `needsApproval` where an admin asked. */
export interface StartErasure extends At, Readonly<ErasureStarted['clear']> {
  readonly type: 'StartErasure';
  readonly sealed: NonNullable<ErasureStarted['sealed']>;
}
/** By an admin who is not the one that asked: four eyes are two principals, not two tokens. */
export interface ApproveErasure extends At {
  readonly type: 'ApproveErasure';
  readonly principal: string;
}
export interface RefuseErasure extends At {
  readonly type: 'RefuseErasure';
  readonly principal: string;
  readonly reason: string;
}
/** `by`: `member`, or a principal. */
export interface WithdrawErasureProcess extends At {
  readonly type: 'WithdrawErasureProcess';
  readonly by: string;
}
export interface HoldErasure extends At {
  readonly type: 'HoldErasure';
  readonly hold: string;
  readonly principal: string;
}
export interface ReleaseErasure extends At {
  readonly type: 'ReleaseErasure';
  readonly hold: string;
  readonly principal: string;
}

/** The steps, in their order. Each is sent once the step has really been done. */
export interface RecordTransactionsSettled extends At {
  readonly type: 'RecordTransactionsSettled';
}
/** The intent, before anything is destroyed: no way back. */
export interface BeginDestruction extends At {
  readonly type: 'BeginDestruction';
  readonly sealed?: NonNullable<DestructionBegun['sealed']>;
}
export interface RecordIndexCleared extends At {
  readonly type: 'RecordIndexCleared';
  readonly epoch: number;
}
export interface RecordViewsPurged extends At {
  readonly type: 'RecordViewsPurged';
}
export interface RecordLastMessageSent extends At {
  readonly type: 'RecordLastMessageSent';
  readonly messages: number;
}
export interface RecordKeysDestroyed extends At {
  readonly type: 'RecordKeysDestroyed';
  readonly epoch: number;
  readonly keys: number;
  readonly copies: readonly KeyringCopy[];
}
export interface RecordStreamPruned extends At {
  readonly type: 'RecordStreamPruned';
  readonly records: number;
}
export interface RecordTombstonesPublished extends At {
  readonly type: 'RecordTombstonesPublished';
  readonly subscribers: readonly string[];
  readonly acknowledgeBy: string;
}
export interface AcknowledgeErasure extends At {
  readonly type: 'AcknowledgeErasure';
  readonly subscriber: string;
}
export interface MarkSubscriberOverdue extends At {
  readonly type: 'MarkSubscriberOverdue';
  readonly subscriber: string;
}
export interface RecordErasureKeyDestroyed extends At {
  readonly type: 'RecordErasureKeyDestroyed';
  readonly epoch: number;
  readonly copies: readonly KeyringCopy[];
}
export interface CertifyErasure extends At {
  readonly type: 'CertifyErasure';
  readonly certificate: string;
}

export type ErasureCommand =
  | StartErasure
  | ApproveErasure
  | RefuseErasure
  | WithdrawErasureProcess
  | HoldErasure
  | ReleaseErasure
  | RecordTransactionsSettled
  | BeginDestruction
  | RecordIndexCleared
  | RecordViewsPurged
  | RecordLastMessageSent
  | RecordKeysDestroyed
  | RecordStreamPruned
  | RecordTombstonesPublished
  | AcknowledgeErasure
  | MarkSubscriberOverdue
  | RecordErasureKeyDestroyed
  | CertifyErasure;
