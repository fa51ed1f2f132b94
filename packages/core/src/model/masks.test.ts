/** Masks through models: trainings of Keras 3 repeated, and what a layer is handed. Fixture: tools/fixtures/keras/masks.py. */
import { beforeAll, describe, expect, it } from 'vitest';
import { expectClose, golden } from '../base/testing/golden.ts';
import { Layer, type CallContext, type Masks } from '../nn/layer.ts';
import * as layers from '../nn/layers/index.ts';
import { getLoss } from '../nn/losses/index.ts';
import { sgd } from '../nn/optimizers/index.ts';
import { createDevice, setDefaultDevice } from '../runtime/device.ts';
import { SeedGenerator } from '../tensor/random.ts';
import * as ops from '../tensor/ops/index.ts';
import { ones, tensor, type Tensor } from '../tensor/tensor.ts';
import { model } from './functional.ts';
import type { Model } from './model.ts';
import { sequential } from './sequential.ts';

interface Run { readonly name: string; readonly before: number[][]; readonly after: number[][]; readonly history: Record<string, number[]>; readonly scores: Record<string, number> }
type Rows = number[][][];
interface Ignored { readonly reduction: string; readonly masked: boolean; readonly weight: number[][] | null; readonly value: number }
const { x, y, labels, runs, ignored } = golden<{ x: Rows; y: Rows; labels: number[][]; runs: Run[]; ignored: { labels: number[][]; predictions: Rows; mask: number[][]; cases: Ignored[] } }>('keras-masks');
const start = () => layers.input({ shape: [4, 3] });
const makes: Record<string, () => Model> = {
  chain: () => sequential([start(), layers.masking(), layers.dense(5, { activation: 'tanh' }), layers.dropout(0), layers.dense(2)]),
  nested: () => {
    const inner = sequential([start(), layers.dense(5, { activation: 'tanh' }), layers.activation('relu')]), from = start();
    return model({ inputs: from, outputs: layers.dense(2, { activation: 'softmax' }).apply(inner.apply(layers.masking().apply(from))) });
  },
  flattened: () => sequential([start(), layers.masking(), layers.dense(2), layers.flatten(), layers.dense(8), layers.reshape([4, 2])]),
};
beforeAll(() => { setDefaultDevice(createDevice({ backend: 'reference' })); });

describe('as Keras', () => {
  it.each(runs)('$name', async (run) => {
    const net = makes[run.name]?.() ?? sequential(), sparse = run.name === 'nested', target = sparse ? labels : y;
    net.compile({ optimizer: sgd({ learningRate: 0.1 }), loss: sparse ? 'sparseCategoricalCrossentropy' : 'mse', metrics: [sparse ? 'accuracy' : 'mae'] });
    net.setWeights(run.before.map((w) => Float32Array.from(w.flat())));
    const { history } = await net.fit(x, target, { epochs: 2, batchSize: 4, shuffle: false, verbose: 0 });
    for (const [name, values] of Object.entries(run.history)) expectClose(history[name] ?? [], values, {}, name);
    (await net.getWeights()).forEach((w, i) => { expectClose(w, run.after[i] ?? [], {}, `weight ${i}`); });
    const scores = await net.evaluate(x, target, { batchSize: 5 });
    for (const [name, value] of Object.entries(run.scores)) expectClose([scores[name] ?? NaN], [value], {}, name);
  });
});

describe('a class that is ignored, as in Keras', () => {
  it.each(ignored.cases)('$reduction, masked: $masked, weighted: $weight', ({ reduction, masked, weight, value }) => {
    const loss = getLoss({ className: 'SparseCategoricalCrossentropy', config: { ignoreClass: 1, reduction: reduction.replaceAll(/_(.)/g, (_, c: string) => c.toUpperCase()) } });
    const result = loss.compute(tensor(ignored.labels), tensor(ignored.predictions), weight === null ? null : tensor(weight), masked ? ops.cast(tensor(ignored.mask), 'bool') : null);
    expectClose([result.item()], [value]);
  });
});

/** Gives its input twice, and remembers the masks that it was handed. */
class Probe extends Layer {
  readonly className = 'Probe';
  seen: Masks[] = [];
  constructor() { super('Probe', {}); }
  call(inputs: readonly Tensor[], context: CallContext): readonly Tensor[] { this.seen.push(context.masks ?? []); return inputs.length === 1 ? [...inputs, ...inputs] : inputs; }
  override outputShapes(shapes: readonly (readonly (number | null)[])[]): readonly (readonly (number | null)[])[] { return shapes.length === 1 ? [...shapes, ...shapes] : shapes; }
  override computeMask(_: readonly Tensor[], masks: Masks): Masks { return [null, masks[0] ?? null]; }
}
const context = (masks?: Masks): CallContext => ({ training: false, seeds: new SeedGenerator(1), ...(masks === undefined ? {} : { masks }) });
const padded = tensor([[[1, 1], [0, 0]], [[0, 3], [0, 0]]]);

describe('masks', () => {
  it('mark steps whose features all equal the value', () => {
    const { outputs: [out], masks: [mask] } = layers.masking({ maskValue: 3 }).runMasked([tensor([[[3, 3], [3, 0]]])], context());
    expect([out?.array(), mask?.array()]).toEqual([[[[0, 0], [3, 0]]], [[0, 1]]]);
  });
  it('reach every input of a layer and follow the right result', () => {
    const a = layers.input({ shape: [2, 2] }), b = layers.input({ shape: [2, 2] }), first = new Probe(), second = new Probe();
    const [plain, masked] = first.applyAll(layers.masking().apply(a));
    if (plain === undefined || masked === undefined) throw new Error('two results');
    const net = model({ inputs: [a, b], outputs: second.applyAll([plain, layers.dropout(0.5).apply(masked), b]) });
    const { masks } = net.runMasked([padded, ones([2, 2, 2])], context());
    expect(second.seen.map((list) => list.map((m) => m?.array() ?? null))).toEqual([[null, [[1, 0], [1, 0]], null]]);
    expect(masks).toEqual([null, null, null]);
  });
  it('come into a nested model and out of it', () => {
    const inner = sequential([layers.input({ shape: [2, 2] }), layers.dense(1)]), from = layers.input({ shape: [2, 2] });
    const outer = sequential([layers.masking(), model({ inputs: from, outputs: inner.apply(from) })]);
    const { masks } = outer.runMasked([padded], context());
    expect(masks.map((m) => m?.array())).toEqual([[[1, 0], [1, 0]]]);
    expect(inner.computeMask([padded], [ops.any(padded, -1)]).map((m) => m?.array())).toEqual([[[1, 0], [1, 0]]]);
  });
  it('end at layers that do not hand them on', () => {
    expect(sequential([layers.masking(), layers.flatten()]).runMasked([padded], context()).masks).toEqual([]);
  });
  it('of the wrong length are refused with both shapes', () => {
    expect(() => layers.dense(1, { name: 'd' }).runMasked([padded], context([tensor([[true, false, true], [true, true, true]])]))).toThrow("Layer 'd': the mask of input 0 has shape [2, 3], but the input has shape [2, 2, 2]. A mask covers the leading axes of its input: [2, 2].");
  });
});
