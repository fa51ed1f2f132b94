import { describe, it } from 'vitest';
import { checkLayer } from '../testing/check-layer.ts';
import * as layers from './index.ts';

// its masks through models, against Keras: model/masks.test.ts
describe('Masking', () => {
  it('keeps the promises of layers', () => {
    checkLayer(() => layers.masking(), { inputs: [[4, 3]], output: [4, 3], weights: 0 });
    checkLayer(() => layers.masking({ maskValue: 2 }), { inputs: [[4, 1]], dtype: 'i32', output: [4, 1], weights: 0 });
  });
});
