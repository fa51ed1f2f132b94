import { describe, expect, it } from 'vitest';
import { ShapeError, ValueError } from '../../base/errors.ts';
import { checkLayer } from '../testing/check-layer.ts';
import * as layers from './index.ts';

// numbers of Keras: merging/merging.test.ts
describe('EinsumDense', () => {
  it('keeps the promises of layers', () => {
    checkLayer(() => layers.einsumDense('ab,bc->ac', 4, { activation: 'tanh', biasAxes: 'c', kernelRegularizer: 'l2' }), { inputs: [[3]], output: [4], weights: 2 });
    checkLayer(() => layers.einsumDense('...x,xy->...y', 4), { inputs: [[2, 3]], output: [2, 4], weights: 1 });
    checkLayer(() => layers.einsumDense('abc,cde->abde', [null, 2, 4], { biasAxes: 'de' }), { inputs: [[3, 5]], output: [3, 2, 4], weights: 2 });
  });
  it('counts what is summed over as the inputs of the kernel', () => {
    const spread = (equation: string, shape: number[], output: number[]): number => {
      const layer = layers.einsumDense(equation, output, { kernelInitializer: 'heUniform' });
      layer.build([[null, ...shape]]);
      return Array.from(layer.weights[0]?.read() ?? []).reduce((a, b) => Math.max(a, b), 0);
    };
    // ±√(6 / in), whether the inputs stand first or last in the kernel
    expect(spread('ab,bc->ac', [600], [400])).toBeCloseTo(0.1, 3);
    expect(spread('ab,cb->ac', [600], [400])).toBeCloseTo(0.1, 3);
    expect(spread('abc,bcd->ad', [20, 30], [400])).toBeCloseTo(0.1, 3);
  });
  it('says what does not fit', () => {
    const on = (equation: string, shape: (number | null)[], output: number | (number | null)[], biasAxes: string | null = null) => () => layers.einsumDense(equation, output, { name: 'e', biasAxes }).apply(layers.input({ shape }));
    expect(on('ab->ac', [3], 4)).toThrow(ValueError);
    expect(on('ab,bc->ac', [3, 4], 4)).toThrow(ShapeError);
    expect(on('abc,cd->abd', [3, 4], 4)).toThrow(/outputShape names 1 extents, but the result 'abd' has 2/);
    expect(on('abc,cd->abd', [3, 4], [5, 2])).toThrow(/axis 'b' is 3 in the input but 5 in outputShape/);
    expect(on('ab,bc->ad', [3], 4)).toThrow(/'d' of the result is in neither operand/);
    expect(on('ab,bc->ac', [null], 4)).toThrow(/extent of 'b' must be known/);
    expect(on('ab,bc->ac', [3], 4, 'x')).toThrow(/biasAxes 'x' names 'x'/);
  });
});
