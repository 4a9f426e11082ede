export type LookCommand = RecordLook;

/** `reason` is a code; `askedFor` and `oneId` are sealed. */
export interface RecordLook {
  readonly type: 'RecordLook';
  readonly at: string;
  readonly principal: string;
  readonly reason: string;
  readonly askedFor: string;
  readonly oneId: string;
}
