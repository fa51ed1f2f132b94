import { describe, expect, it } from 'vitest';
import { evaluateGraph } from '../backend/reference/evaluate.ts';
import { at } from '../base/shape.ts';
import * as b from '../ir/build.ts';
import { makeGraph, nodesOf } from '../ir/node.ts';
import type { HostTensor } from '../ir/primitive.ts';
import type { Node } from '../ir/types.ts';
import { checkGradient } from '../testing/check-gradient.ts';
import { f32, uniform } from '../testing/data.ts';
import { doubleGraph, doubleTensor } from '../testing/double.ts';
import { randomGraph } from '../testing/random-graph.ts';
import { sampleGraph } from '../testing/sample-graph.ts';
import { allSamples } from '../testing/samples/index.ts';
import { differentiate, vjp } from './differentiate.ts';

const noState = (): never => { throw new Error('no state expected'); };
const differentiable = allSamples().filter(({ sample }) => sample.differentiable === true);
const double = (tensors: readonly HostTensor[]): HostTensor[] => tensors.map(doubleTensor);
/** Value of nodes over inputs x0, x1…, given f64 data. */
const values = (inputs: readonly Node<'input'>[], outputs: readonly Node[], data: readonly HostTensor[]): number[][] =>
  evaluateGraph(makeGraph('test', inputs, outputs), data, noState).outputs.map((output) => Array.from(output));

describe('gradients of the samples against central differences', () => {
  it.each(differentiable.map((s) => [s.op, s.sample.name, s.sample] as const))('%s: %s', (op, _name, sample) => {
    const { graph, inputs } = sampleGraph(sample, op), check = checkGradient(doubleGraph(graph), double(inputs));
    expect(check.compared).toBeGreaterThan(0);
    expect(check.error, check.worst).toBeLessThan(1e-7);
  });
});

describe('second derivatives of the samples against central differences', () => {
  it.each(differentiable.map((s) => [s.op, s.sample.name, s.sample] as const))('%s: %s', (op, _name, sample) => {
    const { graph, inputs } = sampleGraph(sample, op), check = checkGradient(doubleGraph(graph), double(inputs), { order: 2, limit: 12 });
    expect(check.error, check.worst).toBeLessThan(1e-6);
  });
});

describe('differentiate', () => {
  const F = (...shape: number[]) => ({ shape, dtype: 'f64' as const });
  const x = b.input(0, 'x', F(3)), y = b.input(1, 'y', F(3));
  const data = double([f32([3], [0.5, -1, 2]), f32([3], [1, 3, -2])]);

  it('follows the chain rule through five nodes', () => {
    // d/dx sum(tanh(sin(x) * exp(y))) by hand
    const out = b.sum(b.tanh(b.mul(b.sin(x), b.exp(y))));
    const [dx = [], dy = []] = values([x, y], differentiate(out, [x, y]), data);
    [0, 1, 2].forEach((i) => {
      const [xi, yi] = [at(at(data, 0).data, i), at(at(data, 1).data, i)], t = Math.tanh(Math.sin(xi) * Math.exp(yi));
      expect(dx[i]).toBeCloseTo((1 - t * t) * Math.cos(xi) * Math.exp(yi), 12);
      expect(dy[i]).toBeCloseTo((1 - t * t) * Math.sin(xi) * Math.exp(yi), 12);
    });
  });

  it('adds the gradients of all uses', () => {
    expect(values([x, y], differentiate(b.sum(b.add(b.mul(x, x), x)), [x]), data)).toEqual([[2, -1, 5]]);
  });

  it('is zero where no path leads', () => {
    expect(values([x, y], differentiate(b.sum(x), [y]), data)).toEqual([[0, 0, 0]]);
    expect(values([x, y], differentiate(b.sum(b.mul(b.stopGradient(x), y)), [x, y]), data)).toEqual([[0, 0, 0], [0.5, -1, 2]]);
    expect(values([x, y], differentiate(b.sum(b.floor(x)), [x]), data)).toEqual([[0, 0, 0]]);
  });

  it('stops at integers', () => {
    const through = b.sum(b.cast(b.cast(x, 'i32'), 'f64'));
    expect(values([x, y], differentiate(through, [x]), data)).toEqual([[0, 0, 0]]);
  });

  it('differentiates with respect to inner nodes, and to a node and what it is made of', () => {
    const inner = b.mul(x, x), out = b.sum(b.mul(inner, y));
    expect(values([x, y], differentiate(out, [inner, x]), data)).toEqual([[1, 3, -2], [1, -6, -8]]);
  });

  it('weights several outputs by their seeds', () => {
    expect(values([x, y], vjp([b.mul(x, y), x], [x], [b.splat(2, [3], 'f64'), y]), data)).toEqual([[3, 9, -6]]);
  });

  it('takes third derivatives', () => {
    const cube = b.sum(b.mul(b.mul(x, x), x));
    const first = differentiate(cube, [x]), second = differentiate(b.sum(at(first, 0)), [x]), third = differentiate(b.sum(at(second, 0)), [x]);
    expect(values([x, y], third, data)).toEqual([[6, 6, 6]]);
  });

  it('refuses what has no gradient', () => {
    expect(() => differentiate(x, [x])).toThrow(/must be a scalar, got f64\[3\]; take its sum/);
    expect(() => differentiate(b.sum(b.cast(x, 'i32')), [x])).toThrow(/cannot differentiate a result of i32/);
    expect(() => differentiate(b.sum(x), [b.cast(x, 'i32')])).toThrow(/with respect to a tensor of i32/);
    expect(() => vjp([x], [x], [b.splat(1, [2], 'f64')])).toThrow(/seed f64\[2\] must have the type f64\[3\]/);
  });

  it('checks what the rule of a call returns', () => {
    const a = b.input(0, 'a', F(3)), body = makeGraph('twice', [a], [b.add(a, a)]);
    const out = b.sum(at(b.call([x], body, 'twice', () => [b.splat(1, [2], 'f64')]), 0));
    expect(() => differentiate(out, [x])).toThrow(/gradient of call twice: operand 0 is f64\[3\], but its gradient is f64\[2\]/);
  });

  it('does not see a path between operands outside of a call or loop', () => {
    // the second operand is made of the first: d/dx of x * x² must be 3 x², each path once
    const a = b.input(0, 'a', F(3)), c = b.input(1, 'c', F(3)), body = makeGraph('product', [a, c], [b.mul(a, c)]);
    const out = b.sum(at(b.call([x, b.mul(x, x)], body, 'product'), 0));
    expect(values([x, y], differentiate(out, [x]), data)).toEqual([[0.75, 3, 12]]);
  });
});

describe('ties', () => {
  const F = (...shape: number[]) => ({ shape, dtype: 'f32' as const });
  const gradientsOf = (make: (x: Node) => Node, data: HostTensor): number[] => {
    const x = b.input(0, 'x', data.type);
    return at(values([x], differentiate(b.sum(make(x)), [x]), [data]), 0);
  };
  it('max and min split evenly between their operands', () => {
    expect(gradientsOf((x) => b.max(x, b.splatLike(0, x)), f32([3], [-1, 0, 2]))).toEqual([0, 0.5, 1]);
    expect(gradientsOf((x) => b.min(b.splatLike(0, x), x), f32([3], [-1, 0, 2]))).toEqual([1, 0.5, 0]);
  });
  it('reduce max shares equally', () => {
    expect(gradientsOf((x) => b.reduce('max', x, [0]), f32([4], [1, 3, 3, 2]))).toEqual([0, 0.5, 0.5, 0]);
  });
  it('scan max gives to the last met', () => {
    expect(gradientsOf((x) => b.scan(x, { kind: 'max', axis: 0, exclusive: false, reverse: false }), f32([5], [1, 3, 3, 2, 4]))).toEqual([1, 1, 2, 0, 1]);
    expect(gradientsOf((x) => b.scan(x, { kind: 'max', axis: 0, exclusive: false, reverse: true }), f32([5], [1, 3, 3, 2, 1]))).toEqual([0, 2, 1, 1, 1]);
  });
  it('windows give to the first in row-major order', () => {
    const pool = { kind: 'max', window: [2, 2], strides: [2, 2], padding: [[0, 0], [0, 0]], dilation: [1, 1] } as const;
    expect(gradientsOf((x) => b.windowReduce(x, pool), f32([2, 4], [1, 7, 5, 5, 7, 7, 5, 5]))).toEqual([0, 1, 1, 0, 0, 0, 0, 0]);
  });
  it('scatter set: only the last write counts; max shares', () => {
    const u = b.input(0, 'u', F(3)), scattered = (kind: 'set' | 'max'): Node => b.sum(b.scatter(kind, b.splat(5, [2], 'f32'), b.constant(Int32Array.of(1, 1, 7), [3], 'i32'), u, 0));
    expect(values([u], differentiate(scattered('set'), [u]), [f32([3], [9, 9, 9])])).toEqual([[0, 1, 0]]);
    expect(values([u], differentiate(scattered('max'), [u]), [f32([3], [9, 9, 9])])).toEqual([[0.5, 0.5, 0]]);
  });
  it('pow at zero and below', () => {
    const x = b.input(0, 'x', F(3)), p = b.input(1, 'p', F(3));
    expect(values([x, p], differentiate(b.sum(b.pow(x, p)), [x, p]), [f32([3], [0, -2, 0]), f32([3], [2, 3, 0])])).toEqual([[0, 12, 0], [0, 0, 0]]);
  });
});

describe('composites', () => {
  const check = (name: string, shapes: readonly (readonly number[])[], make: (...inputs: readonly Node[]) => Node): void => {
    it(name, () => {
      const inputs = shapes.map((shape, i) => b.input(i, `x${i}`, { shape, dtype: 'f64' })), graph = makeGraph(name, inputs, [make(...inputs)]);
      const data = shapes.map((shape, i) => doubleTensor(uniform(shape, 40 + i)));
      for (const order of [1, 2] as const) {
        const found = checkGradient(graph, data, { order, limit: 20 });
        expect(found.error, `order ${order}: ${found.worst}`).toBeLessThan(order === 1 ? 1e-8 : 1e-6);
      }
    });
  };
  const softmax = (x: Node): Node => {
    const shifted = b.exp(b.sub(x, b.broadcastTo(b.stopGradient(b.reduceKeep('max', x, [1])), x.type.shape)));
    return b.div(shifted, b.broadcastTo(b.reduceKeep('sum', shifted, [1]), x.type.shape));
  };
  check('softmax cross-entropy of a dense layer', [[4, 3], [3, 5], [5]], (x, w, bias) => {
    const logits = b.add(b.matmul2d(x as Node, w as Node), b.broadcastTo(bias as Node, [4, 5]));
    const picked = b.gather(softmax(logits), b.constant(Int32Array.of(0, 3, 4, 1), [4], 'i32'), 1, 1);
    return b.neg(b.sum(b.log(picked)));
  });
  check('convolution, pooling, tanh', [[1, 6, 6, 2], [3, 3, 2, 3]], (x, kernel) => {
    const conv = b.conv(x as Node, kernel as Node, { strides: [1, 1], padding: [[1, 1], [1, 1]], kernelDilation: [1, 1], inputDilation: [1, 1], groups: 1 });
    return b.windowReduce(b.tanh(conv), { kind: 'max', window: [1, 2, 2, 1], strides: [1, 2, 2, 1], padding: [[0, 0], [0, 0], [0, 0], [0, 0]], dilation: [1, 1, 1, 1] });
  });
  check('attention', [[2, 3, 4], [2, 5, 4]], (q, k) => {
    const scores = b.dot(q as Node, k as Node, { batchA: [0], batchB: [0], contractA: [2], contractB: [2] });
    return b.dot(b.reshape(softmax(b.reshape(scores, [6, 5])), [2, 3, 5]), k as Node, { batchA: [0], batchB: [0], contractA: [2], contractB: [1] });
  });
  check('recurrent network with a matrix', [[3], [4, 3], [3, 3]], (h, xs, w) => {
    const types = [{ shape: [3], dtype: 'f64' }, { shape: [3], dtype: 'f64' }, { shape: [3, 3], dtype: 'f64' }] as const;
    const [c, x, u] = types.map((type, i) => b.input(i, `b${i}`, type)) as [Node<'input'>, Node<'input'>, Node<'input'>];
    const next = b.tanh(b.add(x, b.dot(c, u, { batchA: [], batchB: [], contractA: [0], contractB: [0] })));
    return at(b.loop([h as Node, xs as Node, w as Node], { body: makeGraph('rnn', [c, x, u], [next, b.mul(next, next)]), trip: 4, carries: 1, stacked: 1, reverse: false }), 1);
  });
});

describe('random graphs', () => {
  // Inputs are moved off their grid by different small amounts, so that no two values tie by accident and every corner is passed at a distance.
  const shaken = ({ type, data }: HostTensor, n: number): HostTensor => {
    const noise = uniform(type.shape, 900 + n, -0.05, 0.05).data;
    return type.dtype === 'f64' ? { type, data: data.map((v, i) => v + (noise[i] as number)) } : { type, data };
  };
  // Differences do not stop where gradients are told to.
  const graphs = Array.from({ length: 100 }, (_, seed) => randomGraph(5000 + seed, 14)).filter(({ graph }) => nodesOf(graph).every((node) => node.op !== 'stopGradient'));
  it.each(graphs.map((made) => [made.seed, made] as const))('seed %i', (_seed, { graph, inputs }) => {
    const found = checkGradient(doubleGraph(graph), double(inputs).map(shaken), { limit: 6, step: 1e-6 });
    expect(found.error, found.worst).toBeLessThan(1e-5);
  });
});
