import { writeFile } from 'node:fs/promises';
import { makeVectors } from './make-vectors.ts';

/** `node --conditions=palmledger-src libs/device-protocol/vectors/write-vectors.ts`, when the protocol gets a new version. */
const file = new URL('../../../docs/device-test-vectors.json', import.meta.url);
await writeFile(file, `${JSON.stringify(await makeVectors(), undefined, 2)}\n`);
