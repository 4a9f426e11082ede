// Makes a checkout ready to run: installs what package-lock.json names, builds what changed. Needs nothing but Node and npm.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const SOURCES = ['apps', 'libs', 'models'];
/** What the build does not compile but the running system reads. */
const ASSETS = /\.(onnx|wasm|json|proto|html|svg|css)$/;

const [major] = process.versions.node.split('.').map(Number);
if (major < 20) fail(`Node ${process.versions.node} is too old: PalmLedger needs Node 20 or later.`);

install();
describe();
build();

function install() {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  const stamp = join(root, 'node_modules', '.palmledger-installed');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  say('installing the packages of package-lock.json (a minute or two, once)');
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  writeFileSync(stamp, lock);
}

/** What the OpenAPI document needs from the types; before the build, which compiles it. */
function describe() {
  const generated = join(root, 'libs', 'api', 'generated');
  const stamp = join(generated, 'answers.json');
  const sources = ['libs', 'scripts/api-metadata.mjs', 'scripts/answer-schemas.mjs', 'package.json'];
  const newest = Math.max(...sources.map((path) => newestIn(join(root, path), generated)));
  if (existsSync(stamp) && statSync(stamp).mtimeMs >= newest) return;
  say('reading the types for the API document');
  run(ownNode(), [join(root, 'scripts', 'api-metadata.mjs')]);
}

function build() {
  const stamp = join(root, 'dist', '.built');
  const newest = Math.max(...['package.json', '.swcrc', ...SOURCES].map((path) => newestIn(join(root, path))));
  if (existsSync(stamp) && statSync(stamp).mtimeMs >= newest) return;
  say('building');
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  run(join(root, 'node_modules', '.bin', 'swc'), [...SOURCES, '-d', 'dist', '--quiet']);
  for (const path of SOURCES) copyAssets(join(root, path), join(root, 'dist', path));
  writeFileSync(stamp, '');
}

/** The Node that the project brings, where there is one: the first call runs under the system's. */
function ownNode() {
  const own = join(root, 'node_modules', '.bin', 'node');
  return existsSync(own) ? own : process.execPath;
}

function newestIn(path, except) {
  const stat = statSync(path);
  if (path === except) return 0;
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newestIn(join(path, name), except)));
}

function copyAssets(from, to) {
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    if (entry.isDirectory()) copyAssets(join(from, entry.name), join(to, entry.name));
    else if (ASSETS.test(entry.name)) {
      mkdirSync(to, { recursive: true });
      cpSync(join(from, entry.name), join(to, entry.name));
    }
  }
}

function run(command, args) {
  const result = spawnSync(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  if (result.status !== 0) fail(`${command} ${args[0] ?? ''} failed; what it printed above says why.`);
}

function say(text) {
  process.stderr.write(`palmledger: ${text}\n`);
}

function fail(text) {
  process.stderr.write(`palmledger: ${text}\n`);
  process.exit(1);
}
