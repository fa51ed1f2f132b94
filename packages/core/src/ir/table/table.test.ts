import { describe, expect, it } from 'vitest';
import { evaluateGraph } from '../../backend/reference/evaluate.ts';
import { holds } from '../../base/dtype.ts';
import { at, sizeOf } from '../../base/shape.ts';
import { sampleGraph } from '../../testing/sample-graph.ts';
import { allSamples, samplesOf } from '../../testing/samples/index.ts';
import type { OpAttrs, OpName, TensorType } from '../types.ts';
import { verifyGraph } from '../verify.ts';
import { OP_NAMES, PRIMITIVES, primitiveOf } from './index.ts';

const noState = (): never => { throw new Error('no state expected'); };
const F = (...shape: number[]): TensorType => ({ shape, dtype: 'f32' });
const I = (...shape: number[]): TensorType => ({ shape, dtype: 'i32' });
const infer = <K extends OpName>(op: K, inputs: readonly TensorType[], attrs: OpAttrs[K]) => primitiveOf(op).infer(inputs, attrs);

describe('the table', () => {
  it('names each row after its key', () => {
    for (const [key, row] of Object.entries(PRIMITIVES)) expect(row.name).toBe(key);
  });
  it('has samples for every row that can stand alone', () => {
    for (const op of OP_NAMES) if (!['input', 'state', 'assign'].includes(op)) expect(samplesOf(op).length, op).toBeGreaterThan(0);
  });
  it('has distinct sample names', () => {
    for (const op of OP_NAMES) {
      const names = samplesOf(op).map((s) => s.name);
      expect(new Set(names).size, op).toBe(names.length);
    }
  });
});

describe('every sample', () => {
  it.each(allSamples().map(({ op, sample }) => [op, sample.name, sample] as const))('%s: %s evaluates to what its row infers', (op, _name, sample) => {
    const { graph, inputs } = sampleGraph(sample, op);
    for (const { type, data } of inputs) expect(holds(type.dtype, data) && data.length === sizeOf(type.shape)).toBe(true);
    verifyGraph(graph);
    const before = inputs.map(({ data }) => Array.from(data)), { outputs } = evaluateGraph(graph, inputs, noState);
    outputs.forEach((output, i) => {
      const { dtype, shape } = at(graph.outputs, i).type;
      expect(output.length).toBe(sizeOf(shape));
      expect(holds(dtype, output)).toBe(true);
      if (dtype === 'bool') expect(output.every((x) => x === 0 || x === 1)).toBe(true);
    });
    expect(inputs.map(({ data }) => Array.from(data))).toEqual(before);
  });
});

describe('mistakes are named with shapes and the fix', () => {
  const cases: readonly (readonly [string, () => unknown, RegExp])[] = [
    ['shapes', () => infer('add', [F(2, 3), F(3)], {}), /add: operands f32\[2, 3\] and f32\[3\] differ in shape; broadcast/],
    ['dtypes', () => infer('mul', [F(2), I(2)], {}), /mul: operands f32\[2\] and i32\[2\] differ in dtype; cast/],
    ['math on integers', () => infer('exp', [I(2)], {}), /exp: operand i32\[2\] must have a float dtype; cast to f32/],
    ['bits of floats', () => infer('xor', [F(2), F(2)], {}), /xor: operand f32\[2\] must have bool or an integer dtype/],
    ['operands missing', () => infer('sub', [F(2)], {}), /sub: expects 2 operands, got 1/],
    ['condition', () => infer('where', [F(2), F(2), F(2)], {}), /condition f32\[2\] must be bool/],
    ['bitcast size', () => infer('bitcast', [F(2)], { dtype: 'u8' }), /same size/],
    ['reshape', () => infer('reshape', [F(2, 3)], { shape: [4] }), /f32\[2, 3\] has 6 elements, \[4\] has 4/],
    ['transpose', () => infer('transpose', [F(2, 3)], { perm: [0, 0] }), /not a permutation/],
    ['broadcast', () => infer('broadcast', [F(2, 3)], { shape: [2, 6] }), /only extents of 1 grow/],
    ['slice', () => infer('slice', [F(5)], { starts: [3], sizes: [3], strides: [1] }), /elements 3\.\.5 .* outside f32\[5\]/],
    ['slice backwards', () => infer('slice', [F(5)], { starts: [1], sizes: [3], strides: [-1] }), /elements 1\.\.-1/],
    ['pad', () => infer('pad', [F(5)], { low: [-1], high: [0], interior: [0], value: 0 }), /low is -1/],
    ['concat', () => infer('concat', [F(2, 3), F(2, 4)], { axis: 0 }), /agree in every axis but 0/],
    ['reduce', () => infer('reduce', [F(2)], { kind: 'sum', axes: [1] }), /axis 1 is outside f32\[2\]/],
    ['argReduce', () => infer('argReduce', [F(2, 0)], { kind: 'max', axis: 1 }), /empty/],
    ['dot', () => infer('dot', [F(2, 3), F(4, 5)], { batchA: [], batchB: [], contractA: [1], contractB: [0] }), /f32\[2, 3\] and f32\[4, 5\] do not fit: contracted axis 1 is 3, axis 0 is 4/],
    ['conv channels', () => infer('conv', [F(1, 4, 4, 3), F(2, 2, 2, 8)], { strides: [1, 1], padding: [[0, 0], [0, 0]], kernelDilation: [1, 1], inputDilation: [1, 1], groups: 1 }), /3 input channels in 1 group\(s\) do not fit the kernel f32\[2, 2, 2, 8\]/],
    ['conv window', () => infer('conv', [F(1, 2, 3), F(4, 3, 8)], { strides: [1], padding: [[0, 0]], kernelDilation: [1], inputDilation: [1], groups: 1 }), /window of 4 .* does not fit an axis of 2/],
    ['windows', () => infer('windowReduce', [F(4)], { kind: 'max', window: [0], strides: [1], padding: [[0, 0]], dilation: [1] }), /is 0, but must be a whole number of at least 1/],
    ['indices', () => infer('gather', [F(4), F(2)], { axis: 0, batchDims: 0 }), /indices f32\[2\] must be i32/],
    ['batch axes', () => infer('gather', [F(4, 5), I(3)], { axis: 1, batchDims: 1 }), /agree in their first 1 axes/],
    ['updates', () => infer('scatter', [F(4, 2), I(3), F(3, 3)], { kind: 'add', axis: 0, batchDims: 0 }), /updates f32\[3, 3\] must have shape \[3, 2\]/],
    ['sort values', () => infer('sort', [F(4), F(5)], { axis: 0, descending: false }), /values f32\[5\] must have the shape of the keys f32\[4\]/],
    ['constants', () => infer('const', [], { type: F(3), data: Float32Array.of(1, 2) }), /f32\[3\] has 3 elements, but 2 values/],
    ['assign', () => infer('assign', [F(3)], { slot: { id: 0, name: 'kernel', type: F(4) } }), /does not fit the slot 'kernel' of f32\[4\]/],
    ['random key', () => infer('randomBits', [I(2)], { shape: [3], bits: 32 }), /key i32\[2\] must be u32\[2\]/],
    ['random bits', () => infer('randomBits', [{ shape: [2], dtype: 'u32' }], { shape: [3], bits: 8 as 16 }), /8 bits; 32 or 16/],
  ];
  it.each(cases)('%s', (_name, make, message) => { expect(make).toThrow(message); });
});
