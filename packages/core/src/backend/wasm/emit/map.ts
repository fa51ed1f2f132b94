/**
 * Map kernels. The outer loops are flattened into units; where there are none, units are groups of 16 elements of the only loop; where
 * there are few, the innermost loop is cut into chunks.
 */
import { sizeOf } from '../../../base/shape.ts';
import type { Expr, Kernel, MapBody, Store } from '../../../kernel/ir.ts';
import { affinesOf } from './expr-plan.ts';
import { phaseFunction, type EmitContext, type Phase } from './context.ts';
import { ExprEmitter } from './expr.ts';
import { indicesOf, innerLoop, nestedLoops, planLoops, unrollFor } from './loops.ts';
import type { FunctionWriter, Local } from '../encoder.ts';
import { collapseAxes, Nest, unitSlots, type Axis } from './nest.ts';
import { emitTouch, touchOfLoads, touchOfStores } from './touch.ts';

/** Elements of the only axis that make one unit: 64 bytes of f32. */
const GROUP = 16;
/** Elements of a chunk of the innermost axis, where units would be too few without. */
const CHUNK = 1024;
/** With as many units as this, deeper loops stay inside a unit. */
const ENOUGH = 64;

/** ns of one scalar operation, alone or as one of four lanes; of one byte of memory traffic. */
const NS_SCALAR = 0.3, NS_LANE = 0.04, NS_BYTE = 0.02;
export function estimateNs(operations: number, vector: boolean, bytes: number): number {
  return Math.max(operations * (vector ? NS_LANE : NS_SCALAR), bytes * NS_BYTE);
}

export function emitMap(context: EmitContext, kernel: Kernel, body: MapBody): Phase[] {
  const { writer: w, index: fn, lo, hi, counters } = phaseFunction(context, kernel);
  const first = kernel.loops, total = sizeOf(body.axes);
  if (total === 0) return [];
  const axes = collapseAxes(body.axes, first, indicesOf(body.stores));
  // Stores that follow an index go row by row: vectors lie along a row, and a row that goes nowhere is not computed where all go by one index.
  const moved = body.stores.filter((s) => s.dynamic !== undefined), own = planLoops(axes, body.stores), inner = own.inner;
  const along = (s: Store): boolean => inner !== null && affinesOf((s.dynamic ?? []).map((d) => d.value)).some((a) => (a.coeffs[inner.slot] ?? 0) !== 0);
  const plan = moved.some(along) ? { ...own, vector: false } : own;
  const guard = plan.vector && inner !== null ? oneIndex(body.stores) : null;

  const cross = plan.vector && moved.length === 0 && inner !== null ? crossAxis(plan.outer, inner, body) : null;
  if (cross !== null && inner !== null) return emitTiles(context, kernel, body, w, fn, lo, hi, counters, plan.outer.filter((a) => a !== cross), cross, inner);

  // which loops make the units
  let count = 0, units = 1;
  while (count < plan.outer.length && units < ENOUGH) units *= (plan.outer[count++] as Axis).extent;
  const flat = inner !== null && plan.outer.length === 0;
  const chunks = !flat && inner !== null && count === plan.outer.length && units < 16 && inner.extent >= 4 * CHUNK ? Math.ceil(inner.extent / CHUNK) : 1;
  if (flat) units = Math.ceil(inner.extent / GROUP); else units *= chunks;
  const chunkSlot = first + body.axes.length;
  const unitAxes = [...plan.outer.slice(0, count), ...(chunks > 1 ? [{ slot: chunkSlot, extent: chunks }] : [])];
  const loops = plan.outer.slice(count);

  const levels = new Map<number, number>();
  for (let s = 0; s < first; s++) levels.set(s, 0);
  for (const a of unitAxes) levels.set(a.slot, 1);
  loops.forEach((a, i) => levels.set(a.slot, 2 + i));
  const innermost = flat ? 1 : 2 + loops.length;
  if (inner !== null) levels.set(inner.slot, innermost);

  const nest = new Nest(w, chunkSlot + 1, unitSlots(body.axes, first));
  const emitter = new ExprEmitter(context, w, nest, {
    vectorSlot: plan.vector && inner !== null ? inner.slot : null, levels, innermost,
    extents: new Map(body.axes.map((e, i) => [first + i, e])), writes: new Set(body.stores.map((s) => s.buffer)),
  });
  // named twice, the index is kept in a local from the test on
  const cost = emitter.plan(guard === null ? [] : [guard.index, guard.index], body.stores), unroll = unrollFor(cost);
  nest.enter(counters.map((value, slot) => ({ slot, value })));
  const rowAxis = inner !== null && first + loops.length + chunks === 1 && unitAxes.length === 1 ? unitAxes[0] : undefined;
  const touch = rowAxis === undefined || inner === null ? null : guard !== null ? touchOfStores(body.stores, guard.index, guard.extent, rowAxis.slot, inner)
    : moved.length === 0 ? touchOfLoads(body.stores, rowAxis.slot, inner, (id) => context.elements(id)) : null;
  const store = () => emitter.store(body.stores, guard !== null);
  const row = (work: () => void): void => {
    if (guard === null) { work(); return; }
    emitter.scope(0, 1, () => {
      emitter.scalar(guard.index);
      w.i32(guard.extent).op('i32.lt_u').if(() => { emitter.scope(0, 1, work); });
    });
  };
  emitter.scope(0, 1, () => {
    emitter.hoist(0);
    if (flat) {
      const start = w.local('i32'), stop = w.local('i32');
      w.get(lo).i32(GROUP).op('i32.mul').set(start);
      w.get(hi).i32(GROUP).op('i32.mul').set(stop);
      if (inner.extent % GROUP !== 0) w.get(stop).i32(inner.extent).get(stop).i32(inner.extent).op('i32.lt_s').op('select').set(stop);
      innerLoop(w, nest, emitter, inner, { start, stop, vector: plan.vector, unroll, multiple: inner.extent % GROUP === 0 ? GROUP : inner.extent % 4 === 0 ? 4 : 1 }, store);
      w.free(start, stop);
      return;
    }
    nest.units(unitAxes, lo, hi, (digits) => emitter.scope(0, 1, () => {
      if (touch !== null) for (const unit of digits.values()) emitTouch(context, w, touch, unit, lo, hi);
      emitter.hoist(1);
      nestedLoops(nest, emitter, loops, () => ({}), 2, () => {
        const chunk = digits.get(chunkSlot);
        if (inner === null) emitter.scope(0, 1, store);
        else if (chunk === undefined) row(() => { innerLoop(w, nest, emitter, inner, { vector: plan.vector, unroll }, store); });
        else row(() => {
          const start = w.local('i32'), stop = w.local('i32');
          w.get(chunk).i32(CHUNK).op('i32.mul').tee(start).i32(CHUNK).op('i32.add').tee(stop);
          w.i32(inner.extent).get(stop).i32(inner.extent).op('i32.lt_s').op('select').set(stop);
          innerLoop(w, nest, emitter, inner, { start, stop, vector: plan.vector, unroll, multiple: inner.extent % 4 === 0 ? 4 : 1 }, store);
          w.free(start, stop);
        });
      });
    }));
  });
  return [{ fn, units, ns: estimateNs(total * cost, plan.vector, kernel.bytes), align: 1 }];
}

/** The index by which every store goes, with its extent; null where they go by several or some by none. */
function oneIndex(stores: readonly Store[]): { readonly index: Expr; readonly extent: number } | null {
  const [first] = stores, index = first?.dynamic?.[0]?.value, extent = first?.extent;
  if (index === undefined || extent === undefined) return null;
  return stores.every((s) => s.dynamic?.length === 1 && s.dynamic[0]?.value === index && s.extent === extent) ? { index, extent } : null;
}

/** Elements of a tile along the vector axis: one cache line of f32. */
const TILE = 16;

/**
 * A transpose: loads that stride along the vector axis are contiguous along another one. Walking whole rows would touch a cache line for every element,
 * so tiles of the vector axis are walked along that other axis, where the lines are used up one element after the other.
 */
function crossAxis(outer: readonly Axis[], inner: Axis, body: MapBody): Axis | null {
  if (inner.extent < 2 * TILE) return null;
  const strided = indicesOf(body.stores).filter((a) => Math.abs(a.coeffs[inner.slot] ?? 0) >= TILE);
  return outer.find((o) => o.extent >= TILE && strided.some((a) => Math.abs(a.coeffs[o.slot] ?? 0) === 1)) ?? null;
}

function emitTiles(
  context: EmitContext, kernel: Kernel, body: MapBody, w: FunctionWriter, fn: number, lo: Local, hi: Local, counters: readonly Local[],
  others: readonly Axis[], cross: Axis, inner: Axis,
): Phase[] {
  const first = kernel.loops, tileSlot = first + body.axes.length;
  const whole = Math.floor(inner.extent / TILE), rest = inner.extent % TILE, tiles = whole + (rest > 0 ? 1 : 0);
  const unitAxes = [...others, { slot: tileSlot, extent: tiles }];
  const levels = new Map<number, number>();
  for (let s = 0; s < first; s++) levels.set(s, 0);
  for (const a of others) levels.set(a.slot, 1);
  levels.set(inner.slot, 2);
  levels.set(cross.slot, 3);
  const nest = new Nest(w, tileSlot + 1, unitSlots(body.axes, first));
  const emitter = new ExprEmitter(context, w, nest, {
    vectorSlot: inner.slot, levels, innermost: 3,
    extents: new Map(body.axes.map((e, i) => [first + i, e])), writes: new Set(body.stores.map((s) => s.buffer)),
  });
  const cost = emitter.plan([], body.stores);
  nest.enter(counters.map((value, slot) => ({ slot, value })));
  const start = w.local('i32');
  const walk = (extent: number) => {
    const columns: { shift: number; lanes: 1 | 4 }[] = [];
    for (let s = 0; s < extent;) { const lanes = extent - s >= 4 ? 4 : 1; columns.push({ shift: s, lanes }); s += lanes; }
    nest.bind([{ slot: inner.slot, value: start }], () => {
      const scopes = columns.map((c) => ({ ...c, ...emitter.persistent(c.shift, c.lanes) }));
      for (const s of scopes) s.within(() => { emitter.hoist(2); });
      nest.loop(cross, {}, () => {
        for (const s of scopes) s.within(() => { emitter.scope(s.shift, s.lanes, () => { emitter.store(body.stores); }); });
      });
      for (const s of scopes) s.release();
    });
  };
  emitter.scope(0, 1, () => {
    emitter.hoist(0);
    nest.units(unitAxes, lo, hi, (digits) => {
      emitter.scope(0, 1, () => {
        emitter.hoist(1);
        const tile = digits.get(tileSlot) ?? lo;
        w.get(tile).i32(TILE).op('i32.mul').set(start);
        if (rest === 0) walk(TILE);
        else w.get(tile).i32(whole).op('i32.lt_s').if(() => { walk(TILE); }, () => { walk(rest); });
      });
    });
  });
  const total = sizeOf(body.axes);
  return [{ fn, units: sizeOf(unitAxes.map((a) => a.extent)), ns: estimateNs(total * (cost + 10), true, kernel.bytes), align: 1 }];
}
