import { writeFileSync } from 'node:fs';
import { palmModel } from './palm-graph.ts';

/** Writes models/palm-v1.onnx. The file is committed; a test holds it to what this builds. */
const version = 'palm-v1';
const model = palmModel(version);
writeFileSync(new URL(`./${version}.onnx`, import.meta.url), model);
process.stdout.write(`${version}: ${model.length} bytes\n`);
