/** Reading and writing files of the repository for the house's checks; paths are relative to its root. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

export function write(path: string, text: string): void {
  mkdirSync(dirname(join(ROOT, path)), { recursive: true });
  writeFileSync(join(ROOT, path), text);
}

/** All files below a folder, as sorted paths relative to it, with `/`. */
export function filesBelow(folder: string): string[] {
  const top = join(ROOT, folder);
  return readdirSync(top, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    .map((entry) => relative(top, join(entry.parentPath, entry.name)).split(sep).join('/')).sort();
}

/** Ends a check: prints the problems and fails, or prints that all is well. */
export function report(title: string, problems: readonly string[], fine: string): void {
  for (const problem of problems) console.error(`${title}: ${problem}`);
  if (problems.length > 0) process.exitCode = 1;
  else console.log(`${title}: ${fine}`);
}
