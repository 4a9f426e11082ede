import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Command } from 'commander';
import { MODEL_VERSION } from '#libs/recognition/palm/model-version.ts';
import { palmReader } from '#libs/recognition/palm/palm-reader.ts';
import { intervalsOf } from './measure/bootstrap.ts';
import { calibrationOf } from './measure/calibrate.ts';
import { compareAll } from './measure/comparisons.ts';
import type { Sample } from './measure/comparisons.ts';
import { detSvg } from './measure/det-svg.ts';
import { supportedFmr } from './measure/evidence.ts';
import { listPictures } from './measure/pictures.ts';
import type { PalmPicture } from './measure/pictures.ts';
import { detCurve, ratesOf } from './measure/rates.ts';
import { jsonOf, textOf } from './measure/report.ts';
import { reproducible } from './measure/reproducible.ts';

const BOOTSTRAP_DRAWS = 400;

interface Options {
  readonly pattern: string;
  readonly json?: string;
  readonly svg: string;
  readonly calibration?: string;
  readonly name: string;
}

/** Measures the palm model on a folder of pictures, by the way that the running system takes from a picture to a verdict. */
const command = new Command('palm:measure')
  .argument('<folder>', 'PNG or JPEG pictures')
  .option('--pattern <pattern>', 'how the files are named', '{palm}_{sample}')
  .option('--json <file>', 'the figures as fractions')
  .option('--svg <file>', 'where the DET curve goes', '.cache/palm-det.svg')
  .option('--calibration <file>', 'score statistics that thresholds are set from')
  .option('--name <words>', 'what the pictures are, for the curve and the calibration', 'a folder of palm pictures')
  .action(measure);
await command.parseAsync();

async function measure(folder: string, options: Options): Promise<void> {
  const { pictures, unnamed } = await listPictures(folder, options.pattern);
  if (pictures.length < 2)
    return command.error(`palm:measure: fewer than two pictures in ${folder} are named ${options.pattern}`);
  const { samples, refused } = await readAll(pictures);
  const comparisons = compareAll(samples);
  const once = new Float64Array(comparisons.palms).fill(1);
  const rates = ratesOf(comparisons, once);
  const intervals = intervalsOf(comparisons, BOOTSTRAP_DRAWS, reproducible(1));
  const measured = {
    modelVersion: MODEL_VERSION,
    pictures: pictures.length,
    unnamed,
    refused,
    comparisons,
    rates,
    intervals,
  };
  process.stdout.write(textOf(measured));
  const reach = supportedFmr(comparisons.impostor.score.length);
  if (options.json) await writeFile(options.json, json(jsonOf(measured)));
  await mkdir(dirname(options.svg), { recursive: true });
  await writeFile(options.svg, detSvg(detCurve(comparisons, once), `${MODEL_VERSION} on ${options.name}`, reach));
  process.stdout.write(`DET curve   ${options.svg}\n`);
  if (options.calibration)
    await writeFile(options.calibration, json(calibrationOf(comparisons, MODEL_VERSION, options.name)));
}

async function readAll(
  pictures: readonly PalmPicture[],
): Promise<{ samples: Sample[]; refused: Record<string, number> }> {
  const reader = palmReader({ deadlineMs: 30_000 });
  const samples: Sample[] = [];
  const refused: Record<string, number> = {};
  for (const { file, palm } of pictures) {
    const bytes = Uint8Array.from(await readFile(file));
    const reading = await reader.read({ visible: bytes });
    if (reading.outcome === 'signature') samples.push({ palm, signature: reading.signature });
    else {
      samples.push({ palm });
      for (const reason of reading.reasons.slice(0, 1)) refused[reason] = (refused[reason] ?? 0) + 1;
    }
  }
  await reader.close();
  return { samples, refused };
}

function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
