// Writes down, for the OpenAPI document, what only the compiler knows: the DTOs' properties and the shapes of answers.
import { PluginMetadataGenerator } from '@nestjs/cli/lib/compiler/plugins/plugin-metadata-generator.js';
import { ReadonlyVisitor } from '@nestjs/swagger/plugin';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { answersOf } from './answer-schemas.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const api = join(root, 'libs', 'api');
const out = join(api, 'generated');
/** Files with classes that bodies and queries are validated by. */
const SHAPES = ['bodies.ts', 'queries.ts', 'paging.ts'];

const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile);
const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
const files = readdirSync(api, { recursive: true })
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts') && !name.startsWith('generated'))
  .map((name) => join(api, name));
const program = ts.createProgram(files, options);

mkdirSync(out, { recursive: true });
const visitor = new ReadonlyVisitor({
  introspectComments: true,
  classValidatorShim: true,
  esmCompatible: true,
  pathToSource: out,
  dtoFileNameSuffix: SHAPES,
  controllerFileNameSuffix: ['.controller.ts'],
});
new PluginMetadataGenerator().generate({ tsProgramRef: program, visitors: [visitor], outputDir: out });
const metadata = join(out, 'metadata.ts');
const text = readFileSync(metadata, 'utf8').replace(/(import\("\.[^"]*)\.js"\)/g, '$1.ts")');
writeFileSync(metadata, `// @ts-nocheck\n${text}\n`);
writeFileSync(join(out, 'answers.json'), `${JSON.stringify(answersOf(program, files), null, 1)}\n`);
