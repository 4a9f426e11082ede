import { requireNode } from '#libs/runtime/require-node.ts';

requireNode();
// Loaded only now: parts that are made for a newer Node must not be the first to say so.
const { run } = await import('./run.ts');
process.exitCode = await run(process.argv.slice(2));
