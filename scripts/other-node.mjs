// `node scripts/other-node.mjs 22 24`: runs the tests of core and a smoke test of the built packages on other versions of Node.
// A version comes from the npm package `node` (a plain binary) and is kept under .cache/.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Failure, inRoot, npm, script, sh } from './lib.mjs';

/** Tests whose outcome may depend on the engine's version: numbers, threads, WebAssembly, files. Pure graph rewriting does not. */
const TESTS = ['packages/core/src/backend', 'packages/core/src/runtime', 'packages/core/src/tensor', 'packages/core/src/model', 'packages/accelerate/src'];

await script(() => {
  const versions = process.argv.slice(2);
  if (versions.length === 0) throw new Failure('usage: node scripts/other-node.mjs VERSION…', 2);
  for (const version of versions) {
    const folder = inRoot('.cache', `node${version}`);
    const binary = inRoot('.cache', `node${version}`, 'node_modules/node/bin', process.platform === 'win32' ? 'node.exe' : 'node');
    if (!existsSync(binary)) {
      mkdirSync(folder, { recursive: true });
      writeFileSync(inRoot('.cache', `node${version}`, 'package.json'), '{ "private": true }\n');
      npm(['install', `node@${version}`, '--no-audit', '--no-fund', '--no-save', '--loglevel=error', '--prefix', folder], { cwd: folder });
    }
    sh(binary, ['--version']);
    const env = { PATH: `${dirname(binary)}${process.platform === 'win32' ? ';' : ':'}${process.env.PATH}` };
    sh(binary, [inRoot('scripts/smoke.mjs')], { env });
    sh(binary, [inRoot('node_modules/vitest/vitest.mjs'), 'run', '--reporter=dot', ...TESTS.filter((path) => existsSync(inRoot(path)))], { env });
  }
});
