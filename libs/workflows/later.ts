/** Nothing failed: something else has to happen first. The scheduler looks again after so many milliseconds. */
export class Later extends Error {
  readonly afterMs: number;

  constructor(waitsFor: string, afterMs: number) {
    super(`waits for ${waitsFor}`);
    this.name = 'Later';
    this.afterMs = afterMs;
  }
}
