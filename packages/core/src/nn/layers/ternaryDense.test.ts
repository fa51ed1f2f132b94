/** TernaryDense has no fixture: the Keras release that the others come from does not have it yet. The numbers here follow from its formula. */
import { describe, expect, it } from 'vitest';
import { expectClose } from '../../base/testing/golden.ts';
import * as ops from '../../tensor/ops/index.ts';
import { tensor, type Tensor } from '../../tensor/tensor.ts';
import { valueAndGrad } from '../../tensor/trace.ts';
import { checkLayer } from '../testing/check-layer.ts';
import * as layers from './index.ts';

describe('TernaryDense', () => {
  it('keeps the promises of layers', () => {
    checkLayer(() => layers.ternaryDense(3, { activation: 'tanh' }), { inputs: [[5]], output: [3], weights: 2 });
    checkLayer(() => layers.ternaryDense(3, { threshold: 0.1, useBias: false }), { inputs: [[2, 5]], output: [2, 3], weights: 1 });
  });
  const kernel = [0.1, -0.9, 0.4, -0.2, 0.3, 0.5]; // mean of |kernel| 0.4: its half leaves out 0.1 and -0.2
  const made = (threshold: number | null): layers.TernaryDense => {
    const layer = layers.ternaryDense(2, { threshold });
    layer.build([[null, 3]]);
    layer.weights[0]?.write(Float32Array.from(kernel));
    layer.weights[1]?.write(Float32Array.from([0, 1]));
    return layer;
  };
  it('counts the kernel as -1, 0, 1, scaled by the mean of its size', () => {
    const x = tensor([[1, 2, 3]]);
    expectClose(made(null).apply(x).dataSync(), [0.4 * (2 + 3), 0.4 * (-1 + 3) + 1]);
    expectClose(made(0.35).apply(x).dataSync(), [2, -1 + 3 + 1]);
    expectClose(made(0).apply(x).dataSync(), [1 + 2 + 3, -1 - 2 + 3 + 1]);
    expectClose(made(1e9).apply(x).dataSync(), [0, 1]);
  });
  it('lets gradients pass the rounding', () => {
    const x = tensor([[1, 2, 3]]), loss = (layer: layers.TernaryDense) => valueAndGrad((t: Tensor) => ops.sum(layer.apply(t)), layer.weights)(x).grad[0]?.dataSync() ?? [];
    expectClose(loss(made(0.35)), [1, 1, 2, 2, 3, 3]);
    // with the scale: x · scale, and through the scale sign(k) / 6 times the product before it, 5 + 2
    expectClose(loss(made(null)), [1, 1, 2, 2, 3, 3].map((v, i) => v * 0.4 + (Math.sign(kernel[i] ?? 0) / 6) * 7));
  });
  it('refuses what makes no sense', () => {
    expect(() => layers.ternaryDense(0)).toThrow(/whole number/);
    expect(() => layers.ternaryDense(1, { threshold: -1 })).toThrow(/at least 0/);
  });
});
