/** Merging layers, Identity and EinsumDense against Keras (tools/fixtures/keras/merging.py), and what they refuse. */
import { describe, expect, it } from 'vitest';
import { expectClose, golden } from '../../../base/testing/golden.ts';
import { ShapeError } from '../../../base/errors.ts';
import * as ops from '../../../tensor/ops/index.ts';
import { SeedGenerator } from '../../../tensor/random.ts';
import { tensor, type Tensor } from '../../../tensor/tensor.ts';
import { valueAndGrad } from '../../../tensor/trace.ts';
import type { Layer } from '../../layer.ts';
import { checkLayer } from '../../testing/check-layer.ts';
import * as layers from '../index.ts';

type Nested = number[] | Nested[];
interface Case {
  readonly name: keyof typeof factories; readonly args: never[]; readonly options: object; readonly inputs: Nested[]; readonly masks: (Nested | null)[]; readonly weights: Nested[];
  readonly shape: number[]; readonly output: Nested; readonly mask: Nested | null; readonly weighting: Nested; readonly gradients: Nested[];
}
const { cases } = golden<{ cases: Case[] }>('keras-merging');
const { add, average, maximum, minimum, multiply } = layers, elementwise = { add, average, maximum, minimum, multiply };
const factories = { ...elementwise, subtract: layers.subtract, concatenate: layers.concatenate, dot: layers.dot, identity: layers.identity, einsumDense: layers.einsumDense };
const make = (c: Case): Layer => (factories[c.name] as (...args: unknown[]) => Layer)(...c.args, c.options);

describe('as Keras', () => {
  cases.forEach((c, i) => {
    it(`${c.name} ${JSON.stringify(c.args)} ${JSON.stringify(c.options)} (${i})`, () => {
      const layer = make(c), inputs = c.inputs.map((x) => tensor(x as number[][])), masks = c.masks.map((m) => (m === null ? null : ops.cast(tensor(m as number[][]), 'bool')));
      const context = { training: false, seeds: new SeedGenerator(1), masks };
      layer.build(inputs.map((x) => [null, ...x.shape.slice(1)]));
      expect(layer.weights.map((w) => w.shape)).toEqual(c.weights.map((w) => tensor(w as number[]).shape));
      layer.weights.forEach((w, k) => { w.write(Float32Array.from((c.weights[k] as number[]).flat(9))); });
      const { outputs: [y], masks: [mask] } = layer.runMasked(inputs, context);
      expect(y?.shape).toEqual(c.shape);
      expectClose(y?.dataSync() ?? [], c.output, {}, 'output');
      expect(mask?.array() ?? null).toEqual(c.mask);
      const weighting = tensor(c.weighting as number[]), loss = (xs: Tensor[]): Tensor => ops.sum(ops.multiply(layer.run(xs, context)[0] as Tensor, weighting));
      expectClose(valueAndGrad(loss)(inputs).grad.flatMap((g) => [...g.dataSync()]), c.gradients.slice(0, inputs.length).flat(9) as number[], { absolute: 1e-5 }, 'gradients of inputs');
      if (layer.weights.length === 0) return;
      expectClose(valueAndGrad(loss, layer.weights)(inputs).grad.flatMap((g) => [...g.dataSync()]), c.gradients.slice(inputs.length).flat(9) as number[], { absolute: 1e-5 }, 'gradients of weights');
    });
  });
});

describe('promises of layers', () => {
  it.each(Object.entries(elementwise))('%s', (name, merge) => {
    checkLayer(() => merge(), { inputs: [[3, 4], [3, 4], [4]], output: [3, 4], weights: 0 });
    checkLayer(() => merge(), { inputs: [[3], [3]], dtype: 'i32', output: [3], outputDType: name === 'average' ? 'f32' : 'i32', weights: 0 });
  });
  it('the others', () => {
    checkLayer(() => layers.subtract(), { inputs: [[3, 4], [3, 1]], output: [3, 4], weights: 0 });
    checkLayer(() => layers.concatenate(), { inputs: [[3, 4], [3, 1]], output: [3, 5], weights: 0 });
    checkLayer(() => layers.concatenate({ axis: 1 }), { inputs: [[3, 4], [2, 4]], output: [5, 4], weights: 0 });
    checkLayer(() => layers.dot([1, 2], { normalize: true }), { inputs: [[3, 5], [4, 3]], output: [5, 4], weights: 0 });
    checkLayer(() => layers.dot(-1), { inputs: [[3], [3]], output: [1], weights: 0 });
  });
});

describe('shapes that do not meet', () => {
  const at = (...shape: (number | null)[]) => layers.input({ shape });
  it('are refused with the layer and both shapes, before anything runs', () => {
    expect(() => layers.add({ name: 'sum' }).apply([at(3, 4), at(3, 5)])).toThrow("Layer 'sum': the inputs have shapes [?, 3, 4], [?, 3, 5]; input 1 does not meet the ones before it (4 and 5).");
    expect(() => layers.concatenate({ name: 'cat', axis: 1 }).apply([at(3, 4), at(3, 5)])).toThrow("Layer 'cat': input 0 has shape [?, 3, 4], input 1 has [?, 3, 5]; along axis 1 only inputs that are equal in every other extent");
    expect(() => layers.concatenate().apply([at(3), at(3, 5)])).toThrow(ShapeError);
    expect(() => layers.dot(1, { name: 'd' }).apply([at(3), at(4)])).toThrow("Layer 'd': axis 1 of [?, 3] has 3 elements, axis 1 of [?, 4] has 4");
    expect(() => layers.dot(0).apply([at(3), at(3)])).toThrow(/must not be the batch/);
    expect(() => layers.subtract({ name: 's' }).apply([at(3), at(3), at(3)])).toThrow("Layer 's' takes 2 inputs, got 3. Give them as a list");
  });
  it('meet where an extent is unknown or 1', () => {
    expect(layers.add().apply([at(null, 4), at(3, 1)]).shape).toEqual([null, null, 4]);
    expect(layers.concatenate({ axis: 1 }).apply([at(null, 4), at(3, 4)]).shape).toEqual([null, null, 4]);
    expect(layers.concatenate().apply([at(null, 4), at(3, 4)]).shape).toEqual([null, 3, 8]);
  });
});
