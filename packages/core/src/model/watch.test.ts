/** The hook of the call context that looks into a model while it runs. */
import { describe, expect, it } from 'vitest';
import { logitsOf } from '../nn/activations/logits.ts';
import type { Layer } from '../nn/layer.ts';
import { input } from '../nn/layers/input.ts';
import * as layers from '../nn/layers/public.ts';
import * as ops from '../tensor/ops/index.ts';
import { tensor, type Tensor } from '../tensor/tensor.ts';
import { gradients, jit } from '../tensor/trace.ts';
import { model } from './functional.ts';
import { sequential } from './sequential.ts';

describe('watch', () => {
  const inner = sequential([input({ shape: [3] }), layers.dense(2, { name: 'inside', kernelInitializer: 'ones' })], { name: 'inner' });
  const outer = sequential([input({ shape: [3] }), inner, layers.dense(1, { name: 'last', kernelInitializer: 'ones' })]);

  it('sees the results of all layers, also in models inside', () => {
    const seen: [string, readonly number[]][] = [];
    outer.apply(tensor([[1, 2, 3]]), { watch: { output(layer, outputs) { seen.push([layer.name, outputs[0]?.shape ?? []]); return null; } } });
    expect(seen).toEqual([['inside', [1, 2]], ['inner', [1, 2]], ['last', [1, 1]], [outer.name, [1, 1]]]);
  });
  it('puts other results in their place', () => {
    const changed = outer.apply(tensor([[1, 2, 3]]), { watch: { output: (layer) => (layer.name === 'inside' ? [tensor([[5, 7]])] : null) } });
    expect(changed.array()).toEqual([[12]]);
  });
  it('lets gradients be taken at a result', () => {
    const slope = jit((x: Tensor) => {
      let at: Tensor | null = null;
      const y = outer.apply(x, { watch: { output(layer: Layer, outputs) { if (layer.name === 'inside') at = outputs[0] ?? null; return null; } } });
      return at === null ? [] : gradients(ops.sum(ops.square(y)), [at]);
    });
    expect(slope(tensor([[1, 2, 3]]))[0]?.array()).toEqual([[24, 24]]);
  });
  it('sees weights of attention, also of a model that does not give them', () => {
    const x = input({ shape: [4, 6] }), y = layers.groupedQueryAttention(3, 4, 2, { name: 'attends', useCausalMask: true }).apply([x, x]), net = model({ inputs: x, outputs: y });
    let shape: readonly number[] = [], rows: number[] = [];
    net.apply(ops.ones([2, 4, 6]), { watch: { attention(layer, weights) { expect(layer.name).toBe('attends'); shape = weights.shape; rows = [...ops.sum(weights, -1).dataSync()]; } } });
    expect(shape).toEqual([2, 4, 4, 4]);
    for (const row of rows) expect(row).toBeCloseTo(1, 5);
  });
  it('keeps floats given for bytes where asked to', () => {
    const bytes = sequential([input({ shape: [1], dtype: 'u8' }), layers.rescaling(2)]), half = tensor([[1.5]]);
    expect(bytes.apply(half).array()).toEqual([[2]]);
    expect(bytes.apply(half, { watch: { keepFloats: true } }).array()).toEqual([[3]]);
  });
  it('finds the logits of what is watched', () => {
    const net = sequential([input({ shape: [2] }), layers.dense(2, { activation: 'softmax', kernelInitializer: 'identity' })]);
    expect(logitsOf(net.apply(tensor([[3, 4]])), 'softmax')?.array()).toEqual([[3, 4]]);
  });
});
