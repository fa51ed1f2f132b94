/**
 * A gemm kernel seen as matrices: its axes collapsed, its indices rewritten to one order of slots, its operands classified.
 *
 * Slots of every index after this file: counters of the enclosing loops, then the kernel's batch, m, n and k axes. Axes that neither
 * operand needs apart are merged; batch axes that `b` does not see become rows (and those that only `b` sees become columns, by
 * `mirror`: C^T = B^T A^T is the same sums in the same order).
 */
import { byteSize } from '../../../base/dtype.ts';
import { at } from '../../../base/shape.ts';
import type { Affine, Expr, GemmBody, Store, Triangles } from '../../../kernel/ir.ts';
import type { EmitContext } from './context.ts';
import { collapseAxes, unitSlots } from './nest.ts';
import type { Axis } from './nest.ts';

export interface GemmShape {
  readonly slots: number;
  /** slots of extent 1 */
  readonly ignored: ReadonlySet<number>;
  readonly batch: readonly Axis[]; readonly m: readonly Axis[]; readonly n: readonly Axis[]; readonly k: readonly Axis[];
  readonly a: Expr; readonly b: Expr; readonly stores: readonly Store[];
  readonly triangles: Triangles;
}

/** A matrix that stands in memory: bytes. `at` gives the address of its first element for loop counters and batch axes. */
export interface Plain { readonly at: Affine; readonly address: number; readonly row: number; readonly column: number }

export const extentOf = (axes: readonly Axis[]): number => axes.reduce((size, axis) => size * axis.extent, 1);

/** Rewrites every index of an expression; shared parts stay shared. */
export function mapIndices(expr: Expr, change: (affine: Affine) => Affine, done = new Map<Expr, Expr>()): Expr {
  const known = done.get(expr);
  if (known !== undefined) return known;
  const sub = (e: Expr) => mapIndices(e, change, done);
  const made = ((): Expr => {
    switch (expr.k) {
      case 'const': case 'acc': return expr;
      case 'axis': return { ...expr, at: change(expr.at) };
      case 'load': return {
        ...expr, at: change(expr.at),
        ...(expr.dynamic === undefined ? {} : { dynamic: expr.dynamic.map((d) => ({ value: sub(d.value), stride: d.stride })) }),
      };
      case 'unary': case 'cast': case 'bitcast': return { ...expr, x: sub(expr.x) };
      case 'binary': case 'compare': return { ...expr, a: sub(expr.a), b: sub(expr.b) };
      case 'select': return { ...expr, condition: sub(expr.condition), a: sub(expr.a), b: sub(expr.b) };
      case 'guard': return {
        ...expr, conditions: expr.conditions.map((c) => ({ ...c, at: change(c.at) })), inside: sub(expr.inside), outside: sub(expr.outside),
      };
    }
  })();
  done.set(expr, made);
  return made;
}

/** Every index that occurs in an expression. */
export function indicesOf(expr: Expr): Affine[] {
  const out: Affine[] = [];
  mapIndices(expr, (affine) => { out.push(affine); return affine; });
  return out;
}

/** Brings a gemm into the shape described above. */
export function shapeOf(body: GemmBody, loops: number): GemmShape {
  const sizes = { batch: body.batch.length, m: body.m.length, n: body.n.length, k: body.k.length };
  const first = { batch: loops, m: loops + sizes.batch, n: loops + sizes.batch + sizes.m, k: loops + sizes.batch + sizes.m + sizes.n };
  const slots = first.k + sizes.k;
  type Group = 'batch' | 'm' | 'n' | 'k';
  const reorder = (groups: readonly Group[]) => (affine: Affine): Affine => {
    const coeffs = new Array<number>(slots).fill(0);
    for (let i = 0; i < loops; i++) coeffs[i] = affine.coeffs[i] ?? 0;
    let from = loops;
    for (const g of groups) for (let i = 0; i < sizes[g]; i++) coeffs[first[g] + i] = affine.coeffs[from++] ?? 0;
    return { offset: affine.offset, coeffs };
  };
  const a = mapIndices(body.a, reorder(['batch', 'm', 'k'])), b = mapIndices(body.b, reorder(['batch', 'k', 'n']));
  const change = reorder(['batch', 'm', 'n']), done = new Map<Expr, Expr>();
  const stores = body.stores.map((s) => ({ ...s, at: change(s.at), value: mapIndices(s.value, change, done) }));

  const inA = indicesOf(a), inB = indicesOf(b), inC = stores.flatMap((s) => [s.at, ...indicesOf(s.value)]);
  const extents = [...new Array<number>(loops).fill(0), ...body.batch, ...body.m, ...body.n, ...body.k];
  const ignored = unitSlots(extents, 0);
  const sees = (indices: readonly Affine[], slot: number) => indices.some((i) => (i.coeffs[slot] ?? 0) !== 0);
  const batchSlots = body.batch.map((_, i) => first.batch + i).filter((slot) => !ignored.has(slot));
  // Batch axes become rows when b stands still along all of them (in part would need a new order of axes; rare).
  const asRows = batchSlots.length > 0 && batchSlots.every((slot) => !sees(inB, slot));
  const asColumns = !asRows && batchSlots.length > 0 && batchSlots.every((slot) => !sees(inA, slot));
  const axes = (list: readonly number[], start: number, indices: readonly Affine[]) => collapseAxes(list, start, indices);
  const batchAlone = asRows || asColumns ? [] : axes(body.batch, first.batch, [...inA, ...inB, ...inC]);
  const m = asRows ? axes([...body.batch, ...body.m], first.batch, [...inA, ...inC]) : axes(body.m, first.m, [...inA, ...inC]);
  const n = axes(body.n, first.n, [...inB, ...inC]);
  // Column axes need not be neighbours of the batch axes in the slots: collapse each part by itself.
  const columns = asColumns ? [...axes(body.batch, first.batch, [...inB, ...inC]), ...n] : n;
  const triangles = asRows || asColumns || [m, n].some((list) => list.length > 1) ? {} : body.triangles ?? {};
  return { slots, ignored, triangles, batch: batchAlone, m, n: columns, k: axes(body.k, first.k, [...inA, ...inB]), a, b, stores };
}

/** The same product with rows and columns exchanged. */
export const mirror = (s: GemmShape): GemmShape => ({ ...s, m: s.n, n: s.m, a: s.b, b: s.a, triangles: mirrored(s.triangles) });
const mirrored = ({ a, b, c }: Triangles): Triangles => ({ ...(b === undefined ? {} : { a: b }), ...(a === undefined ? {} : { b: a }), ...(c === undefined ? {} : { c: c === 'above' ? 'below' : 'above' }) });

/** The stride along flattened axes (0 without axes); null where this index does not walk them as if they were one. */
function stride(axes: readonly Axis[], affine: Affine): number | null {
  const coefficient = (i: number) => affine.coeffs[at(axes, i).slot] ?? 0;
  for (let i = 0; i + 1 < axes.length; i++) if (coefficient(i) !== coefficient(i + 1) * at(axes, i + 1).extent) return null;
  return axes.length === 0 ? 0 : coefficient(axes.length - 1);
}

/** `expr` as a matrix in memory with the given row and column axes, or null where it is not a plain f32 load with constant strides ≥ 0. */
export function plainMatrix(context: EmitContext, expr: Expr, rows: readonly Axis[], columns: readonly Axis[]): Plain | null {
  if (expr.k !== 'load' || expr.dtype !== 'f32' || (expr.dynamic !== undefined && expr.dynamic.length > 0)) return null;
  return plainPlace(context, expr.buffer, expr.at, rows, columns);
}

/** The same for the place of a store. */
export function plainPlace(context: EmitContext, buffer: number, affine: Affine, rows: readonly Axis[], columns: readonly Axis[]): Plain | null {
  const row = stride(rows, affine), column = stride(columns, affine);
  if (row === null || column === null || row < 0 || column < 0) return null;
  const bytes = byteSize('f32');
  return { at: affine, address: context.address(buffer), row: row * bytes, column: column * bytes };
}
