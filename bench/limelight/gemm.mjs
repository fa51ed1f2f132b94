// Limelight: a program that is one product, operands and result as state on the device, so that nothing but the product is in the figure.
import { defaultDevice, jit, ops, tensor, Variable } from '@limelight/core';
import { config, tell, timePerCallSync } from '../lib/child.mjs';
import { peak } from '../lib/peak.mjs';

const variable = (...shape) => new Variable(tensor(Float32Array.from({ length: shape[0] * shape[1] }, Math.random), shape));
const samples = [];
for (const [m, k, n] of config.sizes) {
  const [a, b, c] = [variable(m, k), variable(k, n), variable(m, n)];
  const product = jit(() => { c.assign(ops.matmul(a.value, b.value)); });
  const seconds = timePerCallSync(() => product(), { batches: 300, batchSeconds: 0.004, best: true });
  samples.push({ case: `${m}x${k}x${n}`, metric: 'gflops', value: (2 * m * k * n) / seconds / 1e9 });
}
if (config.threads === 1) {
  const { fused, gflops } = peak();
  samples.push({ case: 'fma-peak', metric: 'gflops', value: gflops, ...(fused ? {} : { note: 'no relaxed SIMD here: the peak is that of a product and a sum' }) });
}
if (process.env.LIMELIGHT_TURBO === '1' && !defaultDevice().capabilities.description.includes('turbo')) for (const sample of samples) sample.note = 'turbo did not come on: this is plain code';
tell(samples);
