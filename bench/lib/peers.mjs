// Which engines can run here: installs the JavaScript peers on demand (into bench/ only) and asks Python what it has.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildPackage, isBuilt } from '../../scripts/build.mjs';

export const bench = dirname(dirname(fileURLToPath(import.meta.url)));

/** The packages as users get them: built. */
export function ensureBuilt() {
  for (const name of ['core', 'accelerate', 'data']) if (!isBuilt(name)) buildPackage(name);
}

function installed(name) {
  const path = join(bench, 'node_modules', name, 'package.json');
  const wanted = JSON.parse(readFileSync(join(bench, 'package.json'), 'utf8')).dependencies[name];
  return existsSync(path) && JSON.parse(readFileSync(path, 'utf8')).version === wanted;
}

/** Install scripts stay off: no peer needs one for what is measured here, and some would download binaries. */
function install() {
  console.error('installing the JavaScript peers into bench/ …');
  const cli = process.env.npm_execpath;
  const args = ['install', '--ignore-scripts', '--no-workspaces', '--no-package-lock', '--no-audit', '--no-fund', '--loglevel=error'];
  const done = cli !== undefined && cli.endsWith('.js')
    ? spawnSync(process.execPath, [cli, ...args], { cwd: bench, stdio: 'inherit' })
    : spawnSync(process.platform === 'win32' ? 'npm.cmd' : 'npm', args, { cwd: bench, stdio: 'inherit' });
  if (done.status !== 0) console.error('npm could not install the peers; going on without them');
}

export const python = process.env.LIMELIGHT_BENCH_PYTHON ?? 'python3';
const pythonModules = new Map();
function pythonHas(module) {
  if (!pythonModules.has(module)) {
    const done = spawnSync(python, ['-c', `import importlib.util, sys; sys.exit(importlib.util.find_spec('${module}') is None)`], { stdio: 'ignore' });
    pythonModules.set(module, done.status === 0);
  }
  return pythonModules.get(module);
}

/** The engines of the list that can run; says which cannot and why. With `strict`, a peer asked for by name must be there. */
export function availablePeers(engines, strict) {
  if (engines.some((e) => e.npm?.some((name) => !installed(name)))) install();
  return engines.filter((e) => {
    if (e.node !== undefined && Number.parseInt(process.versions.node, 10) < e.node) { console.error(`without ${e.engine}: it needs Node ${e.node} or later`); return false; }
    const missing = e.npm?.find((name) => !installed(name)) ?? e.python?.find((module) => !pythonHas(module));
    if (missing === undefined) return true;
    const why = e.python === undefined ? `${missing} is not installed` : `${python} has no module ${missing} (LIMELIGHT_BENCH_PYTHON names another Python)`;
    console.error(`without ${e.engine}: ${why}`);
    if (strict) process.exit(1);
    return false;
  });
}

/** Flags of a program whose products a library of the system makes, where there is one (the row says nothing new where there is none). */
export const accelerated = ['--import', '@limelight/accelerate/auto'];
