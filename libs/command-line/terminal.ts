import { createInterface } from 'node:readline/promises';

/** What a command line program talks through; tests hand in their own. */
export interface Terminal {
  /** For who reads or pipes: results. */
  out(text: string): void;
  /** For people: progress, reasons. */
  err(text: string): void;
  /** One line of an answer; undefined where nobody answers any more. */
  ask(question: string): Promise<string | undefined>;
}

export const processTerminal: Terminal = {
  out: (text) => void process.stdout.write(`${text}\n`),
  err: (text) => void process.stderr.write(`${text}\n`),
  ask: async (question) => {
    const lines = createInterface({ input: process.stdin, output: process.stderr });
    try {
      return await new Promise<string | undefined>((resolve) => {
        lines.once('close', () => resolve(undefined));
        lines.question(question).then(resolve, () => resolve(undefined));
      });
    } finally {
      lines.close();
    }
  },
};
