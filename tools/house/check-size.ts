/**
 * `npm run check:size`: what a page gets of core, minified and gzip -9. The budget holds what a page with the MNIST program loads before its first line
 * runs: the entry and what it imports statically, names of optimizers, losses and metrics included. Beside it stands what comes later (training with the
 * first fit, datasets, files, reports), and a page that uses everything that core exports. Core must need nothing else.
 *
 * Bundler and minifier: rolldown, as tsdown and Vite use it; esbuild's figures stand beside it for comparison.
 */
import { buildSync } from 'esbuild';
import { rolldown } from 'rolldown';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { report, ROOT } from './files.ts';

const BUDGET_KB = 110;
const CORE = join(ROOT, 'packages/core/dist/modules/index.js');
/** The MNIST program, as a page would import it. */
const MNIST = `
import { input, layers, sequential } from '${CORE.replaceAll('\\', '/')}';
const model = sequential([input({ shape: [28, 28] }), layers.rescaling(1 / 255), layers.flatten(), layers.dense(128, { activation: 'relu' }), layers.dropout(0.2), layers.dense(10)]);
model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
globalThis.run = (x, y) => model.fit(x, y);
`;

const gzip = (code: string | Uint8Array): number => gzipSync(code, { level: 9 }).length / 1000;
const kB = (size: number): string => `${size.toFixed(1)} kB`;

interface Measured { readonly first: number; readonly later: ReadonlyMap<string, number>; readonly total: number; readonly foreign: readonly string[] }

/** Bundles `entry` and weighs its files. */
async function measure(entry: string): Promise<Measured> {
  const bundle = await rolldown({
    input: entry, platform: 'browser', external: [/^node:/], logLevel: 'silent', preserveEntrySignatures: 'allow-extension',
    plugins: [{ name: 'program', resolveId: (id) => (id === 'mnist' ? id : null), load: (id) => (id === 'mnist' ? MNIST : null) }],
  });
  const { output } = await bundle.generate({ format: 'esm', minify: true });
  await bundle.close();
  const chunks = new Map(output.flatMap((file) => (file.type === 'chunk' ? [[file.fileName, file] as const] : [])));
  const now = new Set<string>();
  const visit = (name: string): void => {
    const chunk = chunks.get(name);
    if (chunk === undefined || now.has(name)) return;
    now.add(name);
    chunk.imports.forEach(visit);
  };
  for (const chunk of chunks.values()) if (chunk.isEntry) visit(chunk.fileName);
  const later = new Map<string, number>();
  let first = 0, total = 0;
  for (const [name, chunk] of chunks) {
    const size = gzip(chunk.code);
    total += size;
    if (now.has(name)) first += size; else later.set(name.replace(/-[^-]*\.js$/, ''), size);
  }
  const foreign = [...chunks.values()].flatMap((chunk) => chunk.moduleIds).filter((id) => id.includes('node_modules'));
  return { first, later, total, foreign };
}

const all = await measure(CORE), mnist = await measure('mnist');
/** The same program by esbuild, whose minified code compresses less well and which keeps namespaces of factories whole: at once, and all of it in one file. */
function byEsbuild(): readonly [first: number, single: number] {
  const build = (splitting: boolean) => buildSync({
    stdin: { contents: MNIST, resolveDir: ROOT, sourcefile: 'mnist.js' }, outdir: '/', bundle: true, splitting, minify: true, format: 'esm', platform: 'browser', target: 'es2022', write: false, metafile: true, external: ['node:*'], logLevel: 'error',
  });
  const split = build(true), outputs = Object.entries(split.metafile.outputs), now = new Set<string>();
  const visit = (name: string): void => {
    if (now.has(name)) return;
    now.add(name);
    for (const { path, kind } of split.metafile.outputs[name]?.imports ?? []) if (kind === 'import-statement') visit(path);
  };
  for (const [name, { entryPoint }] of outputs) if (entryPoint?.endsWith('mnist.js') === true) visit(name);
  const names = new Set([...now].map((name) => name.split('/').pop()));
  const first = split.outputFiles.filter((file) => names.has(file.path.split(/[\\/]/).pop())).reduce((sum, file) => sum + gzip(file.contents), 0);
  return [first, gzip(build(false).outputFiles[0]?.contents ?? '')];
}
const [esbuildFirst, esbuildSingle] = byEsbuild();
console.log(`the MNIST program     at once ${kB(mnist.first)}   later ${[...mnist.later].map(([name, size]) => `${name} ${kB(size)}`).join(', ')}   total ${kB(mnist.total)}`);
console.log(`the same by esbuild   at once ${kB(esbuildFirst)}   in one file ${kB(esbuildSingle)}   (not held against the budget)`);
console.log(`everything exported   at once ${kB(all.first)}   total ${kB(all.total)}   (not held against the budget)`);
const problems: string[] = [];
if (mnist.first < 1) problems.push('the bundle is empty');
if (mnist.first > BUDGET_KB) problems.push(`a page with the MNIST program loads ${kB(mnist.first)} gzip at once; the budget is ${BUDGET_KB} kB`);
if (all.foreign.length > 0) problems.push(`core bundles foreign code: ${all.foreign.join(', ')}`);
report('size', problems, `a page with the MNIST program loads ${kB(mnist.first)} gzip at once (budget ${BUDGET_KB} kB)`);
