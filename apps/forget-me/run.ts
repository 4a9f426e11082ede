import { Command, CommanderError } from 'commander';
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { drawing } from './drawing.ts';
import { play } from './play.ts';
import { brokenIn, notes, table } from './report.ts';

interface Options {
  readonly seed: string;
  readonly svg?: string;
  readonly keep?: string;
}

/** Somebody is erased, and attacked with everything. The exit code: 1 where a promise breaks. */
export async function run(args: readonly string[]): Promise<number> {
  try {
    return await playAndTell(parsed(args));
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode;
    process.stderr.write(`forget-me: ${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}

function parsed(args: readonly string[]): Options {
  return new Command('forget-me')
    .description(
      'Erases a member of an instance of its own, then attacks with every copy of everything and the keys of now.',
    )
    .option('--seed <word>', 'who the people are: the same word draws the same people', '1')
    .option('--svg <file>', 'draws the table there as well')
    .option('--keep <dir>', 'keeps the instance and the copies there: an empty folder')
    .exitOverride()
    .parse([...args], { from: 'user' })
    .opts<Options>();
}

async function playAndTell({ seed, svg, keep }: Options): Promise<number> {
  if (process.platform !== 'linux') throw new Error('it reads the memory of a process as Linux shows it: run it there');
  const began = Date.now();
  const say = (line: string): boolean => process.stdout.write(`${line}\n`);
  const seconds = (): string => `${Math.round((Date.now() - began) / 1_000)} s`;
  const tell = (line: string): boolean => say(`${seconds().padStart(5)}  ${line}`);
  const findings = await play({ seed, tell, ...(keep === undefined ? {} : { keep: resolve(keep) }) });
  say(`\n${table(findings)}\n`);
  for (const line of notes(findings)) say(line);
  if (svg !== undefined) writeFileSync(svg, drawing(findings));
  const broken = brokenIn(findings);
  for (const line of broken) say(`BROKEN: ${line}`);
  say(
    `\nforget-me, seed ${seed}: ${broken.length === 0 ? 'every promise held' : `${broken.length} broken`}, in ${seconds()}`,
  );
  return broken.length === 0 ? 0 : 1;
}
