// jax-js: from the import to the first finished step of the MNIST network.
import { config, tell } from '../../lib/child.mjs';

const x = Float32Array.from({ length: config.batch * 784 }, Math.random);
const y = Float32Array.from({ length: config.batch * 10 }, (_, i) => Number(i % 10 === 0));
const start = performance.now();
const { corrections, initial, np, random, trainStep } = await import('../jax-mlp.mjs');
const [, loss] = trainStep(initial(1), np.array(x).reshape([config.batch, 784]), np.array(y).reshape([config.batch, 10]), random.key(1), corrections(1));
await loss.data();
tell([{ case: config.case, metric: 'wall_s', value: (performance.now() - start) / 1000 }]);
process.exit(0);
