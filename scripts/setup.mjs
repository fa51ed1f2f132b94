// Makes a fresh clone ready: installs what the lock file names where that is missing or older, and builds packages whose sources changed.
// Safe to run at any time; says nothing where nothing is to be done. `npm start` and `npm test` begin with it.
import { existsSync, statSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { buildPackage, isBuilt } from './build.mjs';
import { Failure, inRoot, npm, packages, script } from './lib.mjs';

export function setup() {
  const [major = 0] = process.versions.node.split('.').map(Number);
  if (major < 20) throw new Failure(`Limelight needs Node 20 or later; this is ${process.versions.node}`);
  install();
  for (const name of packages) if (!isBuilt(name)) buildPackage(name);
}

function install() {
  const lock = inRoot('package-lock.json');
  // npm writes this file at the end of every install, so its time says when the modules were last made equal to the lock file.
  const installed = inRoot('node_modules/.package-lock.json');
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return;
  console.log(existsSync(installed) ? 'The lock file changed: installing…' : 'Installing the development tools (once)…');
  // `npm ci` would delete what is there; an existing folder is brought up to date instead. `--no-save` leaves the lock file as it is.
  if (existsSync(inRoot('node_modules'))) npm(['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error']);
  else npm(['ci', '--no-audit', '--no-fund', '--loglevel=error']);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await script(setup);
