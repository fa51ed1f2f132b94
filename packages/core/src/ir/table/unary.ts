/** Rows of the elementwise operations with one operand. */
import { DTYPES, type DType } from '../../base/dtype.ts';
import { DTypeError } from '../../base/errors.ts';
import type { Primitive } from '../primitive.ts';
import type { OpName, TensorType } from '../types.ts';
import { accept, type Accepts, only, showType } from './check.ts';

type UnaryName = 'neg' | 'exp' | 'log' | 'log1p' | 'expm1' | 'sin' | 'cos' | 'tanh' | 'erf' | 'sqrt' | 'floor' | 'round' | 'not';

const sameType = (op: OpName, inputs: readonly TensorType[], kind: Accepts): TensorType => {
  const x = only(op, inputs);
  accept(op, x, kind);
  return x;
};
const row = <K extends UnaryName>(name: K, kind: Accepts, cost: number): Primitive<K> => ({
  name,
  traits: { family: 'unary', elementwise: true, cost },
  infer: (inputs) => sameType(name, inputs, kind),
  samples: () => [],
});

export const unaryRows = {
  neg: row('neg', 'number', 1),
  exp: row('exp', 'float', 12),
  log: row('log', 'float', 14),
  log1p: row('log1p', 'float', 18),
  expm1: row('expm1', 'float', 16),
  sin: row('sin', 'float', 18),
  cos: row('cos', 'float', 18),
  tanh: row('tanh', 'float', 18),
  erf: row('erf', 'float', 24),
  sqrt: row('sqrt', 'float', 4),
  floor: row('floor', 'float', 1),
  round: row('round', 'float', 1),
  not: row('not', 'bits', 1),
  cast: {
    name: 'cast',
    traits: { family: 'unary', elementwise: true, cost: 1 },
    infer: (inputs, { dtype }) => ({ shape: only('cast', inputs).shape, dtype }),
    samples: () => [],
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
    samples: () => [],
  } satisfies Primitive<'bitcast'>,
};
