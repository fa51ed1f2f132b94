/**
 * Dtype rules of the operation library, at the level of nodes and of types.
 *
 * The ladder is bool < u8 < i32, u32 < f32 < f64: a mixed pair takes the higher step. i32 with u32 has no common step and is refused.
 * A plain number adopts the tensor's dtype (2.5 against an integer tensor is refused rather than truncated). Arithmetic on bool
 * works on i32, so that `equal(a, b).sum()` counts. Prior art: NumPy's promotion, JAX's weak types.
 */
import { isFloat, type DType } from '../../base/dtype.ts';
import { DTypeError } from '../../base/errors.ts';
import { broadcastShapes } from '../../base/shape.ts';
import * as g from '../../ir/build.ts';
import type { Node } from '../../ir/types.ts';

/** The dtype of a mixed pair, in types. */
export type Promote<A extends DType, B extends DType> =
  DType extends A ? DType : DType extends B ? DType
    : 'f64' extends A | B ? 'f64' : 'f32' extends A | B ? 'f32' : 'i32' extends A | B ? 'i32' : 'u32' extends A | B ? 'u32' : 'u8' extends A | B ? 'u8' : 'bool';
/** What arithmetic makes of a dtype: bool counts as i32. */
export type Countable<D extends DType> = DType extends D ? DType : D extends 'bool' ? 'i32' : D;
/** What real functions (division, exp, mean) make of a dtype: integers and bool become f32. */
export type Real<D extends DType> = DType extends D ? DType : D extends 'f64' ? 'f64' : 'f32';

const STEP = { bool: 0, u8: 1, i32: 2, u32: 2, f32: 3, f64: 4 } as const satisfies Record<DType, number>;

/** The common dtype of a mixed pair. Throws DTypeError for i32 with u32. */
export function promote(a: DType, b: DType, who: string): DType {
  if (a === b) return a;
  if (STEP[a] === STEP[b]) throw new DTypeError(`${who}: ${a} and ${b} have no common dtype; cast one of them first.`);
  return STEP[a] > STEP[b] ? a : b;
}

/** An operand of the node library: a node, or a plain number that adopts its partner's dtype. */
export type Operand = Node | number | boolean;
export const isNode = (x: Operand): x is Node => typeof x === 'object';

const RANGE: Readonly<Record<Exclude<DType, 'f32' | 'f64'>, readonly [number, number]>> = {
  bool: [0, 1], u8: [0, 255], i32: [-2147483648, 2147483647], u32: [0, 4294967295],
};

/** A plain number as a scalar node of `dtype`; refuses numbers that the dtype cannot hold. */
export function scalar(value: number | boolean, dtype: DType, who: string): Node {
  const x = Number(value);
  if (dtype !== 'f32' && dtype !== 'f64') {
    const [low, high] = RANGE[dtype];
    if (!Number.isInteger(x) || x < low || x > high) {
      throw new DTypeError(`${who}: ${x} cannot be held by ${dtype}; cast the tensor first (for example to 'f32').`);
    }
  }
  return g.splat(x, [], dtype);
}

/** `x` as f32 unless it is a float already. */
export const real = (x: Node): Node => (isFloat(x.type.dtype) ? x : g.cast(x, 'f32'));
/** `x` as i32 when it is bool. */
export const number = (x: Node): Node => (x.type.dtype === 'bool' ? g.cast(x, 'i32') : x);
/** `x ≠ 0`. */
export const truth = (x: Node): Node => g.cast(x, 'bool');

/** Both operands in their common dtype, not yet broadcast. `adapt` runs on each tensor operand first. */
export function unify(a: Operand, b: Operand, who: string, adapt: (x: Node) => Node = (x) => x): [Node, Node] {
  if (isNode(a) && isNode(b)) {
    const x = adapt(a), y = adapt(b), dtype = promote(x.type.dtype, y.type.dtype, who);
    return [g.cast(x, dtype), g.cast(y, dtype)];
  }
  if (isNode(a)) { const x = adapt(a); return [x, scalar(b as number, x.type.dtype, who)]; }
  if (isNode(b)) { const y = adapt(b); return [scalar(a, y.type.dtype, who), y]; }
  return [scalar(a, 'f32', who), scalar(b, 'f32', who)];
}

/** Both operands in their common dtype and shape. */
export function operands(a: Operand, b: Operand, who: string, adapt?: (x: Node) => Node): [Node, Node] {
  const [x, y] = unify(a, b, who, adapt);
  const shape = broadcastShapes(x.type.shape, y.type.shape, who);
  return [g.broadcastTo(x, shape), g.broadcastTo(y, shape)];
}
