// jax-js on its WASM backend (one thread: in Node it has no others), the whole step jitted.
import { config, median, peakMegabytes, permutation, readMnist, scaled, tell } from '../../lib/child.mjs';
import { corrections, initial, np, predict, random, trainStep } from '../jax-mlp.mjs';

const { train, test } = readMnist();
let state = initial(1);
let t = 0;
const seconds = [];
for (let epoch = 0; epoch < config.epochs; epoch++) {
  const start = performance.now();
  const order = permutation(train.count);
  let total = 0;
  for (let from = 0; from < train.count; from += config.batch) {
    const rows = order.subarray(from, from + config.batch);
    const x = new Float32Array(rows.length * 784);
    const y = new Float32Array(rows.length * 10);
    rows.forEach((row, i) => {
      for (let k = 0; k < 784; k++) x[i * 784 + k] = train.images[row * 784 + k] / 255;
      y[i * 10 + train.labels[row]] = 1;
    });
    t++;
    const [next, loss] = trainStep(state, np.array(x).reshape([rows.length, 784]), np.array(y).reshape([rows.length, 10]), random.key(t), corrections(t));
    state = next;
    // without waiting for each step jax-js piles up pending work, and an epoch takes 20 times as long
    total += (await loss.data())[0];
  }
  if (!Number.isFinite(total)) throw new Error('the loss is not finite');
  seconds.push((performance.now() - start) / 1000);
}
const guess = await predict(state.params, np.array(scaled(test.images)).reshape([test.count, 784])).data();
let right = 0;
guess.forEach((label, i) => { right += Number(label === test.labels[i]); });
tell([
  { case: config.case, metric: 'epoch_s', value: median(seconds) },
  { case: config.case, metric: 'accuracy', value: right / test.count },
  { case: config.case, metric: 'peak_mb', value: peakMegabytes() },
]);
