/** Whether a result can be written where the user wants it: asked before the work, not after it. */
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { UsageError } from './errors.ts';

/**
 * Refuses a path that no file can be written to: a folder, a folder without write permission, a path through a file.
 * Makes nothing; folders that are missing are made when the file is written.
 * @param option the option that gave the path, for the message
 */
export function checkWritable(path: string, option: string): void {
  const wrong = (why: string): UsageError => new UsageError(`${option} ${path}: ${why}; give the path of a file that can be written`);
  if (existsSync(path) && statSync(path).isDirectory()) throw wrong('this is a folder');
  let folder = dirname(resolve(path));
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder);
  if (!statSync(folder).isDirectory()) throw wrong(`${folder} is not a folder`);
  try {
    accessSync(folder, constants.W_OK);
  } catch {
    throw wrong(`${folder} may not be written to`);
  }
}
