/** The service said no: an RFC 9457 problem. `type` is stable and documented; `problem` holds its further members. */
export class Problem extends Error {
  readonly status: number;
  readonly type: string;
  readonly title: string;
  readonly problem: Readonly<Record<string, unknown>>;

  constructor(status: number, problem: Readonly<Record<string, unknown>>) {
    const title = typeof problem['title'] === 'string' ? problem['title'] : `HTTP ${status}`;
    super(title);
    this.name = 'Problem';
    this.status = status;
    this.type = typeof problem['type'] === 'string' ? problem['type'] : 'about:blank';
    this.title = title;
    this.problem = problem;
  }
}

/** No answer, after all attempts: it may have happened or not. Repeat it under the same idempotency key and body. */
export class NoAnswer extends Error {
  constructor(cause: unknown) {
    super('the service gave no answer; whether it happened is unknown', { cause });
    this.name = 'NoAnswer';
  }
}

/** The device itself cannot go on: it is not activated, or a key of the day is not signed by the root that it knows. */
export class DeviceRefuses extends Error {
  readonly reason: 'not-activated' | 'key-not-trusted';

  constructor(reason: DeviceRefuses['reason']) {
    super(`the device does not go on: ${reason}`);
    this.name = 'DeviceRefuses';
    this.reason = reason;
  }
}
