import type { Language, NoticeTemplate } from './templates.ts';

/**
 * Messages to people. They wait sealed, durable, until they are delivered, and are removed, overwritten, as soon as they are
 * sent or voided. Delivery is at least once; the message's id is what the outside world removes repeats by.
 */
export interface Outbox {
  /**
   * Durable when it resolves. A message with an id that is known already (waiting, or sent, voided or dropped within the last
   * week) changes nothing: a step that runs twice sends once.
   */
  enqueue(message: Notice): Promise<'enqueued' | 'known'>;

  /**
   * Takes back what was not sent yet: `voided` promises that it will not be sent (a try before it whose answer was lost may have
   * gone out); `over`: it was sent, dropped or voided before.
   */
  void(id: string): Promise<'voided' | 'over' | 'unknown'>;

  /** Takes back every message that waits under the key. */
  voidKey(key: string): Promise<number>;

  /** Delivers what waits and is due, once through; `deliverInBackground` calls it again and again. */
  deliver(): Promise<Delivered>;

  /** What became of a message; `over`: sent, dropped or voided, within the last week. A key is best destroyed after its last message is. */
  state(id: string): Promise<'waiting' | 'over' | 'unknown'>;

  waiting(): Promise<number>;
  counts(): NoticeCounts;

  close(): Promise<void>;
}

export interface Notice<T extends NoticeTemplate = NoticeTemplate> {
  /** Made from the step that sends it, so that a repeated step makes no second message. At most 200 visible ASCII characters, nothing personal. */
  readonly id: string;
  /** The keyring's key that seals recipient and values while they wait: the One ID's, the phone's, the principal's. */
  readonly key: string;
  readonly channel: Channel;
  /** A number in E.164, an address. Sealed with the values. */
  readonly to: string;
  readonly template: T;
  readonly language: Language;
  readonly values: NoticeValues<T>;
  /** ISO 8601: a code that is void by then is not sent any more. */
  readonly notAfter?: string;
}

export type Channel = 'sms' | 'email' | 'letter';
export type NoticeValues<T extends NoticeTemplate> = import('./templates.ts').TemplateValues[T];

/** `gone`: their key was destroyed while they waited, so they were dropped. `late`: past their last moment. */
export interface Delivered {
  readonly sent: number;
  readonly failed: number;
  readonly gone: number;
  readonly late: number;
}

/** Since this process started. */
export interface NoticeCounts extends Delivered {
  readonly enqueued: number;
  readonly voided: number;
}

/** The message breaks the form (id, channel, recipient, template, language). Nothing was kept. */
export class NoticeInvalid extends Error {
  readonly field: string;

  constructor(field: string) {
    super(`not a notice: ${field}`);
    this.name = 'NoticeInvalid';
    this.field = field;
  }
}

/** What the outbox needs of whoever holds the keys. `context` is bound into the ciphertext. `open` answers `gone` once the key is destroyed. */
export interface Sealing {
  seal(key: string, plaintext: Uint8Array, context: string): Promise<Uint8Array>;
  open(key: string, ciphertext: Uint8Array, context: string): Promise<Uint8Array | 'gone'>;
}

/** The way out of the house. Resolves when the outside world has it; the same id may come again and is then one message. */
export type Carrier = (message: CarriedNotice) => Promise<void>;

export interface CarriedNotice {
  /** Made from the notice's id, so that it says nothing outside the house; the same for each repeat. */
  readonly id: string;
  readonly channel: Channel;
  readonly to: string;
  readonly template: NoticeTemplate;
  readonly language: Language;
  readonly subject: string;
  readonly text: string;
}
