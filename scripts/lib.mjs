// What the house's own scripts share: the repository's place, running a program, and knowing what is out of date.
// Plain JavaScript with nothing but Node, because `scripts/setup.mjs` runs before anything is installed.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
export const inRoot = (...parts) => join(root, ...parts);

/** Packages in the order in which they are built: a package comes after those that it imports. */
export const packages = ['core', 'accelerate', 'data', 'explain', 'recommend', 'tune', 'cli'];

/** Runs a program in the repository's root with this terminal; throws where it fails. `quiet` shows its output only then. */
export function sh(command, args, { env = {}, quiet = false, allowFailure = false, cwd = root } = {}) {
  const done = spawnSync(command, args, { cwd, env: { ...process.env, ...env }, stdio: quiet ? 'pipe' : 'inherit', encoding: 'utf8' });
  if (done.error !== undefined) throw done.error;
  const status = done.status ?? 1;
  if (status !== 0 && !allowFailure) {
    if (quiet) process.stderr.write((done.stdout ?? '') + (done.stderr ?? ''));
    throw new Failure(`${[command.split(/[\\/]/).at(-1), ...args].join(' ')} failed with exit code ${status}`, status);
  }
  return { status, stdout: done.stdout ?? '', stderr: done.stderr ?? '' };
}

/** A failure that was already shown or that explains itself: printed as one line, without a stack. */
export class Failure extends Error {
  constructor(message, status = 1) { super(message); this.status = status; }
}

/** Runs a script's main function and turns what it throws into an exit code. */
export async function script(main) {
  try {
    await main();
  } catch (error) {
    console.error(error instanceof Failure ? error.message : error);
    process.exitCode = error instanceof Failure ? error.status : 1;
  }
}

/** Runs npm with the Node that runs this script. */
export function npm(args, options = {}) {
  const cli = process.env.npm_execpath;
  if (cli !== undefined && cli.endsWith('.js')) return sh(process.execPath, [cli, ...args], options);
  return sh(process.platform === 'win32' ? 'npm.cmd' : 'npm', args, options);
}

/** The newest modification time (ms) of the files below the paths that `take` accepts; 0 where there is none. */
export function newest(paths, take = () => true) {
  let time = 0;
  const visit = (path) => {
    if (!existsSync(path)) return;
    const stat = statSync(path);
    if (stat.isDirectory()) for (const name of readdirSync(path)) visit(join(path, name));
    else if (take(path)) time = Math.max(time, stat.mtimeMs);
  };
  for (const path of paths) visit(path);
  return time;
}
