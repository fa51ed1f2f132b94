/**
 * Coordinates: where an element of a node stands, as a function of a kernel's axes. One `Coord` per axis of the node;
 * movement operations are functions from the coordinates of their result to those of their operand, and so cost nothing in a kernel.
 */
import { at, reshapeGroups, stridesOf, type Shape } from '../base/shape.ts';
import type { OpAttrs } from '../ir/types.ts';
import type { Affine, DynamicIndex, Expr } from './ir.ts';

/** affine part plus data-dependent parts */
export interface Coord { readonly at: Affine; readonly dynamic: readonly DynamicIndex[] }

const trim = (coeffs: readonly number[]): readonly number[] => {
  let n = coeffs.length;
  while (n > 0 && coeffs[n - 1] === 0) n--;
  return n === coeffs.length ? coeffs : coeffs.slice(0, n);
};

export const constantCoord = (value: number): Coord => ({ at: { offset: value, coeffs: [] }, dynamic: [] });
/** The value of kernel axis `axis` (counted with the loop counters). */
export const axisCoord = (axis: number): Coord => ({ at: { offset: 0, coeffs: [...new Array<number>(axis).fill(0), 1] }, dynamic: [] });
export const dynamicCoord = (value: Expr): Coord => ({ at: { offset: 0, coeffs: [] }, dynamic: [{ value, stride: 1 }] });

export function addAffine(a: Affine, b: Affine, factor = 1): Affine {
  const coeffs = Array.from({ length: Math.max(a.coeffs.length, b.coeffs.length) }, (_, i) => (a.coeffs[i] ?? 0) + factor * (b.coeffs[i] ?? 0));
  return { offset: a.offset + factor * b.offset, coeffs: trim(coeffs) };
}
/** Equal functions; coefficients that a list leaves out are 0. */
export function sameAffine(a: Affine, b: Affine): boolean {
  if (a.offset !== b.offset) return false;
  for (let i = 0; i < Math.max(a.coeffs.length, b.coeffs.length); i++) if ((a.coeffs[i] ?? 0) !== (b.coeffs[i] ?? 0)) return false;
  return true;
}
/** c · factor + offset */
export function scaleCoord(c: Coord, factor: number, offset = 0): Coord {
  if (factor === 1) return offset === 0 ? c : { at: { offset: c.at.offset + offset, coeffs: c.at.coeffs }, dynamic: c.dynamic };
  return {
    at: { offset: c.at.offset * factor + offset, coeffs: trim(c.at.coeffs.map((x) => x * factor)) },
    dynamic: factor === 0 ? [] : c.dynamic.map((d) => ({ value: d.value, stride: d.stride * factor })),
  };
}
export const addCoords = (a: Coord, b: Coord, factor = 1): Coord => ({
  at: addAffine(a.at, b.at, factor),
  dynamic: b.dynamic.length === 0 ? a.dynamic : [...a.dynamic, ...scaleCoord(b, factor).dynamic],
});

/** Row-major position of `coords` in a tensor of `shape`. */
export function linear(coords: readonly Coord[], shape: Shape): Coord {
  const strides = stridesOf(shape);
  return coords.reduce((sum, c, i) => addCoords(sum, c, at(strides, i)), constantCoord(0));
}

/** Coordinates of a tensor of `shape` whose axes are the kernel's axes from `first` on; extents of 1 are the constant 0. */
export const identityCoords = (shape: Shape, first: number): Coord[] => shape.map((d, i) => (d === 1 ? constantCoord(0) : axisCoord(first + i)));

/** Writes 0 for every axis of extent 1, so that equal places have equal coordinates. */
export const normalizeCoords = (coords: readonly Coord[], shape: Shape): Coord[] => coords.map((c, i) => (at(shape, i) === 1 ? constantCoord(0) : c));

/** The integer value of a coordinate as an expression (i32). */
export function coordExpr(c: Coord): Expr {
  let value: Expr = c.at.coeffs.length === 0 ? { k: 'const', dtype: 'i32', value: c.at.offset } : { k: 'axis', dtype: 'i32', at: c.at };
  for (const d of c.dynamic) {
    const term: Expr = d.stride === 1 ? d.value : { k: 'binary', op: 'mul', dtype: 'i32', a: d.value, b: { k: 'const', dtype: 'i32', value: d.stride } };
    value = { k: 'binary', op: 'add', dtype: 'i32', a: value, b: term };
  }
  return value;
}

const expressionIds = new WeakMap<Expr, number>();
let nextExpressionId = 0;
function expressionId(e: Expr): number {
  let id = expressionIds.get(e);
  if (id === undefined) { id = nextExpressionId++; expressionIds.set(e, id); }
  return id;
}
/** Equal keys, equal places. */
export function coordsKey(coords: readonly Coord[]): string {
  return coords.map((c) => `${c.at.offset}:${trim(c.at.coeffs).join()}${c.dynamic.map((d) => `|${expressionId(d.value)}*${d.stride}`).join('')}`).join(';');
}

/** reshape: coordinates of the operand from those of the result. Splits become integer division (right, but slow: the cuts avoid it). */
export function throughReshape(coords: readonly Coord[], result: Shape, operand: Shape): Coord[] {
  const out = operand.map(() => constantCoord(0));
  for (const group of reshapeGroups(result, operand)) {
    const position = linear(group.from.map((i) => at(coords, i)), group.from.map((i) => at(result, i)));
    if (group.to.length === 1) { out[at(group.to, 0)] = position; continue; }
    const value = coordExpr(position);
    const sizes = group.to.map((i) => at(operand, i)), strides = stridesOf(sizes);
    group.to.forEach((axis, n) => {
      const i32 = (v: number): Expr => ({ k: 'const', dtype: 'i32', value: v });
      const high: Expr = at(strides, n) === 1 ? value : { k: 'binary', op: 'div', dtype: 'i32', a: value, b: i32(at(strides, n)) };
      out[axis] = dynamicCoord(n === 0 ? high : { k: 'binary', op: 'mod', dtype: 'i32', a: high, b: i32(at(sizes, n)) });
    });
  }
  return out;
}
export function throughTranspose(coords: readonly Coord[], attrs: OpAttrs['transpose']): Coord[] {
  const out = new Array<Coord>(coords.length).fill(constantCoord(0));
  attrs.perm.forEach((p, i) => { out[p] = at(coords, i); });
  return out;
}
export const throughBroadcast = (coords: readonly Coord[], operand: Shape): Coord[] => normalizeCoords(coords, operand);
export const throughSlice = (coords: readonly Coord[], attrs: OpAttrs['slice']): Coord[] =>
  coords.map((c, i) => scaleCoord(c, at(attrs.strides, i), at(attrs.starts, i)));
