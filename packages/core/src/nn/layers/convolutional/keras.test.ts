import { describe, expect, it } from 'vitest';
import { expectClose, golden } from '../../../base/testing/golden.ts';
import { at } from '../../../base/shape.ts';
import * as ops from '../../../tensor/ops/index.ts';
import { SeedGenerator } from '../../../tensor/random.ts';
import { tensor, type Tensor } from '../../../tensor/tensor.ts';
import { jit, valueAndGrad } from '../../../tensor/trace.ts';
import { layerFromConfig } from '../../registry.ts';
import type { Config } from '../../registry-table.ts';

interface Case {
  readonly class: string; readonly config: Config; readonly shape: readonly number[]; readonly x: readonly number[]; readonly weights: readonly (readonly number[])[];
  readonly result: readonly number[]; readonly y: readonly number[]; readonly gradients: readonly (readonly number[])[];
}
const { cases } = golden<{ cases: readonly Case[] }>('keras-conv');

describe('convolutional and pooling layers against Keras', () => {
  it.each(cases.map((c, i) => [c.class, JSON.stringify(c.config), i] as const))('%s %s', (_class, _config, i) => {
    const c = at(cases, i), layer = layerFromConfig({ className: c.class, config: c.config });
    layer.build([[null, ...c.shape.slice(1)]]);
    expect(layer.weights.map((w) => w.size)).toEqual(c.weights.map((w) => w.length));
    layer.weights.forEach((w, n) => { w.write(Float32Array.from(at(c.weights, n))); });
    const run = (x: Tensor): Tensor => at(layer.run([x], { training: false, seeds: new SeedGenerator(1) }), 0);
    const x = tensor(Float32Array.from(c.x), [...c.shape]), y = run(x);
    expect(y.shape).toEqual(c.result);
    expect(at(layer.outputShapes([[null, ...c.shape.slice(1)]]), 0)).toEqual([null, ...c.result.slice(1)]);
    expectClose(y.dataSync(), c.y, { relative: 1e-5, absolute: 1e-5 }, 'result');
    const spread = tensor(Float32Array.from(c.y, (_, n) => ((n % 7) + 1) / 8), [...c.result]);
    const loss = (t: Tensor): Tensor => ops.sum(ops.multiply(run(t), spread));
    const gradients = jit((t: Tensor) => [valueAndGrad(loss)(t).grad, ...valueAndGrad((u: Tensor) => loss(u), layer.trainableWeights)(t).grad])(x);
    gradients.forEach((g, n) => { expectClose(g.dataSync(), at(c.gradients, n), { relative: 1e-5, absolute: 1e-4 }, `gradient ${n}`); });
    expect(gradients.length).toBe(c.gradients.length);
  });
});
