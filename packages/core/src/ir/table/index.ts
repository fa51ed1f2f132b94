/**
 * The primitive table: one row for each operation of the graph IR, gathered from the families' files.
 * Whatever must know an operation (shapes, meaning, traits, samples) reads its row here.
 */
import type { Primitive } from '../primitive.ts';
import type { OpName } from '../types.ts';
import { binaryRows } from './binary.ts';
import { compareRows } from './compare.ts';
import { contractionRows } from './contraction.ts';
import { controlRows } from './control.ts';
import { effectRows } from './effect.ts';
import { indexingRows } from './indexing.ts';
import { movementRows } from './movement.ts';
import { reduceRows } from './reduce.ts';
import { sourceRows } from './source.ts';
import { unaryRows } from './unary.ts';

type Table = { readonly [K in OpName]: Primitive<K> };

export const PRIMITIVES = {
  ...sourceRows, ...unaryRows, ...binaryRows, ...compareRows, ...movementRows,
  ...reduceRows, ...contractionRows, ...indexingRows, ...controlRows, ...effectRows,
} satisfies Table;

const TABLE: Table = PRIMITIVES;

/** The row of an operation. */
export const primitiveOf = <K extends OpName>(op: K): Primitive<K> => TABLE[op];

/** Every operation, in the order of the table. */
export const OP_NAMES = Object.keys(PRIMITIVES) as OpName[];
