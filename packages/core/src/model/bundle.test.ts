/** What a bundler makes of core: programs that import little must still work, above all find the model classes that a file names. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const INDEX = JSON.stringify(fileURLToPath(new URL('../index.ts', import.meta.url)));
const ALONE = 'setDefaultDevice(createDevice({ threads: 1 }));';
const X = [[1, -2, 3], [0.5, 0, -1]];

const PROGRAMS = {
  saving: `
    import { createDevice, input, layers, model, sequential, setDefaultDevice } from ${INDEX};
    ${ALONE}
    export async function make(kind, x) {
      const chain = sequential([input({ shape: [3] }), layers.dense(4, { activation: 'relu' }), layers.dense(2)], { seed: 3 });
      const ends = input({ shape: [3] });
      const made = kind === 'Sequential' ? chain : model({ inputs: ends, outputs: chain.apply(ends), seed: 4 });
      made.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
      await made.fit(x, [[0, 1], [1, 0]], { verbose: 0 });
      return { bytes: await made.toBytes(), output: [...(await made.predict(x)).dataSync()] };
    }`,
  loading: `
    import { createDevice, loadModel, setDefaultDevice } from ${INDEX};
    ${ALONE}
    export async function load(path, x) {
      const model = await loadModel(path);
      return { className: model.className, compiled: model.compiled, output: [...(await model.predict(x)).dataSync()] };
    }`,
  configured: `
    import { layerFromConfig } from ${INDEX};
    export const name = (saved) => layerFromConfig(saved).className;`,
};
interface Saving { make(kind: string, x: unknown): Promise<{ readonly bytes: Uint8Array; readonly output: readonly number[] }> }
interface Loading { load(path: string, x: unknown): Promise<{ readonly className: string; readonly compiled: boolean; readonly output: readonly number[] }> }
interface Configured { name(saved: unknown): string }

describe('a bundle', () => {
  const folder = mkdtempSync(join(tmpdir(), 'limelight-bundle-'));
  const open = async <T>(name: keyof typeof PROGRAMS): Promise<T> => (await import(/* @vite-ignore */ pathToFileURL(join(folder, name, 'main.js')).href)) as T;

  beforeAll(async () => {
    for (const [name, contents] of Object.entries(PROGRAMS)) {
      const { warnings } = await build({
        stdin: { contents, resolveDir: folder, sourcefile: `${name}.js` }, outdir: join(folder, name), entryNames: 'main',
        bundle: true, splitting: true, minify: true, format: 'esm', platform: 'browser', target: 'es2022', external: ['node:*'], logLevel: 'silent',
      });
      // esbuild warns of imports for side effects alone, which the package's `sideEffects: false` lets it drop
      expect(warnings.map((w) => w.text)).toEqual([]);
    }
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  }, 60_000);
  afterAll(() => { rmSync(folder, { recursive: true, force: true }); });

  it.each(['Sequential', 'Functional'])('that imports only loadModel loads a %s model saved by another bundle', async (kind) => {
    const { bytes, output } = await (await open<Saving>('saving')).make(kind, X);
    const path = join(folder, `${kind}.safetensors`);
    writeFileSync(path, bytes);
    expect(await (await open<Loading>('loading')).load(path, X)).toEqual({ className: kind, compiled: true, output });
  });

  it('that imports only layerFromConfig knows the models', async () => {
    const { name } = await open<Configured>('configured');
    expect(name({ className: 'Sequential', config: { name: 'empty', layers: [] } })).toBe('Sequential');
  });
});
