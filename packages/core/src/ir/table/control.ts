/** Rows of loop, call and pick. */
import { DTypeError, ShapeError } from '../../base/errors.ts';
import { at, sameShape } from '../../base/shape.ts';
import type { Primitive } from '../primitive.ts';
import type { Graph, TensorType } from '../types.ts';
import { only, showType, whole } from './check.ts';

function fits(op: string, what: string, have: TensorType, want: TensorType): void {
  if (have.dtype !== want.dtype) throw new DTypeError(`${op}: ${what} is ${showType(have)}, but ${showType(want)} is expected; cast it.`);
  if (!sameShape(have.shape, want.shape)) throw new ShapeError(`${op}: ${what} is ${showType(have)}, but ${showType(want)} is expected.`);
}

function pureBody(op: string, body: Graph, count: number): void {
  if (body.effects.length > 0) throw new ShapeError(`${op}: the body '${body.name}' assigns state; return the value and assign it outside.`);
  if (body.inputs.length !== count) throw new ShapeError(`${op}: the body '${body.name}' has ${body.inputs.length} inputs, but ${count} operands are given.`);
}

export const controlRows = {
  loop: {
    name: 'loop',
    traits: { family: 'control', elementwise: false, cost: 1 },
    infer: (inputs, { body, trip, carries, stacked }) => {
      whole('loop', 'trip', trip, 0);
      whole('loop', 'carries', carries, 0);
      whole('loop', 'stacked', stacked, 0);
      pureBody('loop', body, inputs.length);
      if (carries + stacked > inputs.length) throw new ShapeError(`loop: ${carries} carries and ${stacked} stacked inputs are declared, but only ${inputs.length} operands are given.`);
      if (body.outputs.length < carries) throw new ShapeError(`loop: the body '${body.name}' returns ${body.outputs.length} values, fewer than the ${carries} carries.`);
      if (body.outputs.length === 0) throw new ShapeError(`loop: the body '${body.name}' returns nothing.`);
      inputs.forEach((type, i) => {
        const want = at(body.inputs, i).type;
        if (i < carries || i >= carries + stacked) return fits('loop', `operand ${i}`, type, want);
        return fits('loop', `stacked operand ${i}`, type, { shape: [trip, ...want.shape], dtype: want.dtype });
      });
      for (let i = 0; i < carries; i++) fits('loop', `carry ${i} returned by the body`, at(body.outputs, i).type, at(inputs, i));
      return body.outputs.map(({ type }, i) => (i < carries ? type : { shape: [trip, ...type.shape], dtype: type.dtype }));
    },
  } satisfies Primitive<'loop'>,

  call: {
    name: 'call',
    traits: { family: 'control', elementwise: false, cost: 1 },
    infer: (inputs, { body, name }) => {
      pureBody(`call ${name}`, body, inputs.length);
      if (body.outputs.length === 0) throw new ShapeError(`call ${name}: the body returns nothing.`);
      inputs.forEach((type, i) => fits(`call ${name}`, `operand ${i}`, type, at(body.inputs, i).type));
      return body.outputs.map((output) => output.type);
    },
  } satisfies Primitive<'call'>,

  // The operand's tuple is not visible through types alone: `makeNode` replaces the type.
  pick: {
    name: 'pick',
    traits: { family: 'control', elementwise: false, cost: 0 },
    infer: (inputs, { index }) => {
      whole('pick', 'index', index, 0);
      return only('pick', inputs);
    },
  } satisfies Primitive<'pick'>,
};
