// Writes the pages of docs/ that are made from the code; with --check says whether they are as the code is.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { errorsPage } from './errors-page.mjs';
import { eventsPage } from './events-page.mjs';

const root = join(import.meta.dirname, '..');
const PAGES = [
  ['docs/errors.md', errorsPage],
  ['docs/events.md', eventsPage],
];

for (const [name, make] of PAGES) {
  const path = join(root, name);
  const text = await format(make(), { ...(await resolveConfig(path)), parser: 'markdown' });
  if (!process.argv.includes('--check')) writeFileSync(path, text);
  else if (!existsSync(path) || readFileSync(path, 'utf8') !== text) {
    process.stderr.write(`${relative(root, path)} is not as the code is: npm run docs\n`);
    process.exitCode = 1;
  }
}
