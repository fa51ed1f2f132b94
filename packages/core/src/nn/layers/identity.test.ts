import { describe, expect, it } from 'vitest';
import { ones } from '../../tensor/tensor.ts';
import { SeedGenerator } from '../../tensor/random.ts';
import { checkLayer } from '../testing/check-layer.ts';
import * as layers from './index.ts';

describe('Identity', () => {
  it('keeps the promises of layers', () => {
    checkLayer(() => layers.identity(), { inputs: [[3, 2]], output: [3, 2], weights: 0 });
    checkLayer(() => layers.identity(), { inputs: [[3]], dtype: 'i32', output: [3], outputDType: 'i32', weights: 0 });
  });
  it('hands on the mask', () => {
    const mask = ones([2, 3], 'bool'), { outputs, masks } = layers.identity().runMasked([ones([2, 3, 1])], { training: true, seeds: new SeedGenerator(1), masks: [mask] });
    expect([outputs[0]?.shape, masks[0]]).toEqual([[2, 3, 1], mask]);
  });
});
