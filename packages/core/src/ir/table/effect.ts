/** Rows of the operations that are more than a function of their operands: assign, stopGradient, barrier, allReduce. */
import { DTypeError, ShapeError } from '../../base/errors.ts';
import { at, sameShape } from '../../base/shape.ts';
import type { Primitive } from '../primitive.ts';
import { accept, only, showType } from './check.ts';

export const effectRows = {
  assign: {
    name: 'assign',
    traits: { family: 'effect', elementwise: false, cost: 0 },
    infer: (inputs, { slot }) => {
      const value = only('assign', inputs);
      if (value.dtype !== slot.type.dtype) throw new DTypeError(`assign: the value ${showType(value)} does not fit the slot '${slot.name}' of ${showType(slot.type)}; cast it.`);
      if (!sameShape(value.shape, slot.type.shape)) throw new ShapeError(`assign: the value ${showType(value)} does not fit the slot '${slot.name}' of ${showType(slot.type)}.`);
      return value;
    },
  } satisfies Primitive<'assign'>,

  stopGradient: {
    name: 'stopGradient',
    traits: { family: 'effect', elementwise: true, cost: 0 },
    infer: (inputs) => only('stopGradient', inputs),
    evaluate: (inputs) => [at(inputs, 0).data.slice()],
  } satisfies Primitive<'stopGradient'>,

  barrier: {
    name: 'barrier',
    traits: { family: 'effect', elementwise: false, cost: 0 },
    infer: (inputs) => only('barrier', inputs),
    evaluate: (inputs) => [at(inputs, 0).data.slice()],
  } satisfies Primitive<'barrier'>,

  allReduce: {
    name: 'allReduce',
    traits: { family: 'effect', elementwise: false, cost: 1 },
    infer: (inputs, { kind }) => {
      const x = only('allReduce', inputs);
      accept(`allReduce ${kind}`, x, 'number');
      return x;
    },
    evaluate: (inputs) => [at(inputs, 0).data.slice()], // the reference is one replica
  } satisfies Primitive<'allReduce'>,
};
