/** Rows of the reductions along axes: reduce, argReduce, scan. */
import { ShapeError } from '../../base/errors.ts';
import { at } from '../../base/shape.ts';
import type { Primitive } from '../primitive.ts';
import type { ReduceKind } from '../types.ts';
import { accept, axesOf, axisOf, only, showType } from './check.ts';
import { combineOf, neutralOf } from './combine.ts';
import { axisOffsets, resultArray, split } from './loops.ts';

/** Sums and products need numbers; extremes work on bool too (any, all). */
const kindAccepts = (kind: ReduceKind) => (kind === 'sum' || kind === 'prod' ? 'number' : 'any');

export const reduceRows = {
  reduce: {
    name: 'reduce',
    traits: { family: 'reduce', elementwise: false, cost: 1 },
    infer: (inputs, { kind, axes }) => {
      const x = only('reduce', inputs);
      accept(`reduce ${kind}`, x, kindAccepts(kind));
      axesOf('reduce', axes, x);
      return { shape: x.shape.filter((_, i) => !axes.includes(i)), dtype: x.dtype };
    },
    evaluate: (inputs, { kind, axes }, results) => {
      const { type: { shape, dtype }, data } = at(inputs, 0), out = resultArray(results);
      const combine = combineOf(kind, dtype), neutral = neutralOf(kind, dtype);
      const kept = axisOffsets(shape, shape.flatMap((_, i) => (axes.includes(i) ? [] : [i])));
      const gone = axisOffsets(shape, [...axes].sort((a, b) => a - b));
      for (let i = 0; i < out.length; i++) {
        let total = neutral;
        const start = kept[i] as number;
        for (let j = 0; j < gone.length; j++) total = combine(total, data[start + (gone[j] as number)] as number);
        out[i] = total;
      }
      return [out];
    },
  } satisfies Primitive<'reduce'>,

  argReduce: {
    name: 'argReduce',
    traits: { family: 'reduce', elementwise: false, cost: 1 },
    infer: (inputs, { axis }) => {
      const x = only('argReduce', inputs);
      axisOf('argReduce', axis, x);
      if (at(x.shape, axis) === 0) throw new ShapeError(`argReduce: axis ${axis} of ${showType(x)} is empty and has no extreme element.`);
      return { shape: x.shape.filter((_, i) => i !== axis), dtype: 'i32' };
    },
    evaluate: (inputs, { kind, axis }, results) => {
      const { type: { shape }, data } = at(inputs, 0), out = resultArray(results);
      const { outer, extent, inner } = split(shape, axis), sign = kind === 'max' ? 1 : -1;
      for (let o = 0; o < outer; o++) for (let i = 0; i < inner; i++) {
        let best = 0, bestValue = sign * (data[o * extent * inner + i] as number);
        for (let k = 1; k < extent && !Number.isNaN(bestValue); k++) {
          const value = sign * (data[(o * extent + k) * inner + i] as number);
          if (value > bestValue || Number.isNaN(value)) { best = k; bestValue = value; }
        }
        out[o * inner + i] = best;
      }
      return [out];
    },
  } satisfies Primitive<'argReduce'>,

  scan: {
    name: 'scan',
    traits: { family: 'reduce', elementwise: false, cost: 1 },
    infer: (inputs, { kind, axis }) => {
      const x = only('scan', inputs);
      accept(`scan ${kind}`, x, kindAccepts(kind));
      axisOf('scan', axis, x);
      return x;
    },
    evaluate: (inputs, { kind, axis, exclusive, reverse }, results) => {
      const { type: { shape, dtype }, data } = at(inputs, 0), out = resultArray(results);
      const { outer, extent, inner } = split(shape, axis), combine = combineOf(kind, dtype), neutral = neutralOf(kind, dtype);
      for (let o = 0; o < outer; o++) for (let i = 0; i < inner; i++) {
        let total = neutral;
        for (let k = 0; k < extent; k++) {
          const place = (o * extent + (reverse ? extent - 1 - k : k)) * inner + i, next = combine(total, data[place] as number);
          out[place] = exclusive ? total : next;
          total = next;
        }
      }
      return [out];
    },
  } satisfies Primitive<'scan'>,
};
