// jax-js on its WASM backend (one thread: in Node it has no others): the whole step jitted, channels first, as its convolution wants them. Extrapolated from
// one step after the first. Every `.ref` is jax-js's ownership rule.
import { defaultDevice, init, jit, lax, nn, numpy as np, random, tree, valueAndGrad } from '@jax-js/jax';
import { config, peakMegabytes, readMnist, tell } from '../../lib/child.mjs';

await init('wasm');
defaultDevice('wasm');

const glorot = (seed, shape, inputs, outputs) => {
  const limit = Math.sqrt(6 / (inputs + outputs));
  return random.uniform(random.key(seed), shape, { minval: -limit, maxval: limit });
};
const params = {
  k1: glorot(1, [32, 1, 3, 3], 9, 288), b1: np.zeros([32, 1, 1]), k2: glorot(2, [64, 32, 3, 3], 288, 576), b2: np.zeros([64, 1, 1]),
  w3: glorot(3, [1600, 128], 1600, 128), b3: np.zeros([128]), w4: glorot(4, [128, 10], 128, 10), b4: np.zeros([10]),
};
const zeros = () => tree.map((p) => np.zeros(p.shape), params);
const pool = (x, channels, n) => np.max(x.slice([], [], [0, 2 * n], [0, 2 * n]).reshape([-1, channels, n, 2, n, 2]), [3, 5]);
const logitsOf = (p, x) => {
  let y = pool(nn.relu(lax.conv(x, p.k1, [1, 1], 'VALID').add(p.b1)), 32, 13);
  y = pool(nn.relu(lax.conv(y, p.k2, [1, 1], 'VALID').add(p.b2)), 64, 5);
  y = nn.relu(np.matmul(y.reshape([-1, 1600]), p.w3).add(p.b3));
  return np.matmul(y, p.w4).add(p.b4);
};
const lossOf = (p, x, y) => nn.logSoftmax(logitsOf(p, x)).mul(y).sum().mul(-1).div(config.batch);
const step = jit((p, m, v, x, y) => {
  const [loss, grads] = valueAndGrad(lossOf)(tree.ref(p), x, y);
  const m2 = tree.map((a, g) => a.mul(0.9).add(g.mul(0.1)), m, tree.ref(grads));
  const v2 = tree.map((a, g) => a.mul(0.999).add(np.square(g).mul(0.001)), v, grads);
  const next = tree.map((w, a, b) => w.sub(a.mul(1e-3).div(np.sqrt(b).add(1e-7))), p, tree.ref(m2), tree.ref(v2));
  return [next, m2, v2, loss];
});

const { train } = readMnist();
const images = Float32Array.from(train.images.subarray(0, config.batch * 784), (value) => value / 255);
const labels = new Float32Array(config.batch * 10);
for (let i = 0; i < config.batch; i++) labels[i * 10 + train.labels[i]] = 1;
let state = [params, zeros(), zeros()];
let seconds = 0;
for (let i = 0; i < 2; i++) {
  const start = performance.now();
  const [p, m, v, loss] = step(...state, np.array(images).reshape([config.batch, 1, 28, 28]), np.array(labels).reshape([config.batch, 10]));
  if (!Number.isFinite((await loss.data())[0])) throw new Error('the loss is not finite');
  state = [p, m, v];
  seconds = (performance.now() - start) / 1000;
}
tell([
  { case: config.case, metric: 's_per_1k', value: (seconds / config.batch) * 1000, note: 'extrapolated from the second step' },
  { case: config.case, metric: 'peak_mb', value: peakMegabytes() },
]);
