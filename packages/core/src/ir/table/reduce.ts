/** Rows of the reductions along axes: reduce, argReduce, scan. */
import { ShapeError } from '../../base/errors.ts';
import { at } from '../../base/shape.ts';
import type { Primitive } from '../primitive.ts';
import type { ReduceKind } from '../types.ts';
import { accept, axesOf, axisOf, only, showType } from './check.ts';

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
    samples: () => [],
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
    samples: () => [],
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
    samples: () => [],
  } satisfies Primitive<'scan'>,
};
