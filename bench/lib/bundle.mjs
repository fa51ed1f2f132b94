// Size of a package as a browser loads it: bundled and minified by esbuild, gzip. WASM binaries that it loads beside count where they are named.
import { buildSync } from 'esbuild';
import { gzipSync } from 'node:zlib';
import { config, tell } from './child.mjs';

const names = [config.entry, ...(config.also === undefined ? [] : [config.also])];
const result = buildSync({
  stdin: { contents: names.map((name, i) => `export * as part${i} from ${JSON.stringify(name)};`).join('\n'), resolveDir: import.meta.dirname ?? new URL('.', import.meta.url).pathname },
  bundle: true, minify: true, format: 'esm', platform: 'browser', target: 'es2022', write: false, external: ['node:*', 'fs', 'path', 'os', 'worker_threads', 'perf_hooks', 'util', 'crypto'], logLevel: 'error',
});
tell([{ case: 'bundle', metric: 'gzip_kb', value: gzipSync(result.outputFiles[0].contents, { level: 9 }).length / 1000, ...(config.also === undefined ? {} : { note: 'without the .wasm file it loads' }) }]);
