/** Rows of the elementwise operations with one operand. Float math is done in double and rounded once, when it is stored. */
import { createArray, DTYPES, type DType, isFloat, viewArray } from '../../base/dtype.ts';
import { DTypeError } from '../../base/errors.ts';
import { at } from '../../base/shape.ts';
import type { Primitive } from '../primitive.ts';
import type { OpName, TensorType } from '../types.ts';
import { accept, type Accepts, only, showType } from './check.ts';
import { LIMITS } from './combine.ts';
import { map1 } from './loops.ts';
import { erf, roundHalfEven } from './special.ts';

type UnaryName = 'neg' | 'exp' | 'log' | 'log1p' | 'expm1' | 'sin' | 'cos' | 'tanh' | 'erf' | 'sqrt' | 'floor' | 'round' | 'not';

const sameType = (op: OpName, inputs: readonly TensorType[], kind: Accepts): TensorType => {
  const x = only(op, inputs);
  accept(op, x, kind);
  return x;
};
const row = <K extends UnaryName>(name: K, kind: Accepts, cost: number, meaning: (x: number, dtype: DType) => number): Primitive<K> => ({
  name,
  traits: { family: 'unary', elementwise: true, cost },
  infer: (inputs) => sameType(name, inputs, kind),
  evaluate: (inputs, _attrs, results) => {
    const { dtype } = at(results, 0);
    return map1(at(inputs, 0), results, (x) => meaning(x, dtype));
  },
});

/** One element from dtype to dtype. Typed arrays wrap integers when they store them, so only float to integer needs care. */
function converter(from: DType, to: DType): (x: number) => number {
  if (to === 'bool') return (x) => (x !== 0 ? 1 : 0); // NaN is not 0
  if (!isFloat(from) || isFloat(to)) return (x) => x;
  const [least, greatest] = LIMITS[to];
  return (x) => (Number.isNaN(x) ? 0 : Math.min(greatest, Math.max(least, Math.trunc(x))));
}

export const unaryRows = {
  neg: row('neg', 'number', 1, (x) => -x),
  exp: row('exp', 'float', 12, Math.exp),
  log: row('log', 'float', 14, Math.log),
  log1p: row('log1p', 'float', 18, Math.log1p),
  expm1: row('expm1', 'float', 16, Math.expm1),
  sin: row('sin', 'float', 18, Math.sin),
  cos: row('cos', 'float', 18, Math.cos),
  tanh: row('tanh', 'float', 18, Math.tanh),
  erf: row('erf', 'float', 24, erf),
  sqrt: row('sqrt', 'float', 4, Math.sqrt),
  floor: row('floor', 'float', 1, Math.floor),
  round: row('round', 'float', 1, roundHalfEven),
  not: row('not', 'bits', 1, (x, dtype) => (dtype === 'bool' ? 1 - x : ~x)),
  cast: {
    name: 'cast',
    traits: { family: 'unary', elementwise: true, cost: 1 },
    infer: (inputs, { dtype }) => ({ shape: only('cast', inputs).shape, dtype }),
    evaluate: (inputs, { dtype }, results) => map1(at(inputs, 0), results, converter(at(inputs, 0).type.dtype, dtype)),
  } satisfies Primitive<'cast'>,
  bitcast: {
    name: 'bitcast',
    traits: { family: 'unary', elementwise: true, cost: 0 },
    infer: (inputs, { dtype }) => {
      const x = only('bitcast', inputs);
      const bytes = (d: DType): number => DTYPES[d].bytes;
      if (bytes(x.dtype) !== bytes(dtype) || dtype === 'bool') {
        throw new DTypeError(`bitcast: ${showType(x)} cannot be read as ${dtype}; both must have the same size and the result may not be bool. Use cast.`);
      }
      return { shape: x.shape, dtype };
    },
    evaluate: (inputs, { dtype }) => {
      const { type, data } = at(inputs, 0), copy = createArray(type.dtype, data.length);
      copy.set(data);
      return [viewArray(dtype, copy.buffer, 0, copy.length)];
    },
  } satisfies Primitive<'bitcast'>,
};
