// TensorFlow.js on its WASM backend: tf.matMul, which runs at once.
import { config, tell, timePerCallSync } from '../../lib/child.mjs';
import { tf } from '../tfjs.mjs';

tell(config.sizes.map(([m, k, n]) => {
  const [a, b] = [tf.randomUniform([m, k]), tf.randomUniform([k, n])];
  const seconds = timePerCallSync(() => tf.matMul(a, b).dispose(), { batches: 300, batchSeconds: 0.004, best: true });
  return { case: `${m}x${k}x${n}`, metric: 'gflops', value: (2 * m * k * n) / seconds / 1e9 };
}));
