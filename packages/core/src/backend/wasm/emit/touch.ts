/**
 * Reads ahead for rows that are named by an index. Rows of a large table come from main memory; read or updated one after the other, each would be
 * waited for. One element of every cache line of the next rows is read in one tight loop, so that many are under way at once.
 */
import { at } from '../../../base/shape.ts';
import { byteSize } from '../../../base/dtype.ts';
import type { BufferId, Expr, Store } from '../../../kernel/ir.ts';
import type { FunctionWriter, Local } from '../encoder.ts';
import type { EmitContext } from './context.ts';
import { childrenOf } from './expr-plan.ts';
import type { Axis } from './nest.ts';

/** Rows that are fetched together, from which size of their tables on, and for how few bytes of a row it does not pay. */
const AHEAD = 16, LARGE = 1 << 21, LINE = 64;

type Load = Extract<Expr, { k: 'load' }>;
/** A table whose rows go by the index: where row 0 begins, bytes between rows, bytes of a row. */
interface Table { readonly buffer: BufferId; readonly offset: number; readonly stride: number; readonly bytes: number; readonly rows: number }
export interface Touch { readonly index: Load; readonly tables: readonly Table[] }

/** The load that an index is read by, perhaps clamped. */
function readOf(e: Expr | undefined): Load | null {
  if (e?.k === 'load') return e;
  return e?.k !== 'binary' || (e.op !== 'min' && e.op !== 'max') ? null : e.a.k === 'const' ? readOf(e.b) : e.b.k === 'const' ? readOf(e.a) : null;
}
/** True where the index is read from memory, one for each unit. */
const perUnit = (index: Load | null, slot: number): index is Load => index !== null && index.dynamic === undefined && index.at.coeffs.every((c, s) => c === (s === slot ? 1 : 0)) && index.at.coeffs[slot] === 1;
/** True where the rest of an address runs along the row; there are no axes but `slot` and `inner`, which may stand for several in a row. */
const alongRow = (coeffs: readonly number[], slot: number, inner: Axis): boolean => (coeffs[slot] ?? 0) === 0 && coeffs[inner.slot] === 1;

/** The tables that stores update by one common index, a row for each unit of `slot`; null where they are not, or are small. */
export function touchOfStores(stores: readonly Store[], by: Expr, extent: number, slot: number, inner: Axis): Touch | null {
  const index = readOf(by);
  if (!perUnit(index, slot)) return null;
  return large(index, stores.map((s) => (byteSize(s.dtype) === 4 && alongRow(s.at.coeffs, slot, inner) ? tableOf(s.buffer, s.at.offset, at(s.dynamic ?? [], 0).stride, byteSize(s.dtype), extent, inner) : null)));
}
/** The tables that are read by one common index, a row for each unit of `slot`, with `extentOf` elements in each; null where none is, or they are small. */
export function touchOfLoads(stores: readonly Store[], slot: number, inner: Axis, elementsOf: (buffer: BufferId) => number): Touch | null {
  const loads = new Set<Load>(), seen = new Set<Expr>();
  const walk = (e: Expr): void => {
    if (seen.has(e)) return;
    seen.add(e);
    if (e.k === 'load' && e.dynamic !== undefined) loads.add(e);
    childrenOf(e).forEach(walk);
  };
  for (const s of stores) walk(s.value);
  const [first] = loads, index = readOf(first?.dynamic?.[0]?.value);
  if (!perUnit(index, slot)) return null;
  return large(index, [...loads].map((load) => {
    const [by, more] = load.dynamic ?? [], value = readOf(by?.value);
    if (by === undefined || more !== undefined || value === null || value.buffer !== index.buffer || value.at.offset !== index.at.offset || !alongRow(load.at.coeffs, slot, inner)) return null;
    return tableOf(load.buffer, load.at.offset, by.stride, byteSize(load.dtype), Math.floor(elementsOf(load.buffer) / by.stride), inner);
  }));
}
const tableOf = (buffer: BufferId, offset: number, stride: number, size: number, rows: number, inner: Axis): Table => ({ buffer, offset: offset * size, stride: stride * size, bytes: inner.extent * size, rows });
function large(index: Load, tables: readonly (Table | null)[]): Touch | null {
  const known = tables.filter((t) => t !== null);
  return known.length === tables.length && known.reduce((sum, t) => sum + t.rows * t.stride, 0) >= LARGE ? { index, tables: known } : null;
}

/** At every AHEAD-th unit: touches the rows of it and of the units after it. */
export function emitTouch(context: EmitContext, w: FunctionWriter, { index, tables }: Touch, unit: Local, lo: Local, hi: Local): void {
  const next = w.local('i32'), stop = w.local('i32'), row = w.local('i32'), place = w.local('i32'), sum = w.local('i32');
  const rows = Math.min(...tables.map((t) => t.rows));
  const over = (lines: (table: Table) => readonly number[]): void => {
    w.get(unit).set(next);
    w.loop(() => {
      w.get(next).i32(2).op('i32.shl').memory('i32.load', context.address(index.buffer) + 4 * index.at.offset).tee(row).i32(0).get(row).i32(rows).op('i32.lt_u').op('select').set(row);
      for (const table of tables) {
        w.get(row).i32(table.stride).op('i32.mul').set(place);
        for (const line of lines(table)) w.get(sum).get(place).memory('i32.load8_u', context.address(table.buffer) + table.offset + line).op('i32.xor').set(sum);
      }
      w.get(next).i32(1).op('i32.add').tee(next).get(stop).op('i32.lt_s').brIf(0);
    });
  };
  w.get(unit).get(lo).op('i32.sub').i32(AHEAD - 1).op('i32.and').op('i32.eqz').if(() => {
    w.get(unit).i32(AHEAD).op('i32.add').tee(stop).get(hi).get(stop).get(hi).op('i32.lt_s').op('select').set(stop);
    // The first line of every row first: rows lie on pages of their own, and looking those up takes longest.
    if (tables.some((t) => t.bytes > 2 * LINE)) over(() => [0]);
    over((table) => Array.from({ length: Math.ceil((table.bytes - 1) / LINE) + 1 }, (_, i) => Math.min(i * LINE, table.bytes - 1)));
    // kept, so that no compiler leaves the reads out
    w.get(sum).globalSet(touchedGlobal(context));
  });
  w.free(next, stop, row, place, sum);
}
const touched = new WeakMap<EmitContext['module'], number>();
function touchedGlobal({ module }: EmitContext): number {
  const known = touched.get(module) ?? module.global('i32', 0);
  touched.set(module, known);
  return known;
}
