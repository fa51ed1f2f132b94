/**
 * Graph nodes as kernel expressions: what is not given a buffer of its own is written into its consumers' bodies here.
 * One rule per primitive that can be inlined; movement is a change of coordinates, padding and concatenation are guards.
 */
import { InternalError } from '../base/errors.ts';
import { at, reshapeSplits } from '../base/shape.ts';
import type { DType } from '../base/dtype.ts';
import type { Node, OpName } from '../ir/types.ts';
import {
  coordExpr, coordsKey, dynamicCoord, linear, normalizeCoords, scaleCoord, throughBroadcast, throughReshape, throughSlice, throughTranspose, type Coord,
} from './coords.ts';
import type { BinaryName, CompareName, Condition, Expr, UnaryName } from './ir.ts';

/** Where expressions are being written: how placed nodes are read, and what was written already. */
export interface Scope {
  readonly memo: Map<string, Expr>;
  /** The expression that reads a placed node, or null where it must be expanded. */
  read(node: Node, coords: readonly Coord[]): Expr | null;
  /** The expression that reads a node's buffer at a row-major position, or null where it has none that can be read here. */
  readFlat(node: Node, position: Coord): Expr | null;
}

type Rule<K extends OpName> = (node: Node<K>, coords: readonly Coord[], scope: Scope) => Expr;

/** The expression of `node` at `coords`. */
export function expressionOf(node: Node, coords: readonly Coord[], scope: Scope): Expr {
  const places = normalizeCoords(coords, node.type.shape);
  const key = `${node.id}@${coordsKey(places)}`;
  const known = scope.memo.get(key);
  if (known !== undefined) return known;
  const made = scope.read(node, places) ?? expand(node, places, scope);
  scope.memo.set(key, made);
  return made;
}

function expand(node: Node, coords: readonly Coord[], scope: Scope): Expr {
  const rule = (RULES as Partial<Record<OpName, Rule<OpName>>>)[node.op];
  if (rule === undefined) throw new InternalError(`node ${node.id} (${node.op}) has no buffer and cannot be inlined`);
  return rule(node, coords, scope);
}

/** True where nodes of this operation may be written into their consumers. */
export const isInlinable = (op: OpName): boolean => op in RULES;

// ---- elementwise ----
const operand = (node: Node, i: number, coords: readonly Coord[], scope: Scope): Expr => expressionOf(at(node.inputs, i), coords, scope);
const unary = (op: UnaryName) => (node: Node, coords: readonly Coord[], scope: Scope): Expr => ({ k: 'unary', op, dtype: node.type.dtype, x: operand(node, 0, coords, scope) });
const binary = (op: BinaryName) => (node: Node, coords: readonly Coord[], scope: Scope): Expr =>
  ({ k: 'binary', op, dtype: node.type.dtype, a: operand(node, 0, coords, scope), b: operand(node, 1, coords, scope) });
const compare = (op: CompareName) => (node: Node, coords: readonly Coord[], scope: Scope): Expr =>
  ({ k: 'compare', op, dtype: 'bool', a: operand(node, 0, coords, scope), b: operand(node, 1, coords, scope) });
const identity = (node: Node, coords: readonly Coord[], scope: Scope): Expr => operand(node, 0, coords, scope);

const RULES = {
  // sources
  const: (node) => ({ k: 'const', dtype: node.type.dtype, value: at(node.attrs.data, 0) }),
  iota: (node, coords) => {
    const where = at(coords, node.attrs.axis), dtype = node.type.dtype;
    const value = coordExpr(where);
    return dtype === 'i32' ? value : { k: 'cast', dtype, x: value };
  },
  // elementwise
  neg: unary('neg'), exp: unary('exp'), log: unary('log'), log1p: unary('log1p'), expm1: unary('expm1'), sin: unary('sin'), cos: unary('cos'), tanh: unary('tanh'),
  erf: unary('erf'), sqrt: unary('sqrt'), floor: unary('floor'), round: unary('round'), not: unary('not'),
  add: binary('add'), sub: binary('sub'), mul: binary('mul'), div: binary('div'), mod: binary('mod'), pow: binary('pow'), min: binary('min'), max: binary('max'),
  and: binary('and'), or: binary('or'), xor: binary('xor'), shl: binary('shl'), shr: binary('shr'),
  lt: compare('lt'), le: compare('le'), eq: compare('eq'),
  where: (node, coords, scope) => ({
    k: 'select', dtype: node.type.dtype, condition: operand(node, 0, coords, scope), a: operand(node, 1, coords, scope), b: operand(node, 2, coords, scope),
  }),
  cast: (node, coords, scope) => {
    const x = operand(node, 0, coords, scope);
    return x.dtype === node.type.dtype ? x : { k: 'cast', dtype: node.type.dtype, x };
  },
  bitcast: (node, coords, scope) => ({ k: 'bitcast', dtype: node.type.dtype, x: operand(node, 0, coords, scope) }),
  stopGradient: identity, barrier: identity, allReduce: identity, assign: identity,
  // movement
  reshape: (node, coords, scope) => {
    const x = at(node.inputs, 0);
    // What stands in a buffer is read at the same position, whatever the shapes.
    const flat = reshapeSplits(node.type.shape, x.type.shape) ? scope.readFlat(x, linear(coords, node.type.shape)) : null;
    return flat ?? expressionOf(x, throughReshape(coords, node.type.shape, x.type.shape), scope);
  },
  transpose: (node, coords, scope) => expressionOf(at(node.inputs, 0), throughTranspose(coords, node.attrs), scope),
  broadcast: (node, coords, scope) => expressionOf(at(node.inputs, 0), throughBroadcast(coords, at(node.inputs, 0).type.shape), scope),
  slice: (node, coords, scope) => expressionOf(at(node.inputs, 0), throughSlice(coords, node.attrs), scope),
  pad: (node, coords, scope) => {
    const { low, interior, value } = node.attrs;
    const x = at(node.inputs, 0);
    const ranges = x.type.shape.map((n, i): Range => ({ coord: at(coords, i), low: at(low, i), extent: n, step: at(interior, i) + 1, full: at(node.type.shape, i) }));
    return guarded(ranges, (inner, s) => expressionOf(x, inner, s), { k: 'const', dtype: node.type.dtype, value }, scope);
  },
  concat: (node, coords, scope) => {
    const axis = node.attrs.axis;
    let end = at(node.type.shape, axis);
    let result: Expr | null = null;
    for (const part of [...node.inputs].reverse()) {
      const extent = at(part.type.shape, axis);
      end -= extent;
      if (extent === 0) continue;
      const shifted = (c: readonly Coord[]): Coord[] => c.map((p, i) => (i === axis ? scaleCoord(p, 1, -end) : p));
      if (result === null) {
        // The last piece needs a guard too: its loads must not happen in front of it. It is the innermost `outside`, so it is safe there.
        result = expressionOf(part, shifted(coords), { ...scope, memo: new Map() });
        continue;
      }
      const outside: Expr = result;
      const ranges = coords.map((coord, i): Range => (i === axis
        ? { coord, low: end, extent, step: 1, full: at(node.type.shape, axis) } : { coord, low: 0, extent: at(node.type.shape, i), step: 1, full: at(node.type.shape, i) }));
      result = guarded(ranges, (inner, s) => expressionOf(part, inner, s), outside, scope);
    }
    return result ?? { k: 'const', dtype: node.type.dtype, value: 0 };
  },
  // indexing
  gather: (node, coords, scope) => {
    const x = at(node.inputs, 0), indices = at(node.inputs, 1);
    const { axis, batchDims } = node.attrs;
    const span = indices.type.shape.length - batchDims;
    const index = expressionOf(indices, [...coords.slice(0, batchDims), ...coords.slice(axis, axis + span)], scope);
    const i32 = (value: number): Expr => ({ k: 'const', dtype: 'i32', value });
    const wanted: Expr = index.dtype === 'i32' ? index : { k: 'cast', dtype: 'i32', x: index };
    const clamped: Expr = { k: 'binary', op: 'max', dtype: 'i32', a: i32(0), b: { k: 'binary', op: 'min', dtype: 'i32', a: i32(at(x.type.shape, axis) - 1), b: wanted } };
    return expressionOf(x, [...coords.slice(0, axis), dynamicCoord(clamped), ...coords.slice(axis + span)], scope);
  },
} satisfies { [K in OpName]?: Rule<K> };

/** One axis of a guarded read: the operand's element j stands at low + j · step of an axis of extent `full`. */
export interface Range { readonly coord: Coord; readonly low: number; readonly extent: number; readonly step: number; readonly full: number }

/**
 * `inside` with the operand's coordinates where every range holds an element, else `outside`. Affine coordinates make a guard; data-dependent
 * ones a select over clamped coordinates.
 */
export function guarded(ranges: readonly Range[], inside: (coords: readonly Coord[], scope: Scope) => Expr, outside: Expr, scope: Scope): Expr {
  const conditions: Condition[] = [];
  let dynamicCondition: Expr | null = null;
  const i32 = (value: number): Expr => ({ k: 'const', dtype: 'i32', value });
  const coords = ranges.map((r): Coord => {
    if (r.low === 0 && r.step === 1 && r.extent === r.full) return r.coord;
    const moved = scaleCoord(r.coord, 1, -r.low), hi = (r.extent - 1) * r.step + 1;
    if (moved.dynamic.length === 0) {
      conditions.push(r.step === 1 ? { at: moved.at, lo: 0, hi } : { at: moved.at, lo: 0, hi, divisor: r.step });
      return r.step === 1 ? moved : dynamicCoord({ k: 'binary', op: 'div', dtype: 'i32', a: coordExpr(moved), b: i32(r.step) });
    }
    const value = coordExpr(moved);
    let holds: Expr = { k: 'binary', op: 'and', dtype: 'bool', a: { k: 'compare', op: 'le', dtype: 'bool', a: i32(0), b: value }, b: { k: 'compare', op: 'lt', dtype: 'bool', a: value, b: i32(hi) } };
    if (r.step !== 1) {
      const rest: Expr = { k: 'binary', op: 'mod', dtype: 'i32', a: value, b: i32(r.step) };
      holds = { k: 'binary', op: 'and', dtype: 'bool', a: holds, b: { k: 'compare', op: 'eq', dtype: 'bool', a: rest, b: i32(0) } };
    }
    dynamicCondition = dynamicCondition === null ? holds : { k: 'binary', op: 'and', dtype: 'bool', a: dynamicCondition, b: holds };
    const step: Expr = r.step === 1 ? value : { k: 'binary', op: 'div', dtype: 'i32', a: value, b: i32(r.step) };
    return dynamicCoord({ k: 'binary', op: 'max', dtype: 'i32', a: i32(0), b: { k: 'binary', op: 'min', dtype: 'i32', a: i32(r.extent - 1), b: step } });
  });
  // A guard's inside is a scope of its own: what is computed there must not be reused outside, where it may never have happened.
  const value = inside(coords, conditions.length === 0 ? scope : { ...scope, memo: new Map() });
  const selected: Expr = dynamicCondition === null ? value : { k: 'select', dtype: value.dtype, condition: dynamicCondition, a: value, b: outside };
  return conditions.length === 0 ? selected : { k: 'guard', dtype: value.dtype, conditions, inside: selected, outside };
}

/** A constant of any dtype as an expression. */
export const constExpr = (dtype: DType, value: number): Expr => ({ k: 'const', dtype, value });

