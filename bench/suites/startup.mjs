import { against } from '../lib/report.mjs';

/** From the import statement to the first finished training step of the MNIST network (batch 128), and the bundle a browser would load. */
export const startup = {
  name: 'startup',
  about: 'import to the first finished step of the MNIST network; size of the bundles',
  rounds: 7,
  case: 'first-step',
  config: { case: 'first-step', batch: 128 },
  engines: [
    { engine: 'limelight', program: 'limelight/startup.mjs' },
    { engine: 'limelight', label: 'bundle', program: 'lib/bundle.mjs', maxRuns: 1, config: { entry: '@limelight/core' } },
    { engine: 'tfjs-wasm', peer: true, program: 'peers/startup/tfjs-wasm.mjs', npm: ['@tensorflow/tfjs', '@tensorflow/tfjs-backend-wasm'] },
    { engine: 'tfjs-wasm', label: 'bundle', peer: true, program: 'lib/bundle.mjs', npm: ['@tensorflow/tfjs', '@tensorflow/tfjs-backend-wasm'], maxRuns: 1, config: { entry: '@tensorflow/tfjs', also: '@tensorflow/tfjs-backend-wasm' } },
    { engine: 'jax-js', peer: true, program: 'peers/startup/jax-js.mjs', npm: ['@jax-js/jax'] },
    { engine: 'jax-js', label: 'bundle', peer: true, program: 'lib/bundle.mjs', npm: ['@jax-js/jax'], maxRuns: 1, config: { entry: '@jax-js/jax' } },
    { engine: 'pytorch', peer: true, program: 'peers/startup/pytorch.py', python: ['torch'] },
  ],
  ratios: (rows) => against(rows, 'limelight', ['wall_s', 'gzip_kb']),
};
