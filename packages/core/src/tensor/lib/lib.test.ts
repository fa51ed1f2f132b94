/**
 * The operation library against plain JavaScript or worked numbers; every case runs eagerly and compiled.
 */
import { describe, expect, it } from 'vitest';
import { expectClose } from '../../base/testing/golden.ts';
import { DTypeError, ShapeError, ValueError } from '../../base/errors.ts';
import * as ops from '../ops/index.ts';
import { tensor, type Nested, type NestedInput, type Tensor } from '../tensor.ts';
import { jit } from '../trace.ts';

const i32 = (x: NestedInput): Tensor<'i32'> => tensor(x, undefined, 'i32'), u8 = (x: NestedInput): Tensor<'u8'> => tensor(x, undefined, 'u8'), bool = (x: NestedInput): Tensor<'bool'> => tensor(x, undefined, 'bool');
const a = tensor([[1, 2, 3], [4, 5, 6]]), v = tensor([-2.5, -0.5, 0, 0.5, 1.5]);
type Run = (...xs: Tensor[]) => Tensor;
type Case = readonly [name: string, run: Run, inputs: Tensor[], expected: Nested, dtype?: string];

const CASES: readonly Case[] = [
  ['add broadcasts', (x, y) => ops.add(x, y), [a, tensor([10, 20, 30])], [[11, 22, 33], [14, 25, 36]]],
  ['scalar adopts the dtype', (x) => ops.add(x, 1), [i32([1, 2])], [2, 3], 'i32'],
  ['mixed dtypes promote', (x, y) => ops.add(x, y), [u8([250]), i32([10])], [260], 'i32'],
  ['bool arithmetic counts', (x, y) => ops.add(x, y), [bool([true]), bool([true])], [2], 'i32'],
  ['subtract from a number', (x) => ops.subtract(1, x), [tensor([3])], [-2]],
  ['divide makes integers real', (x, y) => ops.divide(x, y), [i32([7]), i32([2])], [3.5], 'f32'],
  ['floorDivide rounds down', (x) => ops.floorDivide(x, 2), [i32([7, -7, 8, -8])], [3, -4, 4, -4], 'i32'],
  ['floorDivide by zero is 0', (x) => ops.floorDivide(x, 0), [i32([7, -7])], [0, 0], 'i32'],
  ['mod takes the divisor\'s sign', (x) => ops.mod(x, 3), [i32([7, -7])], [1, 2], 'i32'],
  ['mod of floats', (x) => ops.mod(x, -3), [tensor([7, -7, 6])], [-2, -1, 0]],
  ['fmod takes the dividend\'s sign', (x) => ops.fmod(x, 3), [i32([7, -7])], [1, -1], 'i32'],
  ['power of integers', (x) => ops.power(x, 5), [i32([2, -3])], [32, -243], 'i32'],
  ['power by a tensor', (x, y) => ops.power(x, y), [tensor([4, 9]), tensor([0.5, -0.5])], [2, 1 / 3]],
  ['maximum', (x) => ops.maximum(x, 0), [v], [0, 0, 0, 0.5, 1.5]],
  ['clip', (x) => ops.clip(x, -1, 1), [v], [-1, -0.5, 0, 0.5, 1]],
  ['abs', ops.abs, [v], [2.5, 0.5, 0, 0.5, 1.5]],
  ['sign', ops.sign, [v], [-1, -1, 0, 1, 1]],
  ['sign of u8', ops.sign, [u8([0, 3])], [0, 1], 'u8'],
  ['round to even', ops.round, [v], [-2, 0, 0, 0, 2]],
  ['ceil', ops.ceil, [v], [-2, 0, 0, 1, 2]],
  ['trunc', ops.trunc, [v], [-2, 0, 0, 0, 1]],
  ['square of bool', ops.square, [bool([true])], [1], 'i32'],
  ['rsqrt', ops.rsqrt, [tensor([4, 16])], [0.5, 0.25]],
  ['sinh near 0', ops.sinh, [tensor([1e-4, 1])], [1e-4, Math.sinh(1)]],
  ['cosh', ops.cosh, [tensor([0, 1])], [1, Math.cosh(1)]],
  ['tan', ops.tan, [tensor([1])], [Math.tan(1)]],
  ['log2, log10', (x) => ops.stack([ops.log2(x), ops.log10(x)]), [tensor([8, 1000])], [[3, Math.log2(1000)], [Math.log10(8), 3]]],
  ['sigmoid of both tails', ops.sigmoid, [tensor([-80, 0, 80])], [Math.exp(-80), 0.5, 1]],
  ['softplus of both tails', ops.softplus, [tensor([-80, 0, 80])], [Math.exp(-80), Math.LN2, 80]],
  ['isNaN, isFinite, isInf', (x) => ops.stack([ops.isNaN(x), ops.isFinite(x), ops.isInf(x)]), [tensor([NaN, -Infinity, 1])], [[1, 0, 0], [0, 0, 1], [0, 1, 0]], 'bool'],
  ['compare', (x) => ops.stack([ops.less(x, 0), ops.lessEqual(x, 0), ops.greater(x, 0), ops.greaterEqual(x, 0), ops.equal(x, 0), ops.notEqual(x, 0)]), [tensor([-1, 0, 1])],
    [[1, 0, 0], [1, 1, 0], [0, 0, 1], [0, 1, 1], [0, 1, 0], [1, 0, 1]], 'bool'],
  ['logic', (x, y) => ops.stack([ops.logicalAnd(x, y), ops.logicalOr(x, y), ops.logicalXor(x, y), ops.logicalNot(x)]), [i32([0, 0, 2, 2]), i32([0, 1, 0, 1])],
    [[0, 0, 0, 1], [0, 1, 1, 1], [0, 1, 1, 0], [1, 1, 0, 0]], 'bool'],
  ['bits', (x) => ops.stack([ops.bitwiseAnd(x, 6), ops.bitwiseOr(x, 1), ops.bitwiseXor(x, 7), ops.leftShift(x, 2), ops.rightShift(x, 1)]), [i32([12, -4])], [[4, 4], [13, -3], [11, -5], [48, -16], [6, -2]], 'i32'],
  ['where broadcasts', (x) => ops.where(ops.greater(x, 2), x, 0), [a], [[0, 0, 3], [4, 5, 6]]],
  // reductions
  ['sum', (x) => ops.sum(x), [a], 21], ['sum by axis', (x) => ops.sum(x, 0), [a], [5, 7, 9]], ['sum keeping dims', (x) => ops.sum(x, -1, true), [a], [[6], [15]]],
  ['sum of bytes', (x) => ops.sum(x), [u8([255, 255])], 510, 'i32'], ['sum of nothing', (x) => ops.sum(x, 0), [tensor(new Float32Array(0), [0, 2])], [0, 0]],
  ['prod', (x) => ops.prod(x, 1), [a], [6, 120]], ['max, min', (x) => ops.stack([ops.max(x, 0), ops.min(x, 0)]), [a], [[4, 5, 6], [1, 2, 3]]],
  ['mean of integers', (x) => ops.mean(x), [i32([1, 2])], 1.5, 'f32'], ['variance', (x) => ops.variance(x, 1), [a], [2 / 3, 2 / 3]], ['std', (x) => ops.std(x), [a], Math.sqrt(35 / 12)],
  ['any, all', (x) => ops.stack([ops.any(x, 1), ops.all(x, 1)]), [i32([[0, 1], [1, 1], [0, 0]])], [[1, 1, 0], [0, 1, 0]], 'bool'],
  ['countNonZero', (x) => ops.countNonZero(x), [v], 4, 'i32'],
  ['argMax', (x) => ops.argMax(x, 1), [tensor([[1, 3, 3], [5, 2, 1]])], [1, 0], 'i32'], ['argMin of all', (x) => ops.argMin(x), [tensor([[4, 3], [1, 2]])], 2, 'i32'],
  ['argMax keeping dims', (x) => ops.argMax(x, 0, true), [a], [[1, 1, 1]], 'i32'],
  ['cumsum', (x) => ops.cumsum(x, 1), [a], [[1, 3, 6], [4, 9, 15]]], ['cumsum exclusive reverse', (x) => ops.cumsum(x, 0, { exclusive: true, reverse: true }), [a], [[4, 5, 6], [0, 0, 0]]],
  ['cumprod', (x) => ops.cumprod(x, 1), [a], [[1, 2, 6], [4, 20, 120]]],
  ['logSumExp is stable', (x) => ops.logSumExp(x, 1), [tensor([[1000, 1000], [-1000, -1000]])], [1000 + Math.LN2, -1000 + Math.LN2]],
  ['logSumExp of -∞ only', (x) => ops.logSumExp(x), [tensor([-Infinity, -Infinity])], -Infinity],
  ['softmax is stable', (x) => ops.softmax(x), [tensor([[1000, 1000], [0, 1000]])], [[0.5, 0.5], [0, 1]]],
  ['softmax of the first axis', (x) => ops.softmax(x, 0), [tensor([[0], [Math.log(3)]])], [[0.25], [0.75]]],
  ['logSoftmax is stable', (x) => ops.logSoftmax(x), [tensor([0, 1000])], [-1000, 0]],
  // shape
  ['reshape with -1', (x) => ops.reshape(x, [3, -1]), [a], [[1, 2], [3, 4], [5, 6]]], ['transpose', (x) => ops.transpose(x), [a], [[1, 4], [2, 5], [3, 6]]],
  ['swapAxes, moveAxis', (x) => ops.moveAxis(ops.swapAxes(ops.reshape(x, [1, 2, 3]), 0, 2), 0, 1), [a], [[[1], [2], [3]], [[4], [5], [6]]]],
  ['expandDims, squeeze', (x) => ops.squeeze(ops.expandDims(ops.expandDims(x, 0), -1), [0, -1]), [v], [-2.5, -0.5, 0, 0.5, 1.5]],
  ['concat', (x) => ops.concat([x, x], 1), [tensor([[1], [2]])], [[1, 1], [2, 2]]], ['stack last', (x) => ops.stack([x, x], -1), [tensor([1, 2])], [[1, 1], [2, 2]]],
  ['split', (x) => ops.add(...(ops.split(x, [1], 1).map((p) => ops.sum(p)) as [Tensor, Tensor])), [a], 21], ['unstack', (x) => ops.unstack(x, 1)[2] as Tensor, [a], [3, 6]],
  ['slice', (x) => ops.slice(x, 1, [0, 2]), [a], [4, 5]], ['slice backward', (x) => ops.slice(x, null, [null, null, -2]), [a], [[3, 1], [6, 4]]], ['slice from the end', (x) => ops.slice(x, [-1], [-2]), [a], [[5, 6]]],
  ['slice of nothing', (x) => ops.sum(ops.slice(x, [2, 1])), [a], 0],
  ['pad', (x) => ops.pad(x, [[0, 1], [1, 0]], 'constant', 9), [tensor([[1, 2]])], [[9, 1, 2], [9, 9, 9]]],
  ['pad reflect', (x) => ops.pad(x, [2, 1], 'reflect'), [tensor([1, 2, 3])], [3, 2, 1, 2, 3, 2]], ['pad symmetric', (x) => ops.pad(x, 2, 'symmetric'), [tensor([1, 2, 3])], [2, 1, 1, 2, 3, 3, 2]], ['pad edge', (x) => ops.pad(x, 1, 'edge'), [tensor([1, 2])], [1, 1, 2, 2]],
  ['tile', (x) => ops.tile(x, [2, 2]), [tensor([1, 2])], [[1, 2, 1, 2], [1, 2, 1, 2]]], ['repeat', (x) => ops.repeat(x, 2, 0), [tensor([1, 2])], [1, 1, 2, 2]],
  ['flip', (x) => ops.flip(x, 1), [a], [[3, 2, 1], [6, 5, 4]]], ['roll', (x) => ops.roll(x, 1, 1), [a], [[3, 1, 2], [6, 4, 5]]], ['roll back', (x) => ops.roll(x, -4, 1), [a], [[2, 3, 1], [5, 6, 4]]],
  ['broadcastTo', (x) => ops.broadcastTo(x, [2, 2]), [tensor([1, 2])], [[1, 2], [1, 2]]],
  ['tril', (x) => ops.tril(x), [a], [[1, 0, 0], [4, 5, 0]]], ['triu 1', (x) => ops.triu(x, 1), [a], [[0, 2, 3], [0, 0, 6]]], ['diagonal', (x) => ops.diagonal(x), [a], [1, 5]],
  // contraction
  ['matmul', (x) => ops.matmul(x, ops.transpose(x)), [a], [[14, 32], [32, 77]]], ['matmul with vectors', (x, y) => ops.matmul(x, y), [a, tensor([1, 0, -1])], [-2, -2]], ['vector times matrix', (x, y) => ops.matmul(y, x), [a, tensor([1, -1])], [-3, -3, -3]],
  ['matmul broadcasts batches', (x, y) => ops.matmul(x, y), [tensor([[[1, 2]], [[3, 4]]]), tensor([[[[1], [1]]], [[[2], [0]]]])], [[[[3]], [[7]]], [[[2]], [[6]]]]],
  ['matmul of a batch with a matrix', (x, y) => ops.matmul(x, y), [tensor([[[1, 2]], [[3, 4]]]), tensor([[1], [1]])], [[[3]], [[7]]]],
  ['matmul of integers', (x) => ops.matmul(x, x), [i32([[1, 1], [0, 1]])], [[1, 2], [0, 1]], 'f32'],
  ['tensordot', (x) => ops.tensordot(x, x, [[0, 1], [0, 1]]), [a], 91], ['dot', (x) => ops.dot(x, x), [v], 9], ['outer', (x) => ops.outer(x, x), [tensor([1, 2])], [[1, 2], [2, 4]]],
  ['einsum product', (x) => ops.einsum('ij,kj->ik', x, x), [a], [[14, 32], [32, 77]]], ['einsum implicit', (x) => ops.einsum('ij,jk', x, ops.transpose(x)), [a], [[14, 32], [32, 77]]],
  ['einsum ellipsis', (x) => ops.einsum('...j,jk->k...', x, ops.transpose(x)), [a], [[14, 32], [32, 77]]], ['einsum ellipsis broadcast', (x, y) => ops.einsum('...i,...i', x, y), [a, tensor([[1, 0, 0]])], [1, 4]],
  ['einsum ellipsis in the middle', (x) => ops.einsum('i...j->j...i', x), [tensor([[[1, 2]], [[3, 4]]])], [[[1, 3]], [[2, 4]]]],
  ['einsum batched, transposed', (x) => ops.einsum('bi,bj->jib', x, x), [tensor([[1, 2]])], [[[1], [2]], [[2], [4]]]], ['einsum of three', (x, y) => ops.einsum('ij,j,i->', x, y, y.slice([0, 2])), [a, tensor([1, 2, 3])], 14 + 64],
  ['einsum sums', (x) => ops.einsum('ij->j', x), [a], [5, 7, 9]],
  ['conv', (x, k) => ops.conv(x, k), [tensor([[[1], [2], [3], [4]]]), tensor([[[1]], [[-1]]])], [[[-1], [-1], [-1]]]],
  ['conv same with strides', (x, k) => ops.conv(x, k, { strides: 2, padding: 'same' }), [tensor([[[1], [2], [3], [4], [5]]]), tensor([[[1]], [[1]], [[1]]])], [[[3], [9], [9]]]],
  ['maxPool', (x) => ops.maxPool(x, 2), [tensor([[[1], [3], [2], [4]]])], [[[3], [4]]]], ['averagePool same', (x) => ops.averagePool(x, 2, { padding: 'same' }), [tensor([[[1], [3], [5]]])], [[[2], [5]]]],
  // indexing
  ['take rows', (x) => ops.take(x, i32([1, 0, 1]), 0), [a], [[4, 5, 6], [1, 2, 3], [4, 5, 6]]], ['take flat', (x) => ops.take(x, i32([5, 0])), [a], [6, 1]], ['take clamps', (x) => ops.take(x, i32([9, -1])), [a], [6, 1]],
  ['takeAlongAxis', (x) => ops.takeAlongAxis(x, i32([[2], [0]]), 1), [a], [[3], [4]]], ['takeAlongAxis first axis, broadcast', (x) => ops.takeAlongAxis(x, i32([[1, 0, 1]]), 0), [a], [[4, 2, 6]]],
  ['scatterAdd', (x) => ops.scatterAdd(x, i32([1, 1, 7]), tensor([[1, 1], [2, 2], [9, 9]])), [tensor([[0, 0], [10, 10]])], [[0, 0], [13, 13]]],
  ['scatterUpdate', (x) => ops.scatterUpdate(x, i32([2]), tensor([7])), [tensor([1, 2, 3])], [1, 2, 7]],
  ['oneHot', (x) => ops.oneHot(x, 3), [i32([2, 0, 5])], [[0, 0, 1], [1, 0, 0], [0, 0, 0]], 'f32'], ['oneHot first axis', (x) => ops.oneHot(x, 2, 0, 'i32'), [i32([1, 0])], [[0, 1], [1, 0]], 'i32'],
  ['sort', (x) => ops.sort(x), [tensor([[3, 1, 2], [9, 8, 7]])], [[1, 2, 3], [7, 8, 9]]], ['argsort descending', (x) => ops.argsort(x, -1, true), [tensor([3, 1, 2])], [0, 2, 1], 'i32'],
  ['topK', (x) => ops.topK(x, 2).values, [tensor([[3, 1, 2]])], [[3, 2]]], ['topK indices', (x) => ops.topK(x, 2).indices, [tensor([[3, 1, 3]])], [[0, 2]], 'i32'],
  ['inTopK', (x) => ops.inTopK(i32([0, 2, 1]), x, 2), [tensor([[3, 1, 2], [3, 1, 2], [3, 1, 2]])], [1, 1, 0], 'bool'],
  ['cast saturates', (x) => ops.cast(x, 'u8'), [tensor([-5, 3.9, 300])], [0, 3, 255], 'u8'],
];

describe.each(['eager', 'compiled'])('%s', (mode) => {
  for (const [name, run, inputs, expected, dtype] of CASES) it(name, () => {
    const result = mode === 'eager' ? run(...inputs) : jit(run)(...inputs);
    const flat = (x: Nested): number[] => (Array.isArray(x) ? x.flatMap(flat) : [x]), dims = (x: Nested): number[] => (Array.isArray(x) ? [x.length, ...(x.length > 0 ? dims(x[0] as Nested) : [])] : []);
    expect(result.shape).toEqual(dims(expected));
    expectClose(result.dataSync(), flat(expected), { relative: 3e-6, absolute: 1e-37 });
    if (dtype !== undefined) expect(result.dtype).toBe(dtype);
  });
});

describe('errors name the operation, the shapes and the fix', () => {
  const bad: readonly (readonly [string, () => unknown, new (m: string) => Error, RegExp])[] = [
    ['add', () => ops.add(a, tensor([1, 2])), ShapeError, /add: shapes \[2, 3\] and \[2\] do not broadcast/],
    ['i32 with u32', () => ops.add(i32([1]), tensor([1], undefined, 'u32')), DTypeError, /i32 and u32 have no common dtype; cast/],
    ['0.5 to integers', () => ops.multiply(i32([1]), 0.5), DTypeError, /0.5 cannot be held by i32; cast the tensor first/],
    ['matmul', () => ops.matmul(a, a), ShapeError, /matmul: \[2, 3\] and \[2, 3\]: the last axis of the first \(3\) must equal/],
    ['reshape', () => ops.reshape(a, [4]), ShapeError, /\[2, 3\] has 6 elements, which do not fill \[4\]/],
    ['two holes', () => ops.reshape(a, [-1, -1]), ShapeError, /more than one -1/],
    ['axis', () => ops.sum(a, 2), ShapeError, /axis 2 is outside a tensor of rank 2/],
    ['concat', () => ops.concat([a, tensor([[1]])], 0), ShapeError, /differ outside axis 0/],
    ['squeeze', () => ops.squeeze(a, 0), ShapeError, /axis 0 of \[2, 3\] has extent 2/],
    ['slice', () => ops.slice(a, 5), ShapeError, /index 5 is outside axis 0/],
    ['transpose', () => ops.transpose(a, [0, 0]), ShapeError, /does not name each/],
    ['topK', () => ops.topK(a, 4), ValueError, /k = 4 must be 1..3/],
    ['float indices', () => ops.take(a, tensor([0]), 0), DTypeError, /indices are f32; they must be integers/],
    ['einsum', () => ops.einsum('ij,jk->ik', a, a), ShapeError, /axis 'j' is 3 and 2/], ['einsum ellipsis left out', () => ops.einsum('...j->j', a), ValueError, /needs the ellipsis, too/], ['einsum too many letters', () => ops.einsum('...ijk->...', a), ShapeError, /names 3 axes/],
    ['argMax of nothing', () => ops.argMax(tensor(new Float32Array(0), [0])), ShapeError, /is empty/],
    ['pad', () => ops.pad(tensor([1, 2]), 2, 'reflect'), ShapeError, /more than axis 0 of extent 2 offers \(1\)/],
    ['split', () => ops.split(a, 2, 1), ShapeError, /does not divide into 2 equal parts/],
  ];
  it.each(bad)('%s', (_name, run, kind, message) => {
    expect(run).toThrow(kind);
    expect(run).toThrow(message);
  });
});
