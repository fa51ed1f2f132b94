// What every measured JavaScript program shares: its configuration, MNIST from the raw files, and how to tell its samples.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const config = JSON.parse(process.env.BENCH_CONFIG ?? '{}');

/** Raw IDX files: images as u8 [n, 784], labels as u8 [n]. */
export function readMnist() {
  const read = (name, header) => new Uint8Array(readFileSync(join(config.mnist, name))).subarray(header);
  return {
    train: { images: read('train-images-idx3-ubyte', 16), labels: read('train-labels-idx1-ubyte', 8), count: 60000 },
    test: { images: read('t10k-images-idx3-ubyte', 16), labels: read('t10k-labels-idx1-ubyte', 8), count: 10000 },
  };
}

export function scaled(images) {
  const out = new Float32Array(images.length);
  for (let i = 0; i < out.length; i++) out[i] = images[i] / 255;
  return out;
}

/** 0..n-1 in random order */
export function permutation(n) {
  const order = Uint32Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}

/**
 * Seconds per call of `run`: of `batches` groups of calls the median, or the fastest with `best`, after warming up for `warm` seconds. The fastest is
 * for what is held against a peak, which is itself the best that was ever seen.
 */
export async function timePerCall(run, { batches = 15, batchSeconds = 0.05, warm = 0.5, best = false } = {}) {
  const now = () => performance.now() / 1000;
  const start = now();
  let calls = 0;
  while (now() - start < warm || calls < 3) { await run(); calls++; }
  const perBatch = Math.max(1, Math.round((batchSeconds * calls) / (now() - start)));
  const times = [];
  for (let b = 0; b < batches; b++) {
    const from = now();
    for (let i = 0; i < perBatch; i++) await run();
    times.push((now() - from) / perBatch);
  }
  return best ? Math.min(...times) : median(times);
}
/** The same for a synchronous function: no turn of the event loop, no promise in the figure. */
export function timePerCallSync(run, { batches = 15, batchSeconds = 0.05, warm = 0.5, best = false } = {}) {
  const now = () => performance.now() / 1000;
  const start = now();
  let calls = 0;
  while (now() - start < warm || calls < 3) { run(); calls++; }
  const perBatch = Math.max(1, Math.round((batchSeconds * calls) / (now() - start)));
  const times = [];
  for (let b = 0; b < batches; b++) {
    const from = now();
    for (let i = 0; i < perBatch; i++) run();
    times.push((now() - from) / perBatch);
  }
  return best ? Math.min(...times) : median(times);
}

export const peakMegabytes = () => process.resourceUsage().maxRSS / 1000;

/** samples: {case, metric, value, note?}[]; printed as the last thing */
export function tell(samples) {
  process.stdout.write(`BENCH ${JSON.stringify(samples)}\n`);
}
