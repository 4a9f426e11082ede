import { Command, CommanderError } from 'commander';
import { randomInt } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Problem } from '#libs/device-protocol/client-errors.ts';
import { startInstance, type Instance } from './instance.ts';
import { drawnPalms, palmsOf, type Palms } from './palms.ts';
import { line, NotShown, type Shown } from './report.ts';
import { steps, type Step } from './steps/all.ts';
import { newWorld, type World } from './world.ts';

interface Options {
  readonly palms?: string;
  readonly keep?: string;
  readonly url?: string;
  readonly sent?: string;
  readonly admin?: string;
}

/** Plays a member's whole life through the API. The exit code: 1 where anything was not shown. */
export async function run(args: readonly string[]): Promise<number> {
  try {
    const options = parsed(args);
    // Another play on the same instance has other people.
    const other = options.url === undefined ? '' : String(randomInt(10_000, 100_000));
    const palms = palmsFor(options, other);
    const instance = await instanceFor(options);
    try {
      const world = newWorld(instance, palms, other);
      if (options.url !== undefined) await meet(world);
      return await play(world);
    } finally {
      await instance.stop();
    }
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode;
    process.stderr.write(`demo: ${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}

function parsed(args: readonly string[]): Options {
  return new Command('demo')
    .description("Plays a member's whole life through the public API, with real picture files.")
    .option('--palms <folder>', 'pictures of palms, <palm>_<sample>.png; without it they are drawn')
    .option('--keep <dir>', 'keep the instance there: data, keys, logs, and sent for what went out to phones')
    .option('--url <url>', 'play on a running instance that was made for demo; needs --sent and --admin')
    .option('--sent <dir>', 'the folder that stands for phones of that instance')
    .option('--admin <file>', 'its first admin as JSON: {"principal": …, "secret": …}')
    .exitOverride()
    .parse([...args], { from: 'user' })
    .opts<Options>();
}

function palmsFor({ palms }: Options, play: string): Palms {
  if (palms === undefined) return drawnPalms(play);
  const folder = resolve(palms);
  if (existsSync(folder)) return palmsOf(folder);
  throw new Error(
    `${palms} is not here: a clone has no pictures of real palms. Without --palms the demo draws its own.`,
  );
}

async function instanceFor({ url, sent, admin, keep }: Options): Promise<Instance> {
  if (url === undefined) {
    if (sent !== undefined || admin !== undefined) throw new Error('--sent and --admin go with --url');
    return startInstance(keep === undefined ? undefined : unused(resolve(keep)));
  }
  if (keep !== undefined) throw new Error('--keep starts an instance, --url plays on one that runs: choose one');
  if (sent === undefined || admin === undefined) throw new Error('--url needs --sent and --admin as well');
  const credential = JSON.parse(readFileSync(admin, 'utf8')) as Instance['admin'];
  return { url, sent: resolve(sent), admin: credential, stop: async () => undefined };
}

/** The secret of its admin was shown once, to whoever started it first. */
function unused(folder: string): string {
  if (!existsSync(join(folder, 'data'))) return folder;
  throw new Error(
    `${folder} holds an instance already; name a new folder, or start that one and play on it with --url`,
  );
}

/** A running instance may have had its clock moved by an earlier play. */
async function meet(world: World): Promise<void> {
  const { url } = world.instance;
  const status = await world.admin
    .get<{ now: string; folder: { purpose: string } }>('/admin/v1/status')
    .catch((error: unknown) => {
      throw new Error(`${url} does not let this admin in: ${why(error)}`);
    });
  if (status.folder.purpose === 'live')
    throw new Error(`${url} is live: the demo plays only where the clock may be moved`);
  world.clockMoved(new Date(status.now));
}

async function play(world: World): Promise<number> {
  const { instance, palms } = world;
  const began = Date.now();
  const shown: Shown[] = [];
  for (const step of steps) {
    const result = await show(step, world);
    shown.push(result);
    process.stdout.write(`${line(result)}\n`);
  }
  await world.close();
  const good = shown.filter(({ ok }) => ok).length;
  process.stdout.write(
    `\nplayed with ${palms.what} on ${instance.url}, in ${Math.round((Date.now() - began) / 1_000)} s\n`,
  );
  process.stdout.write(`demo: ${good} of ${shown.length}\n`);
  return good === shown.length ? 0 : 1;
}

/** A step that needs what an earlier one did not reach fails as well: nothing is skipped in silence. */
async function show(step: Step, world: World): Promise<Shown> {
  const { title } = step;
  try {
    return { title, ok: true, evidence: await step.run(world) };
  } catch (error) {
    return { title, ok: false, evidence: why(error) };
  }
}

function why(error: unknown): string {
  if (error instanceof NotShown) return error.message;
  if (error instanceof Problem) return `${error.status} ${error.type} ${JSON.stringify(error.problem)}`;
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
