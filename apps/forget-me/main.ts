import { requireNode } from '#libs/runtime/require-node.ts';

requireNode();
const { run } = await import('./run.ts');
process.exitCode = await run(process.argv.slice(2));
