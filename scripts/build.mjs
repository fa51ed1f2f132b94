// Builds the packages with tsdown: ES modules and type declarations under packages/*/dist. `node scripts/build.mjs [name…]`
import { existsSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { Failure, inRoot, newest, packages, script, sh } from './lib.mjs';

const stamp = (name) => inRoot('packages', name, 'dist/.built');
const isSource = (path) => !/\.(test|bench)\.ts$/.test(path);

/** True where the package's build is newer than everything it is made of. */
export function isBuilt(name) {
  if (!existsSync(stamp(name))) return false;
  const from = ['src', 'package.json', 'tsdown.config.js', 'tsconfig.modules.json'].map((part) => inRoot('packages', name, part));
  return statSync(stamp(name)).mtimeMs >= newest([...from, inRoot('tsdown.shared.js')], isSource);
}

export function buildPackage(name) {
  const started = Date.now();
  // Built beside and exchanged at the end, so that a program that runs over the package never finds it half built.
  const next = `dist.${process.pid}`, folder = (part) => inRoot('packages', name, part);
  try {
    sh(process.execPath, [inRoot('node_modules/tsdown/dist/run.mjs'), '--logLevel', 'warn', '--out-dir', next], { cwd: inRoot('packages', name), quiet: true });
    // The same as one file for each source file, for bundlers: in a single file namespaces as `layers` are objects that none of them can take apart.
    if (existsSync(folder('tsconfig.modules.json'))) {
      sh(process.execPath, [inRoot('node_modules/typescript/bin/tsc'), '-p', folder('tsconfig.modules.json'), '--outDir', folder(`${next}/modules`)], { cwd: inRoot('packages', name), quiet: true });
    }
    writeFileSync(folder(`${next}/.built`), '');
    // The time of the start: a file saved while the build ran counts as newer.
    utimesSync(folder(`${next}/.built`), started / 1000, started / 1000);
    rmSync(folder('dist'), { recursive: true, force: true });
    renameSync(folder(next), folder('dist'));
  } finally {
    rmSync(folder(next), { recursive: true, force: true });
  }
  console.log(`built packages/${name} in ${((Date.now() - started) / 1000).toFixed(1)} s`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await script(() => {
    const names = process.argv.slice(2);
    for (const name of names) if (!packages.includes(name)) throw new Failure(`no package '${name}'; there are ${packages.join(', ')}`, 2);
    for (const name of names.length > 0 ? names : packages) buildPackage(name);
  });
}
