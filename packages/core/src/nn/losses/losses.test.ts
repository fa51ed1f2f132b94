import { describe, expect, it } from 'vitest';
import { expectClose, golden } from '../../base/testing/golden.ts';
import { NameError, ShapeError } from '../../base/errors.ts';
import * as ops from '../../tensor/ops/index.ts';
import { tensor, type NestedInput, type Tensor } from '../../tensor/tensor.ts';
import { grad, jit, valueAndGrad } from '../../tensor/trace.ts';
import { getActivation, logitsOf, softmax } from '../activations/index.ts';
import type { Config } from '../registry-table.ts';
import { categoricalFocalCrossentropy, getLoss, lossRegistry, serializeLoss, type Loss } from './index.ts';

interface Case {
  readonly name: string; readonly config: Config; readonly activation: string | null; readonly yTrue: NestedInput; readonly yPred: NestedInput;
  readonly values: number[]; readonly mean: number; readonly sum: number; readonly weighted: number; readonly weightedMean: number;
  readonly meanGradient: number[][]; readonly weightedGradient: number[][];
}
const { weights, cases } = golden<{ weights: number[]; cases: Case[] }>('keras-losses');
/** Losses whose targets are whole numbers. */
const WHOLE = new Set(['sparseCategoricalCrossentropy', 'categoricalGeneralizedCrossEntropy', 'circle', 'ctc']);
const tolerance = { relative: 3e-5, absolute: 2e-6 };

describe('losses equal Keras', () => {
  cases.forEach((c, index) => {
    it(`${c.name} ${JSON.stringify(c.config)} ${c.activation ?? ''} (${index})`, () => {
      const sparse = WHOLE.has(c.name), y = sparse ? tensor(c.yTrue, undefined, 'i32') : tensor(c.yTrue), x = tensor(c.yPred), w = tensor(weights);
      const loss = (reduction: string): Loss => getLoss({ className: c.name, config: { ...c.config, reduction } });
      const predict = (t: Tensor): Tensor => (c.activation === null ? t : getActivation(c.activation).apply(t));
      expectClose(loss('none').compute(y, predict(x)).dataSync(), c.values, tolerance, 'values');
      expectClose([loss('sum').compute(y, predict(x)).item()], [c.sum], tolerance, 'sum');
      expectClose([loss('meanWithSampleWeight').compute(y, predict(x), w).item()], [c.weightedMean], tolerance, 'mean by weight');
      const plain = valueAndGrad((t: Tensor) => loss('sumOverBatchSize').compute(y, predict(t)));
      const weighted = valueAndGrad((t: Tensor) => loss('sumOverBatchSize').compute(y, predict(t), w));
      for (const [mode, a, b] of [['eager', plain(x), weighted(x)], ['compiled', jit(plain)(x), jit(weighted)(x)]] as const) {
        expectClose([a.value.item(), b.value.item()], [c.mean, c.weighted], tolerance, `${mode} mean`);
        expectClose(a.grad.dataSync(), c.meanGradient, tolerance, `${mode} gradient`);
        expectClose(b.grad.dataSync(), c.weightedGradient, tolerance, `${mode} weighted gradient`);
      }
    });
  });
});

describe('stability', () => {
  it('sparse cross-entropy of softmax has gradient p - onehot where p rounds to 0', () => {
    const z = tensor([[200, 0, -200]]), y = tensor([2], undefined, 'i32');
    const loss = (t: Tensor): Tensor => getLoss('sparseCategoricalCrossentropy').compute(y, softmax(t));
    expect(loss(z).item()).toBe(400);
    expectClose(grad(loss)(z).dataSync(), [1, 0, -1]);
  });
  it('takes the logits only from the very tensor that softmax gave', () => {
    const p = softmax(tensor([[1, 2, 3]]));
    expect(logitsOf(p, 'softmax')).not.toBeNull();
    expect(logitsOf(p, 'sigmoid')).toBeNull();
    expect(logitsOf(ops.multiply(p, 1), 'softmax')).toBeNull();
  });
  it('is the same along another axis, from probabilities that rounded to 0', () => {
    const z = tensor([[[200, 0], [0, 0], [-200, 1]]]), y = tensor([[[0, 0], [0, 1], [1, 0]]]), loss = getLoss({ className: 'categoricalCrossentropy', config: { axis: 1, fromLogits: true, reduction: 'none' } });
    expectClose(loss.compute(y, z).dataSync(), [400, Math.log(2 + Math.E)]);
  });
  it('keeps axis and weights of classes in a saved loss, and says how many weights are missing', () => {
    const loss = categoricalFocalCrossentropy({ alpha: [0.2, 0.8], axis: 1 }), again = getLoss(serializeLoss(loss) as never);
    expect(serializeLoss(again)).toEqual(serializeLoss(loss));
    expect(serializeLoss(again)).toMatchObject({ config: { alpha: [0.2, 0.8], axis: 1 } });
    expect(() => loss.compute(tensor([[1, 0, 0]]), tensor([[0.2, 0.3, 0.5]]))).toThrow(/alpha has 2 weights for 3 classes/);
    expect(() => getLoss({ className: 'sparseCategoricalCrossentropy', config: { axis: 3 } }).compute(tensor([0], undefined, 'i32'), tensor([[0.2, 0.8]]))).toThrow(ShapeError);
  });
  it('ignores a class', () => {
    const loss = getLoss({ className: 'sparseCategoricalCrossentropy', config: { ignoreClass: 1, reduction: 'none' } });
    const values = loss.compute(tensor([0, 1], undefined, 'i32'), tensor([[0.5, 0.5], [0.5, 0.5]])).dataSync();
    expectClose(values, [Math.log(2), 0]);
  });
});

describe('bad input', () => {
  it('names both shapes', () => {
    expect(() => getLoss('mse').compute(tensor([[1, 2]]), tensor([[1, 2, 3]]))).toThrow(/targets have shape \[1, 2\], predictions \[1, 3\]/);
    expect(() => getLoss('sparseCategoricalCrossentropy').compute(tensor([[1, 0, 0]]), tensor([[1, 2, 3]]))).toThrow(ShapeError);
  });
  it('suggests the nearest name', () => {
    expect(() => getLoss('sparse_categorical_crossentropi')).toThrow(/Did you mean 'sparseCategoricalCrossentropy'/);
    expect(() => getLoss('nonsense')).toThrow(NameError);
  });
  it('round-trips configurations', () => {
    for (const name of lossRegistry.names()) expect(serializeLoss(getLoss(serializeLoss(getLoss(name)) as never))).toEqual(serializeLoss(getLoss(name)));
  });
  it('takes a column of targets for a column of predictions', () => {
    expect(getLoss('mse').compute(tensor([1, 2]), tensor([[1], [4]])).item()).toBe(2);
  });
});
