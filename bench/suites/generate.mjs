import { against } from '../lib/report.mjs';

/** Text from a small decoder (4 blocks of width 256, 8 heads, MLP 1024), token by token: a prompt of 16, 240 tokens drawn, one sequence. */
export const generate = {
  name: 'generate',
  about: 'tokens per second from a 4-block language model of width 256, with and without the cache of keys and values',
  rounds: 3,
  case: 'generate',
  config: { blocks: 4, width: 256, heads: 8, hidden: 1024, length: 256, classes: 96, prompt: 16, tokens: 240 },
  engines: [
    { engine: 'limelight', program: 'limelight/generate.mjs' },
    { engine: 'pytorch', peer: true, program: 'peers/generate/pytorch.py', python: ['torch'] },
  ],
  ratios: (rows) => [...against(rows, 'limelight', ['tokens_per_s']), ['tokens_per_s limelight cache/no-cache', ['limelight', 'cache', 'tokens_per_s'], ['limelight', 'no-cache', 'tokens_per_s']]],
};
