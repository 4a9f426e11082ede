import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** What the process tells about itself at /metrics. Labels are fixed words, routes' patterns and statuses: nothing of anybody. */
export class Telemetry {
  readonly registry = new Registry();

  readonly #requests: Histogram<'method' | 'route' | 'status'>;
  readonly #recognition: Histogram<'call' | 'outcome'>;
  readonly #lag: Gauge<'follower'>;
  readonly #parked: Counter<'pipeline'>;
  readonly #failed: Counter<'part'>;
  readonly #done: Counter<'kind'>;
  readonly #oldestOpen: Gauge;
  readonly #overdue: Gauge;
  readonly #waiting: Gauge;
  readonly #clockStopped: Gauge;

  constructor() {
    const registers = [this.registry];
    // With the event loop's delay, as a histogram of its own.
    collectDefaultMetrics({ register: this.registry });
    this.#requests = new Histogram({
      name: 'palmledger_http_request_seconds',
      help: 'HTTP requests by method, route pattern and status, until the last byte was handed over.',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
      registers,
    });
    this.#recognition = new Histogram({
      name: 'palmledger_recognition_seconds',
      help: 'The recognition zone, from a capture to its answer.',
      labelNames: ['call', 'outcome'],
      buckets: [0.01, 0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2],
      registers,
    });
    const gauge = <L extends string>(name: string, help: string, labelNames: L[] = []): Gauge<L> =>
      new Gauge({ name: `palmledger_${name}`, help, labelNames, registers });
    const counter = <L extends string>(name: string, help: string, labelNames: L[]): Counter<L> =>
      new Counter({ name: `palmledger_${name}`, help, labelNames, registers });
    this.#lag = gauge('lag_positions', "Ledger positions that a follower is behind the ledger's head.", ['follower']);
    this.#parked = counter('parked_total', 'Messages that were put aside.', ['pipeline']);
    this.#failed = counter('failed_total', 'Parts that failed and try again.', ['part']);
    this.#done = counter('due_done_total', 'Due work that was done.', ['kind']);
    this.#oldestOpen = gauge('oldest_open_transaction_seconds', 'Age of the oldest transaction that is not closed.');
    this.#overdue = gauge('erasures_overdue', 'Erasures not certified though their day has passed.');
    this.#waiting = gauge('due_waiting', 'What the scheduler knows to become due.');
    this.#clockStopped = gauge('clock_stopped', '1 while the expiry sweep waits for an admin to confirm the clock.');
  }

  requested(request: { method: string; route: string; status: number }, seconds: number): void {
    const { method, route, status } = request;
    this.#requests.observe({ method, route, status }, seconds);
  }

  recognised(call: 'identify' | 'enrol', outcome: string, seconds: number): void {
    this.#recognition.observe({ call, outcome }, seconds);
  }

  lag(follower: string, positions: number): void {
    this.#lag.set({ follower }, positions);
  }

  parked(pipeline: string, messages: number): void {
    this.#parked.inc({ pipeline }, messages);
  }

  failed(part: string): void {
    this.#failed.inc({ part });
  }

  done(kind: string): void {
    this.#done.inc({ kind });
  }

  oldestOpen(seconds: number): void {
    this.#oldestOpen.set(seconds);
  }

  overdueErasures(count: number): void {
    this.#overdue.set(count);
  }

  waiting(count: number): void {
    this.#waiting.set(count);
  }

  clockStopped(stopped: boolean): void {
    this.#clockStopped.set(stopped ? 1 : 0);
  }

  /** A gauge that is asked for whenever somebody reads the metrics. One that cannot be asked is left out of that reading. */
  asked(name: string, help: string, ask: () => Promise<number> | number): void {
    new Gauge({
      name: `palmledger_${name}`,
      help,
      registers: [this.registry],
      async collect() {
        try {
          this.set(await ask());
        } catch {
          this.remove();
        }
      },
    });
  }
}
