import { against } from '../lib/report.mjs';

/** The MNIST program: Flatten, Dense(128, relu), Dropout(0.2), Dense(10, softmax); Adam; 60,000 images, 5 epochs, batch 128; evaluated on 10,000. */
export const mnistMlp = {
  name: 'mnist-mlp',
  about: 'the MNIST program as a whole process: five epochs and evaluation',
  rounds: 3,
  case: 'mnist-mlp',
  wall: true,
  config: { case: 'mnist-mlp', epochs: 5, batch: 128 },
  engines: [
    { engine: 'limelight', program: 'limelight/mnist-mlp.mjs' },
    { engine: 'limelight-1t', program: 'limelight/mnist-mlp.mjs', threads: 1 },
    { engine: 'pytorch', peer: true, program: 'peers/mnist-mlp/pytorch.py', python: ['torch'] },
    { engine: 'tensorflow', peer: true, program: 'peers/mnist-mlp/tensorflow-keras.py', python: ['tensorflow', 'keras'] },
    { engine: 'jax-js', peer: true, program: 'peers/mnist-mlp/jax-js.mjs', npm: ['@jax-js/jax'] },
    // a run takes minutes: once is enough to see factors of ten and more
    { engine: 'tfjs-wasm', peer: true, program: 'peers/mnist-mlp/tfjs-wasm.mjs', npm: ['@tensorflow/tfjs', '@tensorflow/tfjs-backend-wasm'], maxRuns: 1 },
    { engine: 'brain.js', peer: true, program: 'peers/mnist-mlp/brain.mjs', npm: ['brain.js'], maxRuns: 1, config: { subset: 200 } },
  ],
  ratios: (rows) => against(rows, 'limelight', ['wall_s', 'epoch_s']),
};
