/** Rows of the elementwise operations with two operands of equal shape and dtype. */
import { type DType, isFloat } from '../../base/dtype.ts';
import { at } from '../../base/shape.ts';
import type { Primitive, Traits } from '../primitive.ts';
import { type Accepts, pair } from './check.ts';
import { multiplyIn } from './combine.ts';
import { map2 } from './loops.ts';
import { pow } from './special.ts';

type BinaryName = 'add' | 'sub' | 'mul' | 'div' | 'mod' | 'pow' | 'min' | 'max' | 'and' | 'or' | 'xor' | 'shl' | 'shr';

/** What it does to two elements; typed arrays round floats and wrap integers when they store the result. */
type Meaning = (a: number, b: number) => number;

const row = <K extends BinaryName>(name: K, kind: Accepts, traits: Partial<Traits>, meaning: (dtype: DType) => Meaning): Primitive<K> => ({
  name,
  traits: { family: 'binary', elementwise: true, cost: 1, ...traits },
  infer: (inputs) => pair(name, inputs, kind),
  evaluate: (inputs, _attrs, results) => map2(at(inputs, 0), at(inputs, 1), results, meaning(at(results, 0).dtype)),
});

export const binaryRows = {
  add: row('add', 'number', { commutative: true }, () => (a, b) => a + b),
  sub: row('sub', 'number', {}, () => (a, b) => a - b),
  mul: row('mul', 'number', { commutative: true }, multiplyIn),
  div: row('div', 'number', { cost: 4 }, (dtype) => (isFloat(dtype) ? (a, b) => a / b : (a, b) => (b === 0 ? 0 : Math.trunc(a / b)))),
  mod: row('mod', 'number', { cost: 8 }, (dtype) => (isFloat(dtype) ? (a, b) => a % b : (a, b) => (b === 0 ? 0 : a % b))),
  pow: row('pow', 'float', { cost: 30 }, () => pow),
  min: row('min', 'any', { commutative: true }, () => Math.min),
  max: row('max', 'any', { commutative: true }, () => Math.max),
  and: row('and', 'bits', { commutative: true }, () => (a, b) => a & b),
  or: row('or', 'bits', { commutative: true }, () => (a, b) => a | b),
  xor: row('xor', 'bits', { commutative: true }, () => (a, b) => a ^ b),
  shl: row('shl', 'integer', {}, () => (a, b) => a << (b & 31)),
  shr: row('shr', 'integer', {}, (dtype) => (dtype === 'i32' ? (a, b) => a >> (b & 31) : (a, b) => a >>> (b & 31))),
};
