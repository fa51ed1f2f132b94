import { against } from '../lib/report.mjs';

/** What a game agent does all day: a 4-64-64-2 network predicts one row, and learns from 64. */
export const tiny = {
  name: 'tiny',
  about: 'a 4-64-64-2 network: predict one row, one training step of 64 rows',
  rounds: 5,
  case: 'tiny',
  config: { batch: 64 },
  engines: [
    { engine: 'limelight', program: 'limelight/tiny.mjs' },
    { engine: 'pytorch', peer: true, program: 'peers/tiny/pytorch.py', python: ['torch'] },
    { engine: 'tensorflow', peer: true, program: 'peers/tiny/tensorflow-keras.py', python: ['tensorflow', 'keras'] },
    { engine: 'tfjs-wasm', peer: true, program: 'peers/tiny/tfjs-wasm.mjs', npm: ['@tensorflow/tfjs', '@tensorflow/tfjs-backend-wasm'] },
  ],
  ratios: (rows) => against(rows, 'limelight', ['predict_us', 'step_us']),
};
