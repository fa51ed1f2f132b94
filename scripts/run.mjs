// Runs a TypeScript program: `node scripts/run.mjs FILE.ts [arguments]`. Node 20 cannot read TypeScript itself, so esbuild turns the file (and
// what it imports by a relative path) into one JavaScript file under node_modules/.cache; packages stay imports, so the program sees what users see.
import { existsSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Failure, inRoot, root, script } from './lib.mjs';

/** Compiles the program and imports it in this process, with `args` as its command line. */
export async function run(file, args = []) {
  const from = resolve(file);
  if (!existsSync(from)) throw new Failure(`no file ${file}`, 2);
  const to = inRoot('node_modules/.cache/limelight', `${relative(root, from).replaceAll(/[\\/]/g, '--').replace(/\.ts$/, '')}.${process.pid}.mjs`);
  const { buildSync } = await import('esbuild');
  buildSync({
    entryPoints: [from], outfile: to, bundle: true, packages: 'external', platform: 'node', format: 'esm', target: 'node20', sourcemap: 'inline',
    define: { 'import.meta.url': JSON.stringify(pathToFileURL(from).href) }, logLevel: 'error',
  });
  process.setSourceMapsEnabled(true);
  process.argv = [process.execPath, from, ...args];
  const { rmSync } = await import('node:fs');
  process.once('exit', () => rmSync(to, { force: true }));
  await import(pathToFileURL(to).href);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [file, ...args] = process.argv.slice(2);
  await script(() => {
    if (file === undefined) throw new Failure('usage: node scripts/run.mjs FILE.ts [arguments]', 2);
    return run(file, args);
  });
}
