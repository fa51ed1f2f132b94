import { describe, expect, it } from 'vitest';
import { expectClose, golden } from '../../base/testing/golden.ts';
import { NameError, ValueError } from '../../base/errors.ts';
import * as ops from '../../tensor/ops/index.ts';
import { tensor, type Tensor } from '../../tensor/tensor.ts';
import { jit, valueAndGrad } from '../../tensor/trace.ts';
import type { Config } from '../registry-table.ts';
import { activationRegistry, getActivation, registerActivation } from './index.ts';

interface Case { readonly name: string; readonly config: Config; readonly x: number[]; readonly y: number[]; readonly gradient: number[] }
const { cases } = golden<{ cases: Case[] }>('keras-activations');

describe('activations equal Keras', () => {
  for (const { name, config, x, y, gradient } of cases) {
    it(`${name} ${JSON.stringify(config)}`, () => {
      const fn = getActivation({ className: name, config }), at = tensor(x);
      const weighted = (t: Tensor): Tensor => {
        const value = fn.apply(t), n = value.size;
        return ops.sum(ops.multiply(value, ops.reshape(ops.divide(ops.arange(1, n + 1), n), value.shape)));
      };
      // 1 - tanh² and the like cancel: TensorFlow's own gradients are good to about 1e-6 there
      const tolerance = { relative: 2e-5, absolute: 2e-6 };
      expectClose(fn.apply(at).dataSync(), y, tolerance, 'eager value');
      expectClose(jit((t: Tensor) => fn.apply(t))(at).dataSync(), y, tolerance, 'compiled value');
      expectClose(valueAndGrad(weighted)(at).grad.dataSync(), gradient, tolerance, 'eager gradient');
      expectClose(jit(valueAndGrad(weighted))(at).grad.dataSync(), gradient, tolerance, 'compiled gradient');
    });
  }
  it('covers all thirty', () => {
    expect(activationRegistry.names()).toHaveLength(30);
    expect([...new Set(cases.map((c) => c.name))].sort()).toEqual(activationRegistry.names());
  });
});

describe('far from zero', () => {
  const finite = activationRegistry.names().filter((name) => !['exponential', 'glu', 'threshold'].includes(name));
  it.each(finite)('%s has no NaN in value or gradient', (name) => {
    const x = tensor([-1000, -200, -100, -89, -20, 0, 20, 89, 100, 200, 1000]);
    const { value, grad } = valueAndGrad((t: Tensor) => ops.sum(getActivation(name).apply(t)))(x);
    expect(value.item()).not.toBeNaN();
    for (const g of grad.dataSync()) expect(Number.isFinite(g)).toBe(true);
  });
});

describe('names', () => {
  it('finds Keras spellings', () => {
    expect(getActivation('leaky_relu').name).toBe('leakyRelu');
    expect(getActivation('swish').name).toBe('silu');
  });
  it('suggests the nearest', () => {
    expect(() => getActivation('rellu')).toThrow(NameError);
    expect(() => getActivation('rellu')).toThrow(/Did you mean 'relu'/);
  });
  it('saves names, parameters and registered functions, and refuses others', () => {
    expect(getActivation('relu').serialize()).toBe('relu');
    expect(getActivation({ className: 'elu', config: { alpha: 2 } }).serialize()).toEqual({ className: 'elu', config: { alpha: 2 } });
    const double = (x: Tensor): Tensor => x.mul(2);
    expect(() => getActivation(double).serialize()).toThrow(ValueError);
    registerActivation('doubled', double);
    expect(getActivation(double).serialize()).toBe('doubled');
    expect(getActivation('doubled').apply(tensor([3])).item()).toBe(6);
  });
});
