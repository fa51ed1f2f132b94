import { accelerated } from '../lib/peers.mjs';
import { against } from '../lib/report.mjs';

/** One training step of a recurrent network: LSTM of 128 units over 100 steps of 32 features, then Dense(1); forward, backward, Adam. */
export const lstm = {
  name: 'lstm',
  about: 'training steps of an LSTM: hidden 128, length 100, batch 64, input 32; forward, backward, Adam',
  rounds: 3,
  case: 'lstm',
  config: { batch: 64, length: 100, features: 32, hidden: 128 },
  engines: [
    { engine: 'limelight', program: 'limelight/lstm.mjs' },
    { engine: 'limelight-1t', program: 'limelight/lstm.mjs', threads: 1 },
    { engine: 'limelight-accelerate', program: 'limelight/lstm.mjs', flags: accelerated },
    { engine: 'pytorch', peer: true, program: 'peers/lstm/pytorch.py', python: ['torch'] },
    { engine: 'tensorflow', peer: true, program: 'peers/lstm/tensorflow-keras.py', python: ['tensorflow', 'keras'] },
    { engine: 'tfjs-wasm', peer: true, maxRuns: 1, program: 'peers/lstm/tfjs-wasm.mjs', npm: ['@tensorflow/tfjs', '@tensorflow/tfjs-backend-wasm'] },
  ],
  ratios: (rows) => [...against(rows, 'limelight', ['step_us']), ...against(rows, 'limelight-accelerate', ['step_us'])],
};
