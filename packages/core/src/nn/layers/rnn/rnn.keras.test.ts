/** Recurrent layers against Keras 3: results, states and gradients (fixture: tools/fixtures/keras/rnn.py). */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { at } from '../../../base/shape.ts';
import * as ops from '../../../tensor/ops/index.ts';
import { SeedGenerator } from '../../../tensor/random.ts';
import { tensor, type NestedInput, type Tensor } from '../../../tensor/tensor.ts';
import { gradients, jit } from '../../../tensor/trace.ts';
import type { CallContext, Layer } from '../../layer.ts';
import type { Config } from '../../registry-table.ts';
import * as layers from '../index.ts';

type Values = readonly NestedInput[];
interface Case { readonly kind: string; readonly config: Config; readonly masked: boolean; readonly x: Values; readonly states: readonly Values[]; readonly weights: readonly Values[]; readonly outputs: readonly Values[]; readonly seeds: readonly Values[]; readonly gradients: readonly Values[] }
interface Fixture { readonly mask: Values; readonly cases: readonly Case[]; readonly stateful: { readonly weights: readonly Values[]; readonly x: Values; readonly outputs: readonly Values[]; readonly afterReset: Values } }
const fixture = JSON.parse(readFileSync(new URL('../../../../test/fixtures/keras-rnn.json', import.meta.url), 'utf8')) as Fixture;
const mask = ops.cast(tensor(fixture.mask), 'bool');

function make({ kind, config }: Case): Layer {
  const { units = 3, filters = 2, kernelSize = 1 } = config as { units?: number; filters?: number; kernelSize?: number };
  switch (kind) {
    case 'SimpleRNN': return layers.simpleRnn(units, config);
    case 'GRU': return layers.gru(units, config);
    case 'LSTM': return layers.lstm(units, config);
    case 'RNN stacked': return layers.rnn([layers.lstmCell(3), layers.gruCell(2), layers.simpleRnnCell(4)], config);
    case 'Bidirectional LSTM': return layers.bidirectional(layers.lstm(3, { returnSequences: true }), config);
    case 'Bidirectional GRU': return layers.bidirectional(layers.gru(3, { returnState: true }), config);
    case 'TimeDistributed Dense': return layers.timeDistributed(layers.dense(units, { activation: 'tanh' }));
    case 'ConvLSTM1D': return layers.convLstm1d(filters, kernelSize, config);
    case 'ConvLSTM2D': return layers.convLstm2d(filters, kernelSize, config);
    default: return layers.convLstm3d(filters, kernelSize, config);
  }
}
function close(have: Tensor, want: Values, what: string): void {
  const wanted = tensor(want), a = have.dataSync(), b = wanted.dataSync(), scale = Math.max(1, ...b.map(Math.abs));
  expect(have.shape, what).toEqual(wanted.shape);
  for (let i = 0; i < b.length; i++) expect(Math.abs(at(a, i) - at(b, i)) / scale, `${what}, element ${i}: ${at(a, i)} and ${at(b, i)}`).toBeLessThan(3e-6);
}
const context = (masked: boolean): CallContext => ({ training: false, seeds: new SeedGenerator(1), masks: masked ? [mask] : [] });

describe('recurrent layers, as Keras computes them', () => {
  it.each(fixture.cases.map((c, i) => [`${i} ${c.kind} ${JSON.stringify(c.config)}${c.masked ? ' masked' : ''}${c.states.length > 0 ? ' from states' : ''}`, c] as const))('%s', (_, c) => {
    const layer = make(c), inputs = [tensor(c.x), ...c.states.map((s) => tensor(s))];
    layer.run(inputs, context(c.masked));
    expect(layer.weights.map((w) => w.shape)).toEqual(c.weights.map((w) => tensor(w).shape));
    layer.weights.forEach((w, i) => { w.write(tensor(at(c.weights, i)).dataSync() as Float32Array); });
    layer.run(inputs, context(c.masked)).forEach((y, i) => { close(y, at(c.outputs, i), `eager result ${i}`); });
    const step = jit((...xs: Tensor[]) => {
      const fresh = xs.map((x) => ops.add(x, 0)), results = layer.run(fresh, context(c.masked));
      const loss = results.map((y, i) => ops.sum(ops.multiply(y, tensor(at(c.seeds, i))))).reduce((a, b) => ops.add(a, b));
      return { results, grads: gradients(loss, [...fresh, ...layer.trainableWeights]) };
    });
    const { results, grads } = step(...inputs);
    expect(results.length).toBe(c.outputs.length);
    results.forEach((y, i) => { close(y, at(c.outputs, i), `result ${i}`); });
    grads.forEach((g, i) => { close(g, at(c.gradients, i), `gradient ${i}`); });
  });
  it('a stateful layer goes on where it was, until it is reset', () => {
    const layer = layers.lstm(3, { stateful: true, returnSequences: true }), x = tensor(fixture.stateful.x);
    layer.build([[3, 5, 4]]);
    fixture.stateful.weights.forEach((w, i) => { at(layer.trainableWeights, i).write(tensor(w).dataSync() as Float32Array); });
    const run = jit((t: Tensor) => at(layer.run([t], context(false)), 0));
    for (const want of fixture.stateful.outputs) close(run(x), want, 'output');
    layer.resetState();
    close(run(x), fixture.stateful.afterReset, 'after the reset');
    expect(layer.nonTrainableWeights.length).toBe(2);
  });
});
