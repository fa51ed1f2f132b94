/** Rows of the operations that only move elements. */
import { DTypeError, ShapeError } from '../../base/errors.ts';
import { at, showShape, sizeOf, stridesOf } from '../../base/shape.ts';
import type { Primitive } from '../primitive.ts';
import { axisOf, only, perAxis, shapeOk, showType, whole } from './check.ts';
import { offsetsOf, resultArray, take } from './loops.ts';

const traits = { family: 'movement', elementwise: false, cost: 0 } as const;

export const movementRows = {
  reshape: {
    name: 'reshape', traits,
    infer: (inputs, { shape }) => {
      const x = only('reshape', inputs);
      shapeOk('reshape', shape);
      if (sizeOf(shape) !== sizeOf(x.shape)) {
        throw new ShapeError(`reshape: ${showType(x)} has ${sizeOf(x.shape)} elements, ${showShape(shape)} has ${sizeOf(shape)}; the counts must be equal.`);
      }
      return { shape, dtype: x.dtype };
    },
    evaluate: (inputs) => [at(inputs, 0).data.slice()],
  } satisfies Primitive<'reshape'>,

  transpose: {
    name: 'transpose', traits,
    infer: (inputs, { perm }) => {
      const x = only('transpose', inputs), rank = x.shape.length;
      if (perm.length !== rank || [...perm].sort((a, b) => a - b).some((p, i) => p !== i)) {
        throw new ShapeError(`transpose: perm ${showShape(perm)} is not a permutation of the ${rank} axes of ${showType(x)}.`);
      }
      return { shape: perm.map((p) => at(x.shape, p)), dtype: x.dtype };
    },
    evaluate: (inputs, { perm }, results) => {
      const { type, data } = at(inputs, 0), strides = stridesOf(type.shape);
      return take(data, results, offsetsOf(at(results, 0).shape, perm.map((p) => at(strides, p))));
    },
  } satisfies Primitive<'transpose'>,

  broadcast: {
    name: 'broadcast', traits,
    infer: (inputs, { shape }) => {
      const x = only('broadcast', inputs);
      shapeOk('broadcast', shape);
      if (shape.length !== x.shape.length || x.shape.some((d, i) => d !== 1 && d !== at(shape, i))) {
        throw new ShapeError(`broadcast: ${showType(x)} cannot be repeated to ${showShape(shape)}; ranks must be equal and only extents of 1 grow. Reshape first.`);
      }
      return { shape, dtype: x.dtype };
    },
    evaluate: (inputs, { shape }, results) => {
      const { type, data } = at(inputs, 0), strides = stridesOf(type.shape);
      return take(data, results, offsetsOf(shape, strides.map((s, i) => (at(type.shape, i) === 1 ? 0 : s))));
    },
  } satisfies Primitive<'broadcast'>,

  slice: {
    name: 'slice', traits,
    infer: (inputs, { starts, sizes, strides }) => {
      const x = only('slice', inputs), rank = x.shape.length;
      perAxis('slice', 'starts', starts, rank, x);
      perAxis('slice', 'sizes', sizes, rank, x);
      perAxis('slice', 'strides', strides, rank, x);
      shapeOk('slice', sizes);
      x.shape.forEach((extent, axis) => {
        const start = at(starts, axis), stride = at(strides, axis), size = at(sizes, axis);
        if (!Number.isInteger(start) || !Number.isInteger(stride) || stride === 0) {
          throw new ShapeError(`slice: start ${start} and stride ${stride} of axis ${axis} must be whole numbers, the stride not 0.`);
        }
        const last = start + (size - 1) * stride;
        if (size > 0 && (Math.min(start, last) < 0 || Math.max(start, last) >= extent)) {
          throw new ShapeError(`slice: elements ${start}..${last} (stride ${stride}) of axis ${axis} are outside ${showType(x)}; make the size at most what fits.`);
        }
      });
      return { shape: sizes, dtype: x.dtype };
    },
    evaluate: (inputs, { starts, sizes, strides }, results) => {
      const { type, data } = at(inputs, 0), own = stridesOf(type.shape);
      const start = starts.reduce((sum, s, i) => sum + s * at(own, i), 0);
      return take(data, results, offsetsOf(sizes, own.map((s, i) => s * at(strides, i)), start));
    },
  } satisfies Primitive<'slice'>,

  pad: {
    name: 'pad', traits,
    infer: (inputs, { low, high, interior, value }) => {
      const x = only('pad', inputs), rank = x.shape.length;
      perAxis('pad', 'low', low, rank, x);
      perAxis('pad', 'high', high, rank, x);
      perAxis('pad', 'interior', interior, rank, x);
      for (const n of low) whole('pad', 'low', n, 0);
      for (const n of high) whole('pad', 'high', n, 0);
      for (const n of interior) whole('pad', 'interior', n, 0);
      if (x.dtype === 'bool' && value !== 0 && value !== 1) throw new DTypeError(`pad: value ${value} is not a bool; use 0 or 1.`);
      return { shape: x.shape.map((d, i) => at(low, i) + at(high, i) + d + Math.max(0, d - 1) * at(interior, i)), dtype: x.dtype };
    },
    evaluate: (inputs, { low, interior, value }, results) => {
      const { type, data } = at(inputs, 0), own = stridesOf(at(results, 0).shape), out = resultArray(results).fill(value);
      const start = low.reduce((sum, n, i) => sum + n * at(own, i), 0);
      const places = offsetsOf(type.shape, own.map((s, i) => s * (at(interior, i) + 1)), start);
      for (let i = 0; i < places.length; i++) out[places[i] as number] = data[i] as number;
      return [out];
    },
  } satisfies Primitive<'pad'>,

  concat: {
    name: 'concat', traits,
    infer: (inputs, { axis }) => {
      if (inputs.length === 0) throw new ShapeError('concat: there is nothing to join; give at least one operand.');
      const first = at(inputs, 0);
      axisOf('concat', axis, first);
      for (const x of inputs) {
        if (x.dtype !== first.dtype) throw new DTypeError(`concat: ${showType(first)} and ${showType(x)} differ in dtype; cast one of them.`);
        if (x.shape.length !== first.shape.length || x.shape.some((d, i) => i !== axis && d !== at(first.shape, i))) {
          throw new ShapeError(`concat: ${showType(first)} and ${showType(x)} must agree in every axis but ${axis}.`);
        }
      }
      return { shape: first.shape.map((d, i) => (i === axis ? inputs.reduce((n, x) => n + at(x.shape, axis), 0) : d)), dtype: first.dtype };
    },
    evaluate: (inputs, { axis }, results) => {
      const out = resultArray(results), { shape } = at(results, 0);
      const rows = sizeOf(shape.slice(0, axis)), width = sizeOf(shape.slice(axis));
      let column = 0;
      for (const { type, data } of inputs) {
        const own = sizeOf(type.shape.slice(axis));
        for (let row = 0; row < rows; row++) out.set(data.subarray(row * own, (row + 1) * own), row * width + column);
        column += own;
      }
      return [out];
    },
  } satisfies Primitive<'concat'>,
};
