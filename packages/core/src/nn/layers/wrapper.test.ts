import { describe, expect, it } from 'vitest';
import { SeedGenerator } from '../../tensor/random.ts';
import { ones } from '../../tensor/tensor.ts';
import { checkLayer } from '../testing/check-layer.ts';
import * as layers from './index.ts';

describe('Wrapper', () => {
  it('keeps the promises of layers', () => {
    const make = () => layers.wrapper(layers.dense(2, { name: 'wrapper_inside' }), { name: 'wrapper_inside' });
    checkLayer(make, { inputs: [[3]], output: [2], weights: 2 });
  });
  it('has the weights and masks of what is inside, and freezes it', () => {
    const inside = layers.dense(2), outside = layers.wrapper(inside, { trainable: false });
    const { masks } = outside.runMasked([ones([1, 4, 3])], { training: false, seeds: new SeedGenerator(1), masks: [ones([1, 4], 'bool')] });
    expect(outside.weights).toEqual(inside.weights);
    expect([inside.trainable, outside.trainableWeights.length, masks.length]).toEqual([false, 0, 1]);
  });
  it('wraps layers only', () => { expect(() => layers.wrapper((() => 1) as never)).toThrow(/wraps a layer, got function/); });
});
