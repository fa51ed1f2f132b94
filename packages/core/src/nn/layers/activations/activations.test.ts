import { describe, expect, it } from 'vitest';
import { expectClose } from '../../../base/testing/golden.ts';
import { SeedGenerator } from '../../../tensor/random.ts';
import { tensor, type Tensor } from '../../../tensor/tensor.ts';
import type { Layer } from '../../layer.ts';
import { checkLayer } from '../../testing/check-layer.ts';
import * as layers from '../index.ts';

const x = tensor([[-10, -5, 0, 5, 10]]);
const run = (layer: Layer, ...inputs: Tensor[]): Float32Array => layer.run(inputs, { training: false, seeds: new SeedGenerator(1) })[0]?.dataSync() as Float32Array;

describe('activation layers', () => {
  it('keep the promises of layers', () => {
    checkLayer(() => layers.elu({ alpha: 0.7 }), { inputs: [[3, 2]], output: [3, 2], weights: 0 });
    checkLayer(() => layers.leakyRelu({ negativeSlope: 0.1 }), { inputs: [[3]], output: [3], weights: 0 });
    checkLayer(() => layers.relu({ maxValue: 1, negativeSlope: 0.2, threshold: 0.5 }), { inputs: [[3]], output: [3], weights: 0 });
    checkLayer(() => layers.softmax({ axis: [1, 2] }), { inputs: [[3, 2]], output: [3, 2], weights: 0 });
    checkLayer(() => layers.prelu({ alphaInitializer: 'ones', alphaRegularizer: 'l2', alphaConstraint: 'nonNeg' }), { inputs: [[4, 3]], output: [4, 3], weights: 1 });
    checkLayer(() => layers.prelu({ sharedAxes: [1, 2] }), { inputs: [[4, 3, 2]], output: [4, 3, 2], weights: 1 });
  });
  it("have Keras's defaults and numbers", () => {
    expectClose(run(new layers.ELU(), x), [Math.expm1(-10), Math.expm1(-5), 0, 5, 10]);
    expectClose(run(new layers.LeakyReLU(), x), [-3, -1.5, 0, 5, 10]);
    expectClose(run(new layers.ReLU({ maxValue: 8, negativeSlope: 0.5 }), x), [-5, -2.5, 0, 5, 8]);
    expectClose(run(new layers.ReLU({ threshold: 6 }), x), [0, 0, 0, 0, 10]);
    const prelu = layers.prelu();
    expectClose(run(prelu, x), [0, 0, 0, 5, 10]);
    prelu.weights[0]?.write(Float32Array.of(0.1, 0.2, 0.3, 0.4, 0.5));
    expectClose(run(prelu, x), [-1, -1, 0, 5, 10]);
  });
  it('softmax leaves out what is masked', () => {
    const e = Math.exp(1);
    expectClose(run(layers.softmax(), tensor([[1, 7, 2]]), tensor([[1, 0, 1]], undefined, 'bool')), [1 / (1 + e), 0, e / (1 + e)]);
  });
  it('refuse what cannot be', () => {
    expect(() => layers.leakyRelu({ negativeSlope: -1, name: 'odd' })).toThrow(/'odd': negativeSlope -1 must be at least 0/);
    expect(() => layers.relu({ threshold: -1 })).toThrow(/threshold -1 must be at least 0/);
    expect(() => { layers.prelu({ sharedAxes: 3 }).build([[null, 4, 3]]); }).toThrow(/shared axis 3 must be 1..2/);
    expect(() => { layers.prelu().build([[null, null, 3]]); }).toThrow(/axis 1 of the input/);
  });
});
