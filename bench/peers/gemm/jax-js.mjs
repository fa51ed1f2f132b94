// jax-js on its WASM backend: a jitted product, waited for.
import { blockUntilReady, defaultDevice, init, jit, numpy as np } from '@jax-js/jax';
import { config, tell, timePerCall } from '../../lib/child.mjs';

await init('wasm');
defaultDevice('wasm');
const product = jit((a, b) => np.matmul(a, b));
const random = (rows, columns) => np.array(Float32Array.from({ length: rows * columns }, Math.random)).reshape([rows, columns]);
const samples = [];
for (const [m, k, n] of config.sizes) {
  const [a, b] = [random(m, k), random(k, n)];
  const seconds = await timePerCall(async () => {
    const c = await blockUntilReady(product(a.ref, b.ref));
    c.dispose();
  }, { batches: 300, batchSeconds: 0.004, best: true });
  samples.push({ case: `${m}x${k}x${n}`, metric: 'gflops', value: (2 * m * k * n) / seconds / 1e9 });
}
tell(samples);
