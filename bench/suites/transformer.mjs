import { accelerated } from '../lib/peers.mjs';
import { against } from '../lib/report.mjs';

/** One training step of a small decoder: 2 pre-norm blocks of width 128, 4 heads, MLP 512, causal, length 128, batch 32; 64 classes at each step; Adam. */
export const transformer = {
  name: 'transformer',
  about: 'one training step of a 2-block transformer: width 128, 4 heads, MLP 512, length 128, batch 32, causal',
  rounds: 5,
  case: 'transformer',
  config: { batch: 32, blocks: 2, width: 128, heads: 4, hidden: 512, length: 128, classes: 64, steps: 10, epochs: 3 },
  engines: [
    { engine: 'limelight', program: 'limelight/transformer.mjs' },
    { engine: 'limelight-turbo', program: 'limelight/transformer.mjs', env: { LIMELIGHT_TURBO: '1' }, node: 24 },
    { engine: 'limelight-1t', program: 'limelight/transformer.mjs', threads: 1 },
    { engine: 'limelight-accelerate', program: 'limelight/transformer.mjs', flags: accelerated },
    { engine: 'pytorch', peer: true, program: 'peers/transformer/pytorch.py', python: ['torch'] },
    { engine: 'tensorflow', peer: true, program: 'peers/transformer/tensorflow-keras.py', python: ['tensorflow', 'keras'] },
  ],
  ratios: (rows) => [...against(rows, 'limelight', ['step_us']), ...against(rows, 'limelight-turbo', ['step_us']), ...against(rows, 'limelight-accelerate', ['step_us'])],
};
