import { pino, type Logger } from 'pino';

export interface LogOptions {
  readonly level: string;
  /** Empty: standard output. */
  readonly file: string;
}

/** The process's log, a JSON object a line. What nobody listed here stays out: no address, header, body, query or name. */
export interface Log {
  readonly logger: Logger;
  /** Writes out what waits; for the end of the process. */
  flush(): void;
}

export function openLog({ level, file }: LogOptions): Log {
  const destination = pino.destination({ dest: file === '' ? 1 : file, mkdir: true, sync: false, mode: 0o640 });
  const options = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, serializers: { err: placeOf } };
  return {
    logger: pino({ ...options, formatters: { level: (label) => ({ level: label }) } }, destination),
    flush: () => {
      try {
        destination.flushSync();
      } catch {
        // Never opened, or gone: there is nobody left to tell.
      }
    },
  };
}

export interface Place {
  readonly name: string;
  readonly at: readonly string[];
}

/** An error by its name and the first frames of its stack. Not its message, which may quote what was asked. */
export function placeOf(error: unknown): Place {
  if (!(error instanceof Error)) return { name: 'not an error', at: [] };
  const frames = (error.stack ?? '').split('\n').filter((line) => line.trimStart().startsWith('at '));
  return { name: error.name, at: frames.slice(0, 6).map((line) => line.trim()) };
}
