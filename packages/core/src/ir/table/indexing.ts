/** Rows of the operations whose addresses are data: gather, scatter, sort. */
import { DTypeError, ShapeError } from '../../base/errors.ts';
import { at, sameShape, showShape } from '../../base/shape.ts';
import type { Primitive } from '../primitive.ts';
import type { TensorType } from '../types.ts';
import { accept, arity, axisOf, showType, whole } from './check.ts';

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
    samples: () => [],
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
    samples: () => [],
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
    samples: () => [],
  } satisfies Primitive<'sort'>,
};
