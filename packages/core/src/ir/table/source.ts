/** Rows of the operations without tensor operands, and of randomBits. */
import { holds } from '../../base/dtype.ts';
import { DTypeError, ShapeError, ValueError } from '../../base/errors.ts';
import { at, sameShape, sizeOf } from '../../base/shape.ts';
import type { Primitive } from '../primitive.ts';
import { accept, arity, axisOf, only, shapeOk, showType } from './check.ts';
import { resultArray, split } from './loops.ts';
import { threefry2x32 } from './threefry.ts';

export const sourceRows = {
  const: {
    name: 'const',
    traits: { family: 'source', elementwise: false, cost: 0 },
    infer: (inputs, { type, data }) => {
      arity('const', inputs, 0);
      shapeOk('const', type.shape);
      if (!holds(type.dtype, data)) throw new DTypeError(`const: a ${data.constructor.name} does not hold ${type.dtype}.`);
      if (data.length !== 1 && data.length !== sizeOf(type.shape)) {
        throw new ShapeError(`const: ${showType(type)} has ${sizeOf(type.shape)} elements, but ${data.length} values are given; give all of them or exactly one.`);
      }
      return type;
    },
    evaluate: (_inputs, { data }, results) => {
      const out = resultArray(results);
      if (data.length === out.length) out.set(data);
      else out.fill(data[0] as number);
      return [out];
    },
  } satisfies Primitive<'const'>,

  input: {
    name: 'input',
    traits: { family: 'source', elementwise: false, cost: 0 },
    infer: (inputs, { type }) => {
      arity('input', inputs, 0);
      shapeOk('input', type.shape);
      return type;
    },
  } satisfies Primitive<'input'>,

  state: {
    name: 'state',
    traits: { family: 'source', elementwise: false, cost: 0 },
    infer: (inputs, { slot }) => {
      arity('state', inputs, 0);
      return slot.type;
    },
  } satisfies Primitive<'state'>,

  iota: {
    name: 'iota',
    traits: { family: 'source', elementwise: false, cost: 1 },
    infer: (inputs, { type, axis }) => {
      arity('iota', inputs, 0);
      shapeOk('iota', type.shape);
      accept('iota', type, 'number');
      axisOf('iota', axis, type);
      return type;
    },
    evaluate: (_inputs, { type, axis }, results) => {
      const out = resultArray(results), { extent, inner } = split(type.shape, axis);
      for (let i = 0; i < out.length; i++) out[i] = Math.floor(i / inner) % extent;
      return [out];
    },
  } satisfies Primitive<'iota'>,

  randomBits: {
    name: 'randomBits',
    traits: { family: 'source', elementwise: false, cost: 40 },
    infer: (inputs, { shape, bits }) => {
      const key = only('randomBits', inputs);
      if (bits !== 32 && bits !== 16) throw new ValueError(`randomBits: ${String(bits)} bits; 32 or 16 are possible.`);
      if (key.dtype !== 'u32' || !sameShape(key.shape, [2])) throw new ShapeError(`randomBits: the key ${showType(key)} must be u32[2].`);
      shapeOk('randomBits', shape);
      return { shape, dtype: 'u32' };
    },
    evaluate: (inputs, { bits }, results) => {
      const { data: [k0, k1] } = at(inputs, 0), out = resultArray(results), pieces = bits === 16 ? 4 : 2, part = Math.ceil(out.length / pieces);
      for (let i = 0; i < part; i++) {
        const words = threefry2x32(k0 as number, k1 as number, i, i + part);
        // piece by piece: words, or lower and upper halves of words
        for (let p = 0; p < pieces && i + p * part < out.length; p++) out[i + p * part] = bits === 32 ? at(words, p) : (at(words, p >> 1) >>> (16 * (p & 1))) & 0xffff;
      }
      return [out];
    },
  } satisfies Primitive<'randomBits'>,
};
