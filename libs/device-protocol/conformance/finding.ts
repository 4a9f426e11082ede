/** One thing that a device does against the protocol; `rule` is a stable word, `says` is for its maker. */
export interface Finding {
  readonly rule: Rule;
  readonly says: string;
}

export type Rule =
  | 'route'
  | 'signature-input'
  | 'covered'
  | 'content-digest'
  | 'authority'
  | 'keyid'
  | 'signature'
  | 'window'
  | 'nonce'
  | 'chain'
  | 'lost-answer'
  | 'idempotency-key'
  | 'content-type'
  | 'body'
  | 'card-in-the-clear'
  | 'sealed-form'
  | 'key-of-the-day'
  | 'info'
  | 'container'
  | 'card'
  | 'ticket';

export function finding(rule: Rule, says: string): Finding {
  return { rule, says };
}
