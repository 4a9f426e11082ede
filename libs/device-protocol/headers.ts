/** Header names of the protocol, lower case. */
export const LAST_HEADER = 'palmledger-last';
export const NEXT_HEADER = 'palmledger-next';
export const IDEMPOTENCY_HEADER = 'idempotency-key';
export const DIGEST_HEADER = 'content-digest';

/** A signature counts from this many seconds before its `created` to this many after. */
export const WINDOW_SECONDS = 60;

/** `keyid` of the one request that a device signs before it has an id; verified with the public key in its body. */
export const ACTIVATION_KEY_ID = 'activation';

/** What `palmledger-last` says before the server has given a value. */
export const NO_LAST = 'none';

/** An HTTP request as it was signed. */
export interface SignedRequest {
  readonly method: string;
  /** Absolute, as the device called it. */
  readonly url: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** Exactly the bytes that content-digest covers. */
  readonly body: Uint8Array;
}
