import type { Command } from 'commander';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CannotDo } from '#libs/command-line/run-program.ts';
import type { Terminal } from '#libs/command-line/terminal.ts';
import { drawPalm } from '#libs/testing/palms/palm-picture.ts';
import { commonOf } from '../at-device.ts';

interface Options {
  readonly people: string;
  readonly captures: string;
  readonly out: string;
  readonly seed: string;
  readonly nearInfrared?: true;
}

const HANDS = ['left', 'right'] as const;

/** The only command that writes pictures: of hands that belong to nobody. */
export function addDraw(program: Command, terminal: Terminal): void {
  program
    .command('draw')
    .description('draws palms that belong to nobody: <seed><n>-left_1.png and so on, as palm:measure reads them')
    .option('--people <n>', 'how many', '3')
    .option('--captures <n>', 'pictures of each hand; each lies, is lit and grains differently', '4')
    .requiredOption('--out <folder>', 'where to')
    .option('--seed <word>', 'another word draws other people', 'p')
    .option('--near-infrared', 'near infrared as well, under the same names in a folder of that name')
    .action(async (_options, command: Command) => {
      const options = commonOf<Options>(command);
      const people = whole(options.people, '--people', 1_000);
      const captures = whole(options.captures, '--captures', 100);
      if (!/^[a-z0-9]{1,20}$/.test(options.seed)) throw new CannotDo('--seed takes up to 20 small letters and digits');
      const lights = options.nearInfrared ? (['visible', 'near-infrared'] as const) : (['visible'] as const);
      let written = 0;
      for (const light of lights) {
        const folder = light === 'visible' ? options.out : join(options.out, light);
        await mkdir(folder, { recursive: true });
        for (let person = 1; person <= people; person += 1) {
          for (const hand of HANDS) {
            for (let capture = 1; capture <= captures; capture += 1) {
              const name = `${options.seed}${person}`;
              const picture = await drawPalm({ person: name, hand, capture, light });
              await writeFile(join(folder, `${name}-${hand}_${capture}.png`), picture);
              written += 1;
            }
          }
        }
      }
      terminal.out(
        options.json
          ? JSON.stringify({ out: options.out, pictures: written })
          : `${written} pictures in ${options.out}`,
      );
    });
}

export function whole(text: string, name: string, most: number): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (value >= 1 && value <= most) return value;
  throw new CannotDo(`${name} takes a whole number from 1 to ${most}`);
}
