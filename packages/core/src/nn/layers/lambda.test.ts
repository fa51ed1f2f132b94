import { describe, expect, it } from 'vitest';
import { NameError, StateError } from '../../base/errors.ts';
import * as ops from '../../tensor/ops/index.ts';
import { SeedGenerator } from '../../tensor/random.ts';
import { ones, tensor, type Tensor } from '../../tensor/tensor.ts';
import { registerFunction, serializeLayer } from '../registry.ts';
import { checkLayer } from '../testing/check-layer.ts';
import * as layers from './index.ts';

const halves = (x: Tensor): readonly Tensor[] => ops.split(x, 2, -1);
registerFunction('square and double', (x) => ops.multiply(ops.square(x), 2));
registerFunction('scaled difference', (a, b) => ops.multiply(ops.subtract(a as Tensor, b as Tensor), 3));

describe('Lambda', () => {
  it('keeps the promises of layers under a registered name', () => {
    checkLayer(() => layers.lambda('square and double'), { inputs: [[3, 2]], output: [3, 2], weights: 0 });
    checkLayer(() => layers.lambda('scaled difference', { outputShape: [3] }), { inputs: [[3], [3]], output: [3], weights: 0 });
  });
  it('finds the shapes of several results, and their dtypes', () => {
    const [a, b] = layers.lambda(halves).applyAll(layers.input({ shape: [null, 6] }));
    expect([a?.shape, b?.shape]).toEqual([[null, null, 3], [null, null, 3]]);
    expect(layers.lambda((x) => ops.argMax(x, -1)).apply(layers.input({ shape: [4] })).dtype).toBe('i32');
  });
  it('has a mask only where told', () => {
    const context = { training: false, seeds: new SeedGenerator(1), masks: [ones([1, 2], 'bool')] }, x = tensor([[[1], [2]]]);
    expect(layers.lambda(ops.square).runMasked([x], context).masks).toEqual([]);
    expect(layers.lambda(ops.square, { mask: (_, masks) => masks }).runMasked([x], context).masks).toEqual(context.masks);
  });
  it('says why it cannot be saved', () => {
    expect(() => serializeLayer(layers.lambda((x) => x, { name: 'mine' }))).toThrow(StateError);
    expect(() => serializeLayer(layers.lambda((x) => x, { name: 'mine' }))).toThrow(/Layer 'mine' is a Lambda of a function without a name.*registerFunction/);
    expect(() => layers.lambda('square and duble')).toThrow(NameError);
  });
});
