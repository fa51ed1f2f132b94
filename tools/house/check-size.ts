/** `npm run check:size`: core as a browser gets it (one module, minified by esbuild, gzip) must stay within its budget and need nothing else. `-- --parts` lists what it is made of. */
import { buildSync } from 'esbuild';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { report, ROOT } from './files.ts';

const BUDGET_KB = 110;

const result = buildSync({
  entryPoints: [join(ROOT, 'packages/core/dist/index.js')], bundle: true, minify: true, format: 'esm', platform: 'browser', target: 'es2022',
  write: false, metafile: true, external: ['node:*'], logLevel: 'error',
});
const bytes = result.outputFiles[0]?.contents ?? new Uint8Array();
const kB = gzipSync(bytes, { level: 9 }).length / 1000;
const problems: string[] = [];
if (bytes.length === 0) problems.push('the bundle is empty');
if (kB > BUDGET_KB) problems.push(`core is ${kB.toFixed(1)} kB gzip; the budget is ${BUDGET_KB} kB`);
const foreign = Object.keys(result.metafile.inputs).filter((path) => path.includes('node_modules'));
if (foreign.length > 0) problems.push(`core bundles foreign code: ${foreign.join(', ')}`);
if (process.argv.includes('--parts')) {
  // The build is one file, so the parts are read off a bundle of the sources.
  const { metafile } = buildSync({
    entryPoints: [join(ROOT, 'packages/core/src/index.ts')], bundle: true, minify: true, format: 'esm', platform: 'browser', target: 'es2022', write: false, metafile: true, logLevel: 'error',
  });
  const parts = Object.values(metafile.outputs).flatMap((output) => Object.entries(output.inputs)).sort((a, b) => b[1].bytesInOutput - a[1].bytesInOutput);
  for (const [path, { bytesInOutput }] of parts) console.log(`${String(bytesInOutput).padStart(7)} bytes minified  ${path.replace(/^.*core\/src\//, '')}`);
}
report('size', problems, `core ${(bytes.length / 1000).toFixed(1)} kB minified, ${kB.toFixed(1)} kB gzip (budget ${BUDGET_KB})`);
