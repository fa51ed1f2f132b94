/**
 * Gradients of the composite operations against central differences in f64; second derivatives too, as differences of first ones.
 */
import { describe, expect, it } from 'vitest';
import { hostRandom } from '../host-random.ts';
import * as ops from '../ops/index.ts';
import { tensor, type Tensor } from '../tensor.ts';
import { grad } from '../trace.ts';

const random = hostRandom([1, 2]);
const draw = (shape: number[]): Tensor => tensor(Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.normal()), shape);
const index = (x: number[] | number[][]): Tensor<'i32'> => tensor(x, undefined, 'i32');
const a = draw([3, 4]), b = draw([4, 2]), k = draw([2, 2, 3]), row = draw([4]), heads = draw([2, 3, 4, 3]), groups = draw([2, 3, 2, 3]);

type F = (x: Tensor) => Tensor;
const CASES: readonly (readonly [string, F, Tensor])[] = [
  ['add broadcast', (x) => ops.add(x, a), row], ['multiply', (x) => ops.multiply(x, a), a], ['divide', (x) => ops.divide(1, ops.add(ops.square(x), 1)), a], ['mod', (x) => ops.mod(x, 0.7), a],
  ['power', (x) => ops.power(ops.add(ops.square(x), 1), 2.5), a], ['power of the exponent', (x) => ops.power(2, x), a], ['maximum', (x) => ops.maximum(x, 0.1), a], ['clip', (x) => ops.clip(x, -0.5, 0.5), a],
  ['abs', ops.abs, a], ['exp', ops.exp, a], ['log', (x) => ops.log(ops.add(ops.square(x), 1)), a], ['log1p, log2, log10', (x) => ops.add(ops.log1p(ops.square(x)), ops.add(ops.log2(ops.add(ops.square(x), 1)), ops.log10(ops.add(ops.square(x), 2)))), a],
  ['expm1', ops.expm1, a], ['sin, cos, tan', (x) => ops.add(ops.sin(x), ops.add(ops.cos(x), ops.tan(ops.multiply(x, 0.3)))), a], ['sinh, cosh', (x) => ops.add(ops.sinh(x), ops.cosh(x)), a],
  ['tanh, erf', (x) => ops.add(ops.tanh(x), ops.erf(x)), a], ['sqrt, rsqrt, reciprocal', (x) => { const y = ops.add(ops.square(x), 0.5); return ops.add(ops.sqrt(y), ops.add(ops.rsqrt(y), ops.reciprocal(y))); }, a],
  ['sigmoid', ops.sigmoid, a], ['softplus', ops.softplus, a], ['logSigmoid', ops.logSigmoid, a], ['relu', ops.relu, a], ['where', (x) => ops.where(ops.greater(x, 0), ops.square(x), ops.multiply(x, 3)), a],
  ['sum', (x) => ops.square(ops.sum(x, 0)), a], ['prod', (x) => ops.prod(x, 1), a], ['max', (x) => ops.square(ops.max(x, 1)), a], ['min', (x) => ops.square(ops.min(x)), a], ['mean', (x) => ops.square(ops.mean(x, 0, true)), a],
  ['variance', (x) => ops.variance(x, 1), a], ['std', (x) => ops.std(x), a], ['logSumExp', (x) => ops.logSumExp(x, 0), a], ['softmax', (x) => ops.softmax(x, 0), a], ['logSoftmax', (x) => ops.logSoftmax(x), a],
  ['cumsum', (x) => ops.square(ops.cumsum(x, 0, { exclusive: true })), a], ['cumprod', (x) => ops.cumprod(x, 1), a], ['cummax', (x) => ops.square(ops.cummax(x, 1)), a],
  ['reshape, transpose', (x) => ops.multiply(ops.transpose(ops.reshape(x, [2, -1])), ops.reshape(a, [6, 2])), a], ['concat, stack', (x) => ops.square(ops.concat([ops.stack([x, x], 1), ops.expandDims(a, 1)], 1)), a],
  ['split', (x) => { const [l, r] = ops.split(x, 2, 1); return ops.multiply(l as Tensor, r as Tensor); }, a], ['slice', (x) => ops.square(ops.slice(x, [null, null, -2], 1)), a],
  ['pad', (x) => ops.square(ops.pad(x, [[1, 0], [0, 2]], 'constant', 2)), a], ['pad reflect', (x) => ops.square(ops.pad(x, [1, 2], 'reflect')), a], ['tile, repeat', (x) => ops.square(ops.add(ops.tile(x, [2, 1]), ops.repeat(x, 2, 0))), a],
  ['flip, roll', (x) => ops.multiply(ops.flip(x, 1), ops.roll(x, 1, 0)), a], ['tril, triu', (x) => ops.add(ops.square(ops.tril(x)), ops.power(ops.triu(x, 1), 3)), a], ['diagonal', (x) => ops.square(ops.diagonal(x)), a],
  ['matmul', (x) => ops.matmul(x, b), a], ['matmul of itself', (x) => ops.matmul(x, ops.transpose(x)), a], ['matmul batched, broadcast', (x) => ops.matmul(ops.expandDims(x, 0), ops.stack([b, ops.multiply(b, 2)])), a],
  ['tensordot', (x) => ops.tensordot(x, x, [[0], [0]]), a], ['einsum', (x) => ops.einsum('ij,ik,j->ki', x, a, row), a], ['einsum with an ellipsis', (x) => ops.einsum('...j,kj->...k', ops.stack([x, ops.multiply(x, x)]), ops.transpose(b)), a], ['einsum broadcast', (x) => ops.einsum('...i,...i->...', x, ops.reshape(ops.square(x), [3, 1, 4])), a],
  ['outer', (x) => ops.outer(x, x), row],
  ['conv', (x) => ops.conv(x, k, { padding: 'same', strides: 2 }), draw([2, 5, 2])], ['conv of the kernel', (x) => ops.square(ops.conv(draw5, x, { dilation: 2 })), k],
  ['maxPool', (x) => ops.square(ops.maxPool(x, 2, { strides: 1 })), draw([1, 5, 2])], ['averagePool', (x) => ops.square(ops.averagePool(x, 2, { padding: 'same' })), draw([1, 5, 2])],
  ['layerNormalization', (x) => ops.square(ops.layerNormalization(x, row, row, -1, 0.1)), a], ['layerNormalization of gamma', (x) => ops.square(ops.layerNormalization(a, x)), row],
  ['layerNormalization of two axes', (x) => ops.square(ops.layerNormalization(x, a, null, [0, 1])), a], ['rmsNormalization', (x) => ops.square(ops.rmsNormalization(x, row)), a],
  ['attention of the query', (x) => ops.dotProductAttention(x, groups, groups, { isCausal: true }), heads], ['attention of the key', (x) => ops.dotProductAttention(heads, x, groups, { bias: ops.sum(x) }), groups],
  ['attention of all', (x) => ops.dotProductAttention(x, ops.square(x), x, { isCausal: true, mask: ops.greater(ops.slice(heads, null, null, [0, 1], [0, 3]).transpose([0, 2, 1, 3]), -1) }), heads],
  ['take', (x) => ops.square(ops.take(x, index([2, 0, 2]), 0)), a], ['takeAlongAxis', (x) => ops.square(ops.takeAlongAxis(x, index([[1, 1], [0, 3], [2, 2]]), 1)), a],
  ['scatterAdd', (x) => ops.square(ops.scatterAdd(x, index([1, 1]), ops.slice(x, [0, 2]))), a], ['sort', (x) => ops.multiply(ops.sort(x), a), a], ['topK', (x) => ops.square(ops.topK(x, 2).values), a],
];
const draw5 = draw([1, 5, 2]);

/** The operation's results weighted by fixed random numbers and summed. */
function weighted(f: F): F {
  let weight: Tensor | null = null;
  return (x) => { const y = f(x); weight ??= draw([...y.shape]); return ops.sum(ops.multiply(y, weight)); };
}
function differences(f: (x: Tensor) => number, x: Tensor): number[] {
  const data = Float64Array.from(x.dataSync()), h = 1e-5, out: number[] = [];
  for (let i = 0; i < data.length; i++) {
    const own = data[i] as number, at = (v: number): number => { const moved = data.slice(); moved[i] = v; return f(tensor(moved, x.shape)); };
    out.push((at(own + h) - at(own - h)) / (2 * h));
  }
  return out;
}

describe('gradients of composites', () => {
  it.each(CASES.map(([name, f, x]) => ({ name, f, x })))('$name', ({ f, x }) => {
    const loss = weighted(f), first = grad(loss), direction = draw([...x.shape]);
    const close = (actual: ArrayLike<number>, expected: number[]): void => {
      expected.forEach((e, i) => { expect(Math.abs((actual[i] ?? NaN) - e)).toBeLessThan(1e-6 * Math.max(1, Math.abs(e)) * 5); });
    };
    const own = first(x);
    expect(own.dtype).toBe('f64');
    close(own.dataSync(), differences((t) => loss(t).item(), x));
    const along = (t: Tensor): Tensor => ops.sum(ops.multiply(first(t), direction));
    close(grad(along)(x).dataSync(), differences((t) => along(t).item(), x));
  });
});
