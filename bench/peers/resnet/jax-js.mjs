// jax-js on its WASM backend (one thread: in Node it has no others): the network jitted, channels first, as its convolution wants them; batch normalization is
// what it is at inference, a scale and an offset for each channel. Every `.ref` is jax-js's ownership rule.
import { defaultDevice, init, jit, lax, nn, numpy as np, random, tree } from '@jax-js/jax';
import { config, peakMegabytes, tell, timePerCall } from '../../lib/child.mjs';

await init('wasm');
defaultDevice('wasm');

const { batches, widths, blocks } = config;
let seed = 0;
const weights = [];
const add = (filters, channels, kernel) => {
  weights.push({ k: random.uniform(random.key(++seed), [filters, channels, kernel, kernel], { minval: -0.1, maxval: 0.1 }), scale: np.ones([filters, 1, 1]), offset: np.zeros([filters, 1, 1]) });
};
const plan = [];
let channels = widths[0];
add(channels, 3, 3);
widths.forEach((filters, stage) => {
  for (let block = 0; block < blocks; block++) {
    const strides = stage > 0 && block === 0 ? 2 : 1;
    plan.push(strides);
    add(filters, channels, 3);
    add(filters, filters, 3);
    if (strides > 1) add(filters, channels, 1);
    channels = filters;
  }
});
const params = { weights, head: random.uniform(random.key(++seed), [channels, 10], { minval: -0.1, maxval: 0.1 }) };
const normalized = (x, { k, scale, offset }, strides) => lax.conv(x, k, [strides, strides], 'SAME').mul(scale).add(offset);
const run = jit((p, images) => {
  let n = 0;
  let x = nn.relu(normalized(images, p.weights[n++], 1));
  for (const strides of plan) {
    const inner = normalized(nn.relu(normalized(x.ref, p.weights[n++], strides)), p.weights[n++], 1);
    x = nn.relu(inner.add(strides > 1 ? normalized(x, p.weights[n++], strides) : x));
  }
  return nn.softmax(np.matmul(np.mean(x, [2, 3]), p.head));
});
const samples = [];
for (const batch of batches) {
  const images = np.array(Float32Array.from({ length: batch * 3072 }, Math.random)).reshape([batch, 3, 32, 32]);
  const once = async () => { await run(tree.ref(params), images.ref).data(); };
  samples.push({ case: `batch-${batch}`, metric: 'predict_us', value: (await timePerCall(once, { batches: 5 })) * 1e6 });
}
tell([...samples, { case: 'resnet', metric: 'peak_mb', value: peakMegabytes() }]);
