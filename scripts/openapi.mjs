// Builds the OpenAPI document from the app itself, opened in a temporary folder: printed, or with --check judged by the linter.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSettings } from '../dist/libs/runtime/settings.js';
import { start } from '../dist/apps/palmledger/start.js';

const folder = mkdtempSync(join(tmpdir(), 'palmledger-openapi-'));
const at = (name) => join(folder, name);
process.exitCode = await check().finally(() => rmSync(folder, { recursive: true, force: true }));

async function check() {
  const settings = {
    PORT: '0',
    PALMLEDGER_DATA: at('data'),
    PALMLEDGER_KEYS: at('keys'),
    PALMLEDGER_OUTBOX: at('outbox'),
    PALMLEDGER_CARD_NETWORK: at('card-network'),
    PALMLEDGER_WITNESS: at('witness'),
    PALMLEDGER_PURPOSE: 'test',
    PALMLEDGER_LOG_LEVEL: 'silent',
  };
  const running = await start(readSettings(settings));
  const answer = await fetch(`${running.url}/openapi.json`);
  const document = await answer.text();
  await running.stop();
  if (!answer.ok) throw new Error(`/openapi.json answered ${answer.status}: ${document}`);
  if (!process.argv.includes('--check')) return print(document);
  writeFileSync(at('openapi.json'), document);
  return emptyBodies(JSON.parse(document)) + lint(at('openapi.json'));
}

function print(document) {
  process.stdout.write(`${JSON.stringify(JSON.parse(document), null, 2)}\n`);
  return 0;
}

/** A body class without properties, other than the one that says so, is one that the plugin did not see. */
function emptyBodies({ components }) {
  const blind = Object.entries(components.schemas).filter(
    ([name, { properties }]) => name !== 'EmptyBody' && Object.keys(properties ?? {}).length === 0,
  );
  for (const [name] of blind)
    process.stderr.write(`${name}: no property is known (is it in a bodies.ts, and exported?)\n`);
  return blind.length;
}

function lint(file) {
  const redocly = join(import.meta.dirname, '..', 'node_modules', '.bin', 'redocly');
  const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };
  const { status } = spawnSync(redocly, ['lint', file, '--config', 'redocly.yaml'], { stdio: 'inherit', env });
  return status ?? 1;
}
