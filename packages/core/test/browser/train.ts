/** What the browser tests run: the network of the MNIST program on made-up images, deterministic. Bundled for the page and for its worker. */
import { createDevice, layers, sequential, setDefaultDevice } from '../../src/index.ts';

export interface Report {
  readonly isolated: boolean;
  /** threads the device says it has */
  readonly threads: number;
  /** worker threads that have worked off every message, so that they took part */
  readonly workers: number;
  readonly losses: readonly number[];
  readonly accuracy: number;
  /** sum over the bits of all weights */
  readonly checksum: number;
  readonly ms: number;
}

const PIXELS = 784, CLASSES = 10;

function images(rows: number): { x: Float32Array; y: Uint8Array } {
  const x = new Float32Array(rows * PIXELS), y = new Uint8Array(rows);
  let seed = 1;
  const random = (): number => { seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0; return seed / 2 ** 32; };
  const patterns = Array.from({ length: CLASSES * PIXELS }, random);
  for (let row = 0; row < rows; row++) {
    const label = row % CLASSES;
    y[row] = label;
    for (let i = 0; i < PIXELS; i++) x[row * PIXELS + i] = 0.5 * (patterns[label * PIXELS + i] ?? 0) + 0.5 * random();
  }
  return { x, y };
}

interface Insides { readonly pool?: { readonly threads: number; readonly posted: number; readonly words: Int32Array } | null }
/** Workers that have instantiated everything they were sent; the words are those of the backend's control block. */
function busyWorkers(backend: unknown, firstDone: number): number {
  const { pool } = backend as Insides;
  if (pool === null || pool === undefined) return 0;
  return Array.from({ length: pool.threads - 1 }, (_, i) => pool.words[firstDone + i + 1] ?? 0).filter((done) => done > 1 && done === pool.posted).length;
}

/** Trains for `epochs` on `rows` rows with the threads asked for, and tells what came of it. */
export async function train(options: { readonly threads: number; readonly rows: number; readonly epochs: number; readonly firstDone: number }): Promise<Report> {
  const device = createDevice({ threads: options.threads });
  setDefaultDevice(device);
  const { x, y } = images(options.rows);
  const model = sequential([
    layers.inputLayer({ shape: [PIXELS] }), layers.dense(128, { activation: 'relu' }), layers.dropout(0.2), layers.dense(CLASSES, { activation: 'softmax' }),
  ], { seed: 7 });
  model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
  const started = performance.now();
  const shaped = { data: x, shape: [options.rows, PIXELS] };
  const { history } = await model.fit(shaped, y, { epochs: options.epochs, batchSize: 128, verbose: 0 });
  const ms = performance.now() - started;
  const { accuracy } = await model.evaluate(shaped, y);
  let checksum = 0;
  for (const weights of await model.getWeights()) {
    for (const bits of new Uint32Array(weights.buffer, weights.byteOffset, weights.length)) checksum = (Math.imul(checksum, 31) + bits) >>> 0;
  }
  // The last program may still be on its way to the worker.
  let workers = busyWorkers(device.backend, options.firstDone);
  for (let tries = 0; tries < 100 && workers < options.threads - 1 && device.capabilities.threads > 1; tries++) {
    await new Promise((resolve) => { setTimeout(resolve, 20); });
    workers = busyWorkers(device.backend, options.firstDone);
  }
  const report: Report = {
    isolated: (globalThis as { crossOriginIsolated?: boolean }).crossOriginIsolated === true,
    threads: device.capabilities.threads, workers,
    losses: history['loss'] ?? [], accuracy: accuracy ?? 0, checksum, ms,
  };
  await device.close();
  return report;
}
