/** Constraints against Keras (tools/fixtures/keras/constraints.py): projections, defaults, and steps of SGD with them. */
import { describe, expect, it } from 'vitest';
import { expectClose, golden } from '../../base/testing/golden.ts';
import * as ops from '../../tensor/ops/index.ts';
import { tensor } from '../../tensor/tensor.ts';
import { jit, valueAndGrad } from '../../tensor/trace.ts';
import * as layers from '../layers/index.ts';
import { SGD } from '../optimizers/sgd.ts';
import type { Config } from '../registry-table.ts';
import { goldenTensor, type GoldenArray } from '../testing/keras-cases.ts';
import { constraintRegistry, getConstraint, maxNorm, minMaxNorm, nonNeg, serializeConstraint, unitNorm, type Constraint } from './index.ts';

interface Saved { readonly className: string; readonly config: Config }
const { weights, cases, defaults, x, y, start, steps } = golden<{
  weights: Record<string, GoldenArray>; cases: (Saved & { weight: string; value: number[] })[]; defaults: Saved[]; x: GoldenArray; y: GoldenArray; start: GoldenArray; steps: (Saved & { kernels: number[][] })[];
}>('keras-constraints');
const own: Record<string, Constraint> = { MaxNorm: maxNorm(), MinMaxNorm: minMaxNorm(), NonNeg: nonNeg(), UnitNorm: unitNorm() };

describe('constraints equal Keras', () => {
  it.each(cases)('$className $config, $weight', ({ className, config, weight, value }) => {
    const constraint = getConstraint({ className, config }), w = goldenTensor(weights[weight] as GoldenArray), near = { relative: 1e-5, absolute: 1e-6 };
    expectClose(constraint.apply(w).dataSync(), value, near, 'eager');
    expectClose(jit((t: typeof w) => constraint.apply(t))(w).dataSync(), value, near, 'compiled');
    expectClose(getConstraint(serializeConstraint(constraint) as unknown as Saved).apply(w).dataSync(), value, near, 'saved');
  });
  it.each(defaults)('defaults of $className', ({ className, config }) => {
    expect(own[className]?.getConfig()).toEqual(config);
    expect(getConstraint(className).getConfig()).toEqual(config);
  });
  it('all of them', () => { expect(Object.keys(own).map((name) => constraintRegistry.has(name))).toEqual(constraintRegistry.names().map(() => true)); });
  it.each(steps)('kernels of a dense layer after each step: $className $config', ({ className, config, kernels }) => {
    const layer = layers.dense(3, { useBias: false, kernelConstraint: { className, config } }), [input, target] = [goldenTensor(x), goldenTensor(y)], optimizer = new SGD({ learningRate: 0.5 });
    layer.build([[null, 4]]);
    const kernel = layer.trainableWeights[0];
    kernel?.write(Float32Array.from(start.data));
    const step = jit((rate: typeof input) => {
      const { grad } = valueAndGrad(() => ops.mean(ops.square(ops.subtract(layer.call([input]), target))), layer.trainableWeights)();
      optimizer.apply(grad, layer.trainableWeights, rate);
      return rate;
    });
    kernels.forEach((wanted, i) => {
      step(tensor(new Float32Array([0.5]), []));
      expectClose(kernel?.read() ?? [], wanted, { relative: 2e-5, absolute: 2e-6 }, `step ${i + 1}`);
    });
  });
});
