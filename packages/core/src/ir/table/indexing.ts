/** Rows of the operations whose addresses are data: gather, scatter, sort. */
import { DTypeError, ShapeError } from '../../base/errors.ts';
import { at, sameShape, showShape, sizeOf } from '../../base/shape.ts';
import type { Primitive } from '../primitive.ts';
import { createArray } from '../../base/dtype.ts';
import type { TensorType } from '../types.ts';
import { accept, arity, axisOf, showType, whole } from './check.ts';
import { combineOf } from './combine.ts';
import { resultArray, split } from './loops.ts';

function gathered(op: string, x: TensorType, indices: TensorType, axis: number, batchDims: number): number[] {
  axisOf(op, axis, x);
  whole(op, 'batchDims', batchDims, 0);
  if (indices.dtype !== 'i32') throw new DTypeError(`${op}: indices ${showType(indices)} must be i32; cast them.`);
  if (batchDims > axis || batchDims > indices.shape.length) throw new ShapeError(`${op}: batchDims ${batchDims} must be at most axis ${axis} and the rank of the indices ${showType(indices)}.`);
  for (let i = 0; i < batchDims; i++) {
    if (at(x.shape, i) !== at(indices.shape, i)) throw new ShapeError(`${op}: ${showType(x)} and indices ${showType(indices)} must agree in their first ${batchDims} axes.`);
  }
  return [...x.shape.slice(0, axis), ...indices.shape.slice(batchDims), ...x.shape.slice(axis + 1)];
}

/** Extents of the parts of a gather: x is [batch, middle, extent, inner], indices [batch, count], the result [batch, middle, count, inner]. */
function parts(x: TensorType, indices: TensorType, axis: number, batchDims: number) {
  const { extent, inner } = split(x.shape, axis);
  return { batch: sizeOf(x.shape.slice(0, batchDims)), middle: sizeOf(x.shape.slice(batchDims, axis)), extent, inner, count: sizeOf(indices.shape.slice(batchDims)) };
}

/** Sort order of one axis: NaN counts as greater than every number. */
const compareKeys = (a: number, b: number): number => (a < b ? -1 : a > b ? 1 : Number(Number.isNaN(a)) - Number(Number.isNaN(b)));

export const indexingRows = {
  gather: {
    name: 'gather',
    traits: { family: 'indexing', elementwise: false, cost: 1 },
    infer: (inputs, { axis, batchDims }) => {
      arity('gather', inputs, 2);
      const x = at(inputs, 0), indices = at(inputs, 1);
      const shape = gathered('gather', x, indices, axis, batchDims);
      if (at(x.shape, axis) === 0 && !shape.includes(0)) throw new ShapeError(`gather: axis ${axis} of ${showType(x)} is empty, there is nothing to gather.`);
      return { shape, dtype: x.dtype };
    },
    evaluate: (inputs, { axis, batchDims }, results) => {
      const x = at(inputs, 0), indices = at(inputs, 1), out = resultArray(results);
      const { batch, middle, extent, inner, count } = parts(x.type, indices.type, axis, batchDims);
      let place = 0;
      for (let b = 0; b < batch; b++) for (let m = 0; m < middle; m++) for (let i = 0; i < count; i++) {
        const index = Math.min(extent - 1, Math.max(0, indices.data[b * count + i] as number));
        const from = ((b * middle + m) * extent + index) * inner;
        out.set(x.data.subarray(from, from + inner), place);
        place += inner;
      }
      return [out];
    },
  } satisfies Primitive<'gather'>,

  scatter: {
    name: 'scatter',
    traits: { family: 'indexing', elementwise: false, cost: 1 },
    infer: (inputs, { kind, axis, batchDims }) => {
      arity('scatter', inputs, 3);
      const x = at(inputs, 0), indices = at(inputs, 1), updates = at(inputs, 2);
      const shape = gathered('scatter', x, indices, axis, batchDims);
      if (!sameShape(shape, updates.shape)) throw new ShapeError(`scatter: updates ${showType(updates)} must have shape ${showShape(shape)} for ${showType(x)} and indices ${showType(indices)}.`);
      if (updates.dtype !== x.dtype) throw new DTypeError(`scatter: updates ${showType(updates)} and ${showType(x)} differ in dtype; cast one of them.`);
      accept(`scatter ${kind}`, x, kind === 'add' ? 'number' : 'any');
      return x;
    },
    evaluate: (inputs, { kind, axis, batchDims }, results) => {
      const x = at(inputs, 0), indices = at(inputs, 1), updates = at(inputs, 2).data, out = resultArray(results);
      const { batch, middle, extent, inner, count } = parts(x.type, indices.type, axis, batchDims);
      const combine = kind === 'set' ? (_: number, b: number) => b : combineOf(kind === 'add' ? 'sum' : kind, x.type.dtype);
      // f32 is accumulated in double, so that many updates of one place are rounded once
      const total = x.type.dtype === 'f32' ? Float64Array.from(x.data) : x.data.slice();
      let update = 0;
      for (let b = 0; b < batch; b++) for (let m = 0; m < middle; m++) for (let i = 0; i < count; i++) {
        const index = indices.data[b * count + i] as number;
        if (index < 0 || index >= extent) { update += inner; continue; }
        const start = ((b * middle + m) * extent + index) * inner;
        for (let k = 0; k < inner; k++) total[start + k] = combine(total[start + k] as number, updates[update++] as number);
      }
      out.set(total);
      return [out];
    },
  } satisfies Primitive<'scatter'>,

  sort: {
    name: 'sort',
    traits: { family: 'indexing', elementwise: false, cost: 16 },
    infer: (inputs, { axis }) => {
      const keys = inputs[0];
      if (keys === undefined) throw new ShapeError('sort: needs keys, then any number of values of the same shape.');
      axisOf('sort', axis, keys);
      for (const values of inputs) {
        if (!sameShape(values.shape, keys.shape)) throw new ShapeError(`sort: values ${showType(values)} must have the shape of the keys ${showType(keys)}.`);
      }
      return [...inputs];
    },
    evaluate: (inputs, { axis, descending }) => {
      const keys = at(inputs, 0), { outer, extent, inner } = split(keys.type.shape, axis);
      const outs = inputs.map(({ type, data }) => createArray(type.dtype, data.length));
      for (let o = 0; o < outer; o++) for (let i = 0; i < inner; i++) {
        const place = (k: number): number => (o * extent + k) * inner + i;
        const key = (k: number): number => keys.data[place(k)] as number;
        const order = Array.from({ length: extent }, (_, k) => k).sort((a, b) => (descending ? compareKeys(key(b), key(a)) : compareKeys(key(a), key(b))));
        inputs.forEach(({ data }, n) => order.forEach((from, to) => { at(outs, n)[place(to)] = data[place(from)] as number; }));
      }
      return outs;
    },
  } satisfies Primitive<'sort'>,
};
