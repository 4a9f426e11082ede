import { CommanderError, type Command } from 'commander';
import { NoAnswer, Problem } from '#libs/device-protocol/client-errors.ts';
import { Refused } from '#libs/domain/refused.ts';
import type { Terminal } from './terminal.ts';

/** What a program ends with: done; refused or asked wrongly; the answer was a no; nobody knows what became of it. */
export const EXIT = { done: 0, refused: 1, no: 2, unknown: 3 } as const;

/** Something that whoever typed the command can put right: one line that says what. */
export class CannotDo extends Error {
  override readonly name = 'CannotDo';
  readonly exitCode: number;

  constructor(message: string, exitCode: number = EXIT.refused) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** Parses and runs. Whatever goes wrong is one line on the error stream and a code that is not 0; a stack trace is for nobody here. */
export async function runProgram(program: Command, args: readonly string[], terminal: Terminal): Promise<number> {
  for (const command of [program, ...descendants(program)]) {
    command.exitOverride().configureOutput({
      writeOut: (text) => terminal.out(text.trimEnd()),
      writeErr: () => undefined,
    });
  }
  try {
    await program.parseAsync([...args], { from: 'user' });
    return EXIT.done;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT.done;
    terminal.err(`${program.name()}: ${lineOf(error, program)}`);
    return error instanceof CannotDo ? error.exitCode : error instanceof NoAnswer ? EXIT.unknown : EXIT.refused;
  }
}

function descendants(command: Command): Command[] {
  return command.commands.flatMap((one) => [one, ...descendants(one)]);
}

function lineOf(error: unknown, program: Command): string {
  if (error instanceof CommanderError) return asked(error, program);
  if (error instanceof Problem) return problemLine(error);
  if (error instanceof Refused) return oneLine([error.message, ...said(error.extra)].join('; '));
  if (error instanceof CannotDo || error instanceof NoAnswer) return oneLine(error.message);
  if (!(error instanceof Error)) return 'failed';
  const { code, cause } = error as Error & { code?: string };
  if (error.message === 'fetch failed') return unreachable(cause);
  return oneLine(code === undefined ? `${error.name}: ${error.message}` : error.message);
}

/** Without a command commander shows its help and calls that an error. */
function asked(error: CommanderError, program: Command): string {
  if (error.code === 'commander.help') return `say what to do; ${program.name()} help lists it`;
  return oneLine(error.message.replace(/^error: /, ''));
}

function problemLine({ title, type, status, problem }: Problem): string {
  const name = type.split(':').at(-1) ?? type;
  const { type: _type, title: _title, status: _status, detail, instance: _instance, ...more } = problem;
  const why = typeof detail === 'string' && detail !== title ? detail : title;
  return oneLine([`refused (${status} ${name}): ${why}`, ...said(more)].join('; '));
}

function said(more: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(more).map(([field, value]) => `${field} ${JSON.stringify(value)}`);
}

function unreachable(cause: unknown): string {
  const code = (cause as { code?: unknown } | undefined)?.code;
  return `the service cannot be reached${typeof code === 'string' ? ` (${code})` : ''}; is it started, and is --url right?`;
}

function oneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, ' ').slice(0, 600);
}
