/** Rows of the comparisons (result bool; any comparison with NaN is false) and of `where`. */
import { DTypeError, ShapeError } from '../../base/errors.ts';
import { at, sameShape } from '../../base/shape.ts';
import type { Primitive } from '../primitive.ts';
import { arity, pair, showType } from './check.ts';

const row = <K extends 'lt' | 'le' | 'eq'>(name: K, commutative: boolean): Primitive<K> => ({
  name,
  traits: { family: 'compare', elementwise: true, cost: 1, commutative },
  infer: (inputs) => ({ shape: pair(name, inputs, 'any').shape, dtype: 'bool' }),
  samples: () => [],
});

export const compareRows = {
  lt: row('lt', false),
  le: row('le', false),
  eq: row('eq', true),
  where: {
    name: 'where',
    traits: { family: 'select', elementwise: true, cost: 1 },
    infer: (inputs) => {
      arity('where', inputs, 3);
      const condition = at(inputs, 0), a = at(inputs, 1), b = at(inputs, 2);
      if (condition.dtype !== 'bool') throw new DTypeError(`where: the condition ${showType(condition)} must be bool; compare or cast it first.`);
      if (a.dtype !== b.dtype) throw new DTypeError(`where: ${showType(a)} and ${showType(b)} differ in dtype; cast one of them.`);
      if (!sameShape(a.shape, b.shape) || !sameShape(a.shape, condition.shape)) {
        throw new ShapeError(`where: condition ${showType(condition)}, ${showType(a)} and ${showType(b)} must have one shape; broadcast them first.`);
      }
      return a;
    },
    samples: () => [],
  } satisfies Primitive<'where'>,
};
