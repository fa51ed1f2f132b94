// Makes a fresh clone ready: installs what the lock file names where it is missing, and builds packages whose sources changed.
// Safe to run at any time; says nothing where nothing is to be done. `npm start` and `npm test` begin with it.
import { existsSync, readFileSync } from 'node:fs';
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
  const wrong = missingModules();
  if (wrong.length === 0) return;
  const fresh = !existsSync(inRoot('node_modules'));
  console.log(fresh ? 'Installing the development tools (once)…' : `Installing what the lock file asks for (${wrong.slice(0, 3).join(', ')}${wrong.length > 3 ? ', …' : ''})`);
  // `npm ci` would delete what is there; an existing folder is brought up to date instead. `--no-save` leaves the lock file as it is.
  npm([...(fresh ? ['ci'] : ['install', '--no-save']), '--no-audit', '--no-fund', '--loglevel=error']);
}

/** Modules of the lock file that are not installed in the version that it names. Optional ones (other platforms' binaries) may be absent. */
function missingModules() {
  const wanted = JSON.parse(readFileSync(inRoot('package-lock.json'), 'utf8')).packages;
  // npm's own record of what is installed.
  const record = inRoot('node_modules/.package-lock.json');
  const have = existsSync(record) ? JSON.parse(readFileSync(record, 'utf8')).packages : {};
  return Object.keys(wanted).filter((path) => path.includes('node_modules/')
    && (have[path] === undefined ? wanted[path].optional !== true && wanted[path].peer !== true : have[path].version !== wanted[path].version));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await script(setup);
