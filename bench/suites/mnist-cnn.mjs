import { accelerated } from '../lib/peers.mjs';
import { against } from '../lib/report.mjs';

/**
 * The CNN: Conv2D(32, 3 x 3, relu), MaxPool(2), Conv2D(64, 3 x 3, relu), MaxPool(2), Flatten, Dense(128, relu), Dense(10, softmax); Adam, batch 128.
 * The first round trains three epochs of MNIST and evaluates; later rounds train three short epochs and take the middle one's time.
 */
export const mnistCnn = {
  name: 'mnist-cnn',
  about: 'a convolutional network on MNIST: seconds per 1,000 training samples, accuracy after three epochs',
  rounds: 3,
  case: 'mnist-cnn',
  config: { case: 'mnist-cnn', epochs: 3, batch: 128, short: 6400 },
  engines: [
    { engine: 'limelight', program: 'limelight/mnist-cnn.mjs' },
    { engine: 'limelight-turbo', program: 'limelight/mnist-cnn.mjs', env: { LIMELIGHT_TURBO: '1' }, node: 24, config: { always: 'short' } },
    { engine: 'limelight-1t', program: 'limelight/mnist-cnn.mjs', threads: 1, config: { always: 'short' } },
    { engine: 'limelight-accelerate', program: 'limelight/mnist-cnn.mjs', flags: accelerated },
    { engine: 'pytorch', peer: true, program: 'peers/mnist-cnn/pytorch.py', python: ['torch'] },
    { engine: 'tensorflow', peer: true, program: 'peers/mnist-cnn/tensorflow-keras.py', python: ['tensorflow', 'keras'] },
    // a step takes ten seconds: one is enough to see factors of a hundred
    { engine: 'jax-js', peer: true, program: 'peers/mnist-cnn/jax-js.mjs', npm: ['@jax-js/jax'], maxRuns: 1 },
    { engine: 'tfjs-wasm', peer: true, program: 'peers/mnist-cnn/tfjs-wasm.mjs', npm: ['@tensorflow/tfjs', '@tensorflow/tfjs-backend-wasm'], maxRuns: 1 },
  ],
  ratios: (rows) => [...against(rows, 'limelight', ['s_per_1k']), ...against(rows, 'limelight-turbo', ['s_per_1k']), ...against(rows, 'limelight-accelerate', ['s_per_1k'])],
};
