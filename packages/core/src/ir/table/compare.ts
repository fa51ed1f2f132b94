/** Rows of the comparisons (result bool; any comparison with NaN is false) and of `where`. */
import { DTypeError, ShapeError } from '../../base/errors.ts';
import { at, sameShape } from '../../base/shape.ts';
import type { Primitive } from '../primitive.ts';
import { arity, pair, showType } from './check.ts';
import { map2, resultArray } from './loops.ts';

const row = <K extends 'lt' | 'le' | 'eq'>(name: K, commutative: boolean, holds: (a: number, b: number) => boolean): Primitive<K> => ({
  name,
  traits: { family: 'compare', elementwise: true, cost: 1, commutative },
  infer: (inputs) => ({ shape: pair(name, inputs, 'any').shape, dtype: 'bool' }),
  evaluate: (inputs, _attrs, results) => map2(at(inputs, 0), at(inputs, 1), results, (a, b) => (holds(a, b) ? 1 : 0)),
});

export const compareRows = {
  lt: row('lt', false, (a, b) => a < b),
  le: row('le', false, (a, b) => a <= b),
  eq: row('eq', true, (a, b) => a === b),
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
    evaluate: (inputs, _attrs, results) => {
      const out = resultArray(results), condition = at(inputs, 0).data, a = at(inputs, 1).data, b = at(inputs, 2).data;
      for (let i = 0; i < out.length; i++) out[i] = (condition[i] === 0 ? b[i] : a[i]) as number;
      return [out];
    },
  } satisfies Primitive<'where'>,
};
