/** Rows of the elementwise operations with two operands of equal shape and dtype. */
import type { Primitive, Traits } from '../primitive.ts';
import { type Accepts, pair } from './check.ts';

type BinaryName = 'add' | 'sub' | 'mul' | 'div' | 'mod' | 'pow' | 'min' | 'max' | 'and' | 'or' | 'xor' | 'shl' | 'shr';

const row = <K extends BinaryName>(name: K, kind: Accepts, traits: Partial<Traits>): Primitive<K> => ({
  name,
  traits: { family: 'binary', elementwise: true, cost: 1, ...traits },
  infer: (inputs) => pair(name, inputs, kind),
  samples: () => [],
});

export const binaryRows = {
  add: row('add', 'number', { commutative: true }),
  sub: row('sub', 'number', {}),
  mul: row('mul', 'number', { commutative: true }),
  div: row('div', 'number', { cost: 4 }),
  mod: row('mod', 'number', { cost: 8 }),
  pow: row('pow', 'float', { cost: 30 }),
  min: row('min', 'any', { commutative: true }),
  max: row('max', 'any', { commutative: true }),
  and: row('and', 'bits', { commutative: true }),
  or: row('or', 'bits', { commutative: true }),
  xor: row('xor', 'bits', { commutative: true }),
  shl: row('shl', 'integer', {}),
  shr: row('shr', 'integer', {}),
};
