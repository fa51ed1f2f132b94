/** Training on the WASM backend: the same bits for any number of threads, constant memory, resume after a real kill. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as layers from '../nn/layers/index.ts';
import { createDevice, setDefaultDevice, type Device } from '../runtime/device.ts';
import { Dataset } from './dataset.ts';
import { digits, trainDigits } from './testing/digits.ts';
import { sequential } from './sequential.ts';

async function on<T>(device: Device, work: () => Promise<T>): Promise<T> {
  setDefaultDevice(device);
  try { return await work(); } finally { await device.close(); }
}

describe('training on threads', () => {
  it('one and two threads, and a second run, give the same bits', async () => {
    const one = await on(createDevice({ threads: 1 }), () => trainDigits(2));
    expect(one.loss).toBeLessThan(2);
    expect(await on(createDevice({ threads: 2 }), () => trainDigits(2))).toEqual(one);
    expect(await on(createDevice({ threads: 1 }), () => trainDigits(2))).toEqual(one);
  });

  it('so does an LSTM, whose loop all threads walk together', async () => {
    const train = async (): Promise<unknown> => {
      const model = sequential([layers.inputLayer({ shape: [12, 16] }), layers.lstm(128), layers.dense(1)], { seed: 3 }).compile({ optimizer: 'adam', loss: 'meanSquaredError' });
      const x = { data: Float32Array.from({ length: 192 * 12 * 16 }, (_, i) => Math.sin(i * i)), shape: [192, 12, 16] }, y = Float32Array.from({ length: 192 }, (_, i) => Math.cos(i));
      await model.fit(x, y, { epochs: 3, batchSize: 64, verbose: 0 });
      return model.getWeights();
    };
    expect(await on(createDevice({ threads: 2 }), train)).toEqual(await on(createDevice({ threads: 1 }), train));
  });

  it('the reference backend agrees within rounding', async () => {
    const wasm = await on(createDevice({ threads: 2 }), () => trainDigits(1, 64)), reference = await on(createDevice({ backend: 'reference' }), () => trainDigits(1, 64));
    expect(wasm.loss).toBeCloseTo(reference.loss, 4);
  });

  it('many steps grow neither state nor arenas', async () => {
    const device = createDevice({ threads: 2 });
    await on(device, async () => {
      const { x, y } = digits(640);
      const model = sequential([layers.inputLayer({ shape: [8, 8] }), layers.flatten(), layers.dense(16, { activation: 'relu' }), layers.dense(10, { activation: 'softmax' })], { seed: 1 }).compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
      const run = async () => { await model.fit(x, y, { epochs: 20, batchSize: 64, validationSplit: 0.1, verbose: 0 }); await model.predict(x); };
      await run();
      const before = device.memory();
      await run();
      await run();
      expect(device.memory()).toEqual(before);
    });
  });

  it('predictSync of one row is a row of predict, again and again', async () => {
    await on(createDevice({ threads: 2 }), async () => {
      const model = sequential([layers.inputLayer({ shape: [4] }), layers.dense(64, { activation: 'tanh' }), layers.dense(64, { activation: 'relu' }), layers.dense(2)], { seed: 2 });
      const x = Float32Array.from({ length: 40 }, (_, i) => Math.sin(i)), all = (await model.predict({ data: x, shape: [10, 4] })).dataSync();
      const kept = Array.from({ length: 10 }, (_, i) => model.predictSync(x.subarray(4 * i, 4 * i + 4)));
      kept.forEach((out, i) => { [0, 1].forEach((k) => { expect(out.dataSync()[k]).toBeCloseTo(all[2 * i + k] ?? NaN, 5); }); });
      expect(new Set(kept.map((out) => out.dataSync()[0])).size).toBe(10);
    });
  });

  it('trains from a prefetching Dataset of u8 images', async () => {
    await on(createDevice({ threads: 2 }), async () => {
      const { x, y } = digits(500);
      const model = sequential([layers.inputLayer({ shape: [8, 8] }), layers.rescaling(1 / 255), layers.flatten(), layers.dense(32, { activation: 'relu' }), layers.dense(10, { activation: 'softmax' })], { seed: 1 }).compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
      const { history } = await model.fit(Dataset.fromArrays({ x, y }).cache().shuffle(500, { seed: 1 }).batch(32).prefetch(2), { epochs: 15, verbose: 0 });
      expect(history['accuracy']?.at(-1)).toBeGreaterThan(0.95);
    });
  });

  it('a killed process is resumed to the bits of an uninterrupted run', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'limelight-kill-')), 'backup.safetensors');
    const child = spawn(process.execPath, ['--import', 'tsx', new URL('./testing/digits.child.ts', import.meta.url).pathname, path], { stdio: ['ignore', 'pipe', 'inherit'] });
    // the child says when a step in the middle of its third epoch is done; then it is killed without warning
    await new Promise<void>((resolve, reject) => {
      let text = '';
      child.stdout.on('data', (chunk: Uint8Array) => { text += String(chunk); if (text.includes('half way')) { child.kill('SIGKILL'); resolve(); } });
      child.on('error', reject);
      child.on('exit', (code) => { if (code !== null) reject(new Error(`the child ended by itself with code ${code}: ${text}`)); });
    });
    expect(existsSync(path)).toBe(true);
    const resumed = await on(createDevice({ threads: 2 }), () => trainDigits(4, 512, path)), whole = await on(createDevice({ threads: 1 }), () => trainDigits(4));
    expect(resumed.steps).toBeLessThan(whole.steps);
    expect(resumed.steps).toBeGreaterThan(0);
    expect({ ...resumed, steps: 0 }).toEqual({ ...whole, steps: 0 });
  }, 60_000);
});
