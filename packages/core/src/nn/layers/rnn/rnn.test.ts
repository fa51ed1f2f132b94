import { describe, expect, it } from 'vitest';
import { at } from '../../../base/shape.ts';
import * as g from '../../../ir/build.ts';
import { makeGraph, nodesOf } from '../../../ir/node.ts';
import { substitute } from '../../../ir/substitute.ts';
import { isOp, type Graph, type Node } from '../../../ir/types.ts';
import { optimize } from '../../../optimize/index.ts';
import * as ops from '../../../tensor/ops/index.ts';
import { SeedGenerator, uniform } from '../../../tensor/random.ts';
import { ones, zeros, type Tensor } from '../../../tensor/tensor.ts';
import { gradients, record } from '../../../tensor/trace.ts';
import { checkGradient } from '../../../testing/check-gradient.ts';
import * as data from '../../../testing/data.ts';
import { doubleGraph, doubleTensor } from '../../../testing/double.ts';
import type { BatchShape, CallContext, Layer } from '../../layer.ts';
import { checkLayer } from '../../testing/check-layer.ts';
import * as layers from '../index.ts';

const context = (extra: Partial<CallContext> = {}): CallContext => ({ training: false, seeds: new SeedGenerator(1), ...extra });
const mask = (...rows: number[][]): Tensor => ops.cast(ops.stack(rows.map((row) => ops.stack(row.map((v) => zeros([]).add(v))))), 'bool');

describe('recurrent layers', () => {
  it('keep the promises of layers', () => {
    const check = { inputs: [[6, 3]], weights: 3, tolerance: 1e-5, learningRate: 0.1 };
    checkLayer(() => layers.simpleRnn(4), { ...check, output: [4] });
    checkLayer(() => layers.gru(4, { returnSequences: true, goBackwards: true }), { ...check, output: [6, 4] });
    checkLayer(() => layers.gru(4, { resetAfter: false, useBias: false }), { ...check, output: [4], weights: 2 });
    checkLayer(() => layers.lstm(4, { unroll: true }), { ...check, output: [4] });
    checkLayer(() => layers.lstm(4, { dropout: 0.3, kernelRegularizer: 'l2', returnSequences: true }), { ...check, output: [6, 4] });
    checkLayer(() => layers.rnn([layers.lstmCell(4, { name: 'outer/a' }), layers.gruCell(2, { name: 'outer/b' })], { name: 'outer' }), { ...check, output: [2], weights: 6 });
    checkLayer(() => layers.bidirectional(layers.lstm(4, { returnSequences: true })), { ...check, output: [6, 8], weights: 6 });
    checkLayer(() => layers.bidirectional(layers.simpleRnn(4), { mergeMode: 'mul' }), { ...check, output: [4], weights: 6 });
    checkLayer(() => layers.timeDistributed(layers.dense(2, { name: 'each/dense' }), { name: 'each' }), { ...check, output: [6, 2], weights: 2 });
    checkLayer(() => layers.convLstm1d(2, 3, { padding: 'same', returnSequences: true }), { ...check, inputs: [[4, 5, 2]], output: [4, 5, 2] });
    checkLayer(() => layers.convLstm2d(2, 2, { dataFormat: 'channelsFirst' }), { ...check, inputs: [[3, 2, 4, 3]], output: [2, 3, 2] });
    checkLayer(() => layers.convLstm3d(2, 2, { strides: 2 }), { ...check, inputs: [[2, 4, 4, 2, 1]], output: [2, 2, 1, 2] });
  });
  it.each(['LSTM', 'GRU', 'SimpleRNN'] as const)('%s: gradients of both orders equal differences in double precision', (kind) => {
    const layer: Layer = { LSTM: layers.lstm(2, { returnSequences: true }), GRU: layers.gru(2, { returnSequences: true }), SimpleRNN: layers.simpleRnn(2) }[kind];
    layer.seed = 5;
    layer.build([[null, 3, 2]]);
    const traced = record('rnn', [{ name: 'x', type: { shape: [2, 3, 2], dtype: 'f32' } }], (x) => layer.run([x], context({ masks: [mask([1, 1, 1], [1, 0, 1])] })));
    // weights as inputs
    const states = nodesOf(traced).filter((n): n is Node<'state'> => isOp(n, 'state')), inputs = [...traced.inputs, ...states.map((n, i) => g.input(i + 1, `w${i}`, n.type))];
    const graph: Graph = doubleGraph(makeGraph('rnn', inputs, substitute(traced.outputs, new Map<Node, Node>(states.map((n, i) => [n, at(inputs, i + 1)])))));
    const values = inputs.map((n, i) => doubleTensor(data.uniform(n.type.shape, 40 + i, -1, 1)));
    for (const order of [1, 2] as const) {
      const { error, worst, compared } = checkGradient(graph, values, { order });
      expect(error, worst).toBeLessThan(1e-6);
      expect(compared).toBeGreaterThan(20);
    }
  });
  it('make programs of one size for any length, with one loop forward and one back', () => {
    const sizes = [5, 500].map((time) => {
      const layer = layers.lstm(8);
      layer.seed = 1;
      const graph = optimize(record('step', [{ name: 'x', type: { shape: [4, time, 3], dtype: 'f32' } }], (x) => {
        const y = at(layer.run([x], context({ training: true })), 0);
        return [y, ...gradients(ops.sum(y), layer.trainableWeights)];
      }));
      const nodes = nodesOf(graph), loops = nodes.filter((n): n is Node<'loop'> => isOp(n, 'loop'));
      expect(loops.length).toBe(2);
      // forward: the recurrent product alone; backward: the gradient of the state alone
      for (const loop of loops) expect(nodesOf(loop.attrs.body).filter((n) => isOp(n, 'dot')).length).toBe(1);
      return [nodes.length, ...loops.map((loop) => nodesOf(loop.attrs.body).length)];
    });
    expect(sizes[0]).toEqual(sizes[1]);
  });
  it('drop the same elements in each step, and none when not training', () => {
    const cell = layers.simpleRnnCell(50, { kernelInitializer: 'identity', recurrentInitializer: 'zeros', activation: 'linear', dropout: 0.5 });
    const layer = layers.rnn(cell, { returnSequences: true }), x = ones([2, 4, 50]), rows = (t: Tensor): number[][] => (t.array() as number[][][]).flat();
    const [a, b, , d] = rows(at(layer.run([x], context({ training: true })), 0));
    expect(a).toEqual(b);
    expect(a).toEqual(d);
    expect(new Set(a)).toEqual(new Set([0, 2]));
    expect(new Set(rows(at(layer.run([x], context()), 0)).flat())).toEqual(new Set([1]));
  });
  it('run cells of one\'s own', () => {
    class Sum extends layers.RNNCell {
      readonly className = 'Sum';
      stateShapes(input: BatchShape): BatchShape[] { return [input.slice(1)]; }
      call([x, total]: readonly Tensor[]): readonly Tensor[] { const next = ops.add(x as Tensor, total as Tensor); return [ops.multiply(next, 10), next]; }
    }
    const layer = layers.rnn(new Sum('Sum', {}), { returnState: true }), [y, total] = layer.run([ones([2, 5, 3])], context());
    expect([y?.array(), total?.array()]).toEqual([[[50, 50, 50], [50, 50, 50]], [[5, 5, 5], [5, 5, 5]]]);
  });
  it('say what is wrong', () => {
    const x = uniform([2, 4, 3], 1), built = layers.lstm(3, { name: 'memory' });
    built.build([[null, 4, 3]]);
    expect(() => built.run([uniform([2, 6, 3], 1)], context())).toThrow(/'memory' was built for input \[\?, 4, 3\], got \[2, 6, 3\]/);
    expect(() => built.run([x], context({ masks: [ones([2, 5]).cast('bool')] }))).toThrow(/'memory': the mask of input 0 has shape \[2, 5\]/);
    expect(() => layers.lstm(3, { name: 'm2' }).run([x, zeros([2, 3]), zeros([2, 4])], context())).toThrow(/'m2': state 1 has shape \[2, 4\], the cell's is \[2, 3\]/);
    expect(() => layers.gru(3, { name: 'm3' }).run([x, zeros([2, 3]), zeros([2, 3])], context())).toThrow(/'m3' starts from 1 state\(s\), got 2/);
    expect(() => layers.gru(3, { name: 'm4' }).run([zeros([2, 3])], context())).toThrow(/'m4' needs \[batch, time, features\], got \[\?, 3\]/);
    const stateful = layers.gru(3, { name: 'm5', stateful: true });
    stateful.run([x], context());
    expect(() => stateful.run([uniform([3, 4, 3], 1)], context())).toThrow(/'m5' is stateful and keeps states of 2 samples, got a batch of 3/);
    expect(() => layers.lstm(0)).toThrow(/units 0 must be a whole number/);
    expect(() => layers.lstm(2, { dropout: 1 })).toThrow(/dropout 1 must be at least 0 and below 1/);
    expect(() => layers.rnn(layers.dense(2) as never)).toThrow(/RNN needs cells .* got Dense/);
    expect(() => layers.bidirectional(layers.lstm(2), { backwardLayer: layers.lstm(2) })).toThrow(/opposite directions/);
    expect(() => layers.bidirectional(layers.lstm(2), { mergeMode: 'max' as 'sum' })).toThrow(/'max' must be/);
    expect(() => layers.convLstm2d(2, 2, { strides: 2, dilationRate: 2 })).toThrow(/cannot both be above 1/);
    expect(() => layers.convLstm2d(2, 2, { name: 'm6' }).build([[null, 3, 4, 4]])).toThrow(/'m6' needs/);
    expect(() => layers.timeDistributed(layers.dense(2), { name: 'm7' }).run([zeros([2, 3])], context())).toThrow(/'m7' needs \[batch, time, …\]/);
  });
});

describe('stacked cells', () => {
  it('are what a list of cells makes', () => {
    const cells = (name: string): [ReturnType<typeof layers.lstmCell>, ReturnType<typeof layers.gruCell>] => [layers.lstmCell(4, { name: `${name}/a` }), layers.gruCell(2, { name: `${name}/b` })];
    const stacked = layers.stackedRnnCells(cells('stack'));
    expect(stacked).toBeInstanceOf(layers.StackedRNNCells);
    const x = uniform([2, 5, 3], 3), named = layers.rnn(stacked), listed = layers.rnn(cells('list'));
    for (const layer of [named, listed]) { layer.seed = 7; layer.build([[null, 5, 3]]); }
    expect(named.weights.length).toBe(6);
    named.weights.forEach((w, i) => { at(listed.weights, i).write(w.read()); });
    const run = (layer: Layer): number[] => Array.from(at(layer.run([x], context()), 0).dataSync());
    expect(run(named)).toEqual(run(listed));
  });
});
