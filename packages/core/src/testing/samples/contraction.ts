/** Samples of dot, conv and windowReduce. Data are multiples of 1/8, so f32 sums are exact in any order. */
import type { HostTensor, Sample } from '../../ir/primitive.ts';
import type { OpAttrs, ReduceKind } from '../../ir/types.ts';
import { distinct, eighths, f32, uniform, whole } from '../data.ts';

const dotOf = (name: string, a: readonly number[], b: readonly number[], attrs: OpAttrs['dot']): Sample<'dot'> =>
  ({ name, inputs: [eighths(a, 1), eighths(b, 2)], attrs, differentiable: true });
const PLAIN: OpAttrs['dot'] = { batchA: [], batchB: [], contractA: [1], contractB: [0] };

const convOf = (name: string, x: readonly number[], kernel: readonly number[], attrs: Partial<OpAttrs['conv']> = {}): Sample<'conv'> => {
  const ones = x.slice(2).map(() => 1);
  return {
    name, inputs: [eighths(x, 3), eighths(kernel, 4)], differentiable: true,
    attrs: { strides: ones, padding: ones.map((): [number, number] => [0, 0]), kernelDilation: ones, inputDilation: ones, groups: 1, ...attrs },
  };
};

const POOL: OpAttrs['windowReduce'] = { kind: 'max', window: [1, 2, 2, 1], strides: [1, 2, 2, 1], padding: [[0, 0], [0, 0], [0, 0], [0, 0]], dilation: [1, 1, 1, 1] };
const windowData = (kind: ReduceKind, shape: readonly number[]): HostTensor =>
  kind === 'sum' ? eighths(shape, 5) : kind === 'prod' ? uniform(shape, 6, 0.5, 1.5) : distinct(shape, 7);
const poolOf = (kind: ReduceKind): Sample<'windowReduce'>[] => {
  const ulp = kind === 'prod' ? 8 : 0, make = (name: string, shape: readonly number[], attrs: Partial<OpAttrs['windowReduce']>): Sample<'windowReduce'> =>
    ({ name: `${kind} ${name}`, inputs: [windowData(kind, shape)], attrs: { ...POOL, kind, ...attrs }, ulp, differentiable: true });
  return [
    make('2x2', [2, 4, 4, 3], {}),
    make('overlapping, padded', [1, 5, 4, 2], { window: [1, 3, 3, 1], strides: [1, 2, 1, 1], padding: [[0, 0], [1, 1], [1, 1], [0, 0]] }),
    make('dilated', [1, 7, 5, 1], { window: [1, 3, 2, 1], strides: [1, 1, 1, 1], dilation: [1, 2, 3, 1] }),
    make('one axis', [9], { window: [3], strides: [2], padding: [[0, 1]], dilation: [1] }),
    make('global', [2, 3, 3, 2], { window: [1, 3, 3, 1], strides: [1, 1, 1, 1] }),
  ];
};

export const contractionSamples = {
  dot: () => [
    dotOf('matrix', [3, 5], [5, 4], PLAIN),
    dotOf('vector matrix', [5], [5, 4], { batchA: [], batchB: [], contractA: [0], contractB: [0] }),
    dotOf('inner', [6], [6], { batchA: [], batchB: [], contractA: [0], contractB: [0] }),
    dotOf('outer', [3], [4], { batchA: [], batchB: [], contractA: [], contractB: [] }),
    dotOf('left transposed', [5, 3], [5, 4], { batchA: [], batchB: [], contractA: [0], contractB: [0] }),
    dotOf('right transposed', [3, 5], [4, 5], { batchA: [], batchB: [], contractA: [1], contractB: [1] }),
    dotOf('batched', [2, 3, 5], [2, 5, 4], { batchA: [0], batchB: [0], contractA: [2], contractB: [1] }),
    dotOf('attention scores', [2, 4, 3, 5], [2, 6, 3, 5], { batchA: [0, 2], batchB: [0, 2], contractA: [3], contractB: [3] }),
    dotOf('two contracted', [2, 3, 4], [4, 5, 3], { batchA: [], batchB: [], contractA: [1, 2], contractB: [2, 0] }),
    dotOf('batch in the middle', [3, 2, 5], [5, 4, 2], { batchA: [1], batchB: [2], contractA: [2], contractB: [0] }),
    dotOf('extents of one', [1, 7], [7, 1], PLAIN),
    { ...dotOf('odd sizes', [17, 33], [33, 19], PLAIN), differentiable: false },
    { ...dotOf('tiles and tails', [70, 130], [130, 67], PLAIN), differentiable: false },
    { name: 'uniform', inputs: [uniform([9, 64], 8, 0, 1), uniform([64, 21], 9, 0, 1)], attrs: PLAIN, ulp: 16 },
    { name: 'i32', inputs: [whole('i32', [3, 5], 10, -9, 9), whole('i32', [5, 4], 11, -9, 9)], attrs: PLAIN },
    { name: 'nan', inputs: [f32([2, 2], [1, Number.NaN, 0, 1]), f32([2, 2], [1, 2, 3, Infinity])], attrs: PLAIN },
  ],
  conv: () => [
    convOf('2d', [2, 5, 6, 3], [3, 2, 3, 4]),
    convOf('same padding', [1, 5, 5, 2], [3, 3, 2, 3], { padding: [[1, 1], [1, 1]] }),
    convOf('strided', [2, 7, 6, 2], [3, 2, 2, 3], { strides: [2, 3], padding: [[1, 0], [0, 1]] }),
    convOf('strided with a rest', [1, 8, 8, 1], [3, 3, 1, 2], { strides: [2, 3] }),
    convOf('kernel dilation', [1, 7, 8, 2], [2, 3, 2, 2], { kernelDilation: [3, 2], padding: [[1, 1], [0, 2]] }),
    convOf('input dilation', [1, 3, 4, 2], [3, 2, 2, 2], { inputDilation: [2, 3], padding: [[2, 1], [1, 1]] }),
    convOf('everything', [2, 5, 4, 4], [2, 3, 2, 6], { strides: [2, 1], padding: [[1, 2], [0, 1]], kernelDilation: [2, 1], inputDilation: [1, 2], groups: 2 }),
    convOf('cropped', [1, 6, 5, 1], [2, 2, 1, 2], { padding: [[-1, 0], [1, -2]] }),
    convOf('groups', [2, 4, 4, 6], [2, 2, 2, 9], { groups: 3 }),
    convOf('depthwise', [1, 5, 5, 3], [3, 3, 1, 3], { groups: 3, padding: [[1, 1], [1, 1]], strides: [2, 2] }),
    convOf('depthwise multiplier', [1, 4, 4, 2], [2, 2, 1, 6], { groups: 2 }),
    convOf('pointwise', [2, 3, 3, 5], [1, 1, 5, 7]),
    convOf('1d causal', [2, 9, 3], [3, 3, 4], { padding: [[4, 0]], kernelDilation: [2] }),
    convOf('3d', [1, 3, 4, 3, 2], [2, 2, 2, 2, 3], { padding: [[0, 1], [1, 0], [0, 0]] }),
    { name: 'i32', inputs: [whole('i32', [1, 4, 4, 2], 12, -9, 9), whole('i32', [2, 2, 2, 3], 13, -9, 9)], attrs: convOf('', [1, 4, 4, 2], [2, 2, 2, 3]).attrs },
  ],
  windowReduce: () => [
    ...(['sum', 'prod', 'max', 'min'] as const).flatMap(poolOf),
    { name: 'prod with zeros', inputs: [f32([6], [2, 0, 3, 0, 0, 1.5])], attrs: { kind: 'prod', window: [3], strides: [1], padding: [[1, 1]], dilation: [1] }, differentiable: true },
    { name: 'max ties', inputs: [f32([6], [1, 1, 2, 2, 2, 0])], attrs: { kind: 'max', window: [3], strides: [1], padding: [[0, 0]], dilation: [1] } },
    { name: 'max nan', inputs: [f32([5], [1, Number.NaN, 2, 3, 0])], attrs: { kind: 'max', window: [2], strides: [1], padding: [[1, 0]], dilation: [1] } },
    { name: 'sum i32', inputs: [whole('i32', [8], 14, -9, 9)], attrs: { kind: 'sum', window: [3], strides: [2], padding: [[1, 1]], dilation: [1] } },
  ],
} satisfies { [K in 'dot' | 'conv' | 'windowReduce']: () => readonly Sample<K>[] };
