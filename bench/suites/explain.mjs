import { against } from '../lib/report.mjs';

/** One image of the MNIST network explained: integrated gradients of 50 steps, bare and with its curves of faithfulness. */
export const explain = {
  name: 'explain',
  about: 'integrated gradients of the MNIST network: 50 steps, one image',
  rounds: 5,
  case: 'explain',
  config: { steps: 50 },
  engines: [{ engine: 'limelight', program: 'limelight/explain.mjs' }],
  ratios: (rows) => against(rows, 'limelight', ['bare_ms', 'faithful_ms']),
};
