import { globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Search } from './search.ts';

export interface FilesSearched {
  readonly files: number;
  /** What was found, and in which file: one line each. */
  readonly found: readonly string[];
}

/** Every byte of every file under a folder, whatever the file is. */
export function searchFiles(folder: string, search: Search): FilesSearched {
  const files = globSync('**/*', { cwd: folder }).filter((file) => statSync(join(folder, file)).isFile());
  const found = files.flatMap((file) =>
    search(readFileSync(join(folder, file))).map(({ needle }) => `${needle.what} in ${file}`),
  );
  return { files: files.length, found };
}
