import { readFile } from 'node:fs/promises';
import type { PluginMetadata } from './constraints.ts';

/** JSON Schema of what a method answers, by `Controller_method`. */
export type Answers = Readonly<Record<string, object>>;

export interface Generated {
  readonly metadata: (() => Promise<PluginMetadata>) | undefined;
  readonly answers: Answers;
}

/** What scripts/api-metadata.mjs has written before the build; nothing where it has not run, as in a single test. */
export async function loadGenerated(): Promise<Generated> {
  const folder = new URL('../generated/', import.meta.url);
  const answers = await readFile(new URL('answers.json', folder), 'utf8').catch(() => undefined);
  if (answers === undefined) return { metadata: undefined, answers: {} };
  const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js';
  const written = (await import(new URL(`metadata${extension}`, folder).href)) as {
    default: () => Promise<PluginMetadata>;
  };
  return { metadata: written.default, answers: JSON.parse(answers) as Answers };
}
