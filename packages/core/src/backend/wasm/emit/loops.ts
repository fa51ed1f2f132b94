/**
 * Loops over maps: every element of a space once, vectorized along one axis.
 *
 * `emitMapLoops` is the tool for whoever needs elementwise work inside a function of their own (packing of a gemm operand, its
 * epilogue):
 *
 *   emitMapLoops(context, w, {
 *     counters,                                   // locals of the enclosing loops' counters; they come first in coefficient lists
 *     axes: [{ extent: 7, fixed: rowLocal },      // the axis has the value in the local; no loop
 *            { extent: 100, start: k0, stop: k1 },// a sub-range, numbers or locals
 *            { extent: 64 }],                     // the whole axis
 *     stores: [{ buffer: -1, dtype: 'f32', at: affine(0, […]), value: operand }],
 *     bases: new Map([[-1, panelAddress]]),       // buffers of your own: any id, byte address in a local
 *     accs: [{ k: 'load', dtype: 'f32', buffer: -2, at: affine(0, […]) }],  // what `acc` 0 stands for
 *   });
 *
 * Collapsing, choice of the vector axis, unrolling, hoisting and tails are done inside. Results do not depend on the ranges.
 */
import { at } from '../../../base/shape.ts';
import { byteSize } from '../../../base/dtype.ts';
import type { Affine, BufferId, Expr, Store } from '../../../kernel/ir.ts';
import type { FunctionWriter, Local } from '../encoder.ts';
import type { EmitContext } from './context.ts';
import { affinesOf, childrenOf } from './expr-plan.ts';
import { ExprEmitter } from './expr.ts';
import { collapseAxes, Nest, pushBound, unitSlots, type Axis, type Bound } from './nest.ts';

export interface LoopAxis {
  readonly extent: number;
  /** the axis stands still at this value */
  readonly fixed?: Local;
  readonly start?: Bound;
  readonly stop?: Bound;
}
export interface MapLoops {
  readonly counters: readonly Local[];
  readonly axes: readonly LoopAxis[];
  readonly stores: readonly Store[];
  readonly bases?: ReadonlyMap<BufferId, Local>;
  readonly accs?: readonly Expr[];
}

/** The order of loops found for a space: `outer` loops, then `inner`, along which vectors lie where `vector`. */
export interface LoopPlan { readonly outer: readonly Axis[]; readonly inner: Axis | null; readonly vector: boolean }

/** Every access of the expressions with the size of its elements, stores first. */
function accesses(stores: readonly Store[]): { at: Affine; bytes: number; store: boolean }[] {
  const out = stores.map((s) => ({ at: s.at, bytes: byteSize(s.dtype), store: true })), seen = new Set<Expr>();
  const walk = (e: Expr): void => {
    if (seen.has(e)) return;
    seen.add(e);
    if (e.k === 'load') out.push({ at: e.at, bytes: byteSize(e.dtype), store: false });
    for (const child of childrenOf(e)) walk(child);
  };
  for (const s of stores) walk(s.value);
  return out;
}

/** Chooses the axis along which vectors lie: the one with most neighbouring accesses; the innermost of equals. null: none is worth it. */
export function chooseVectorAxis(axes: readonly Axis[], stores: readonly Store[]): Axis | null {
  const all = accesses(stores);
  let best: Axis | null = null, bestScore = 0;
  for (const axis of axes) {
    if (axis.extent < 4) continue;
    let score = 0;
    for (const a of all) {
      const c = a.at.coeffs[axis.slot] ?? 0;
      if (c === 1) score += a.store ? 3 : 2; else if (c !== 0) score -= a.bytes === 4 ? 1 : 3;
    }
    if (score > 0 && score >= bestScore) { best = axis; bestScore = score; }
  }
  return best;
}

/** Collapses the axes and puts the vector axis innermost. */
export function planLoops(loopAxes: readonly Axis[], stores: readonly Store[]): LoopPlan {
  const vector = chooseVectorAxis(loopAxes, stores);
  const inner = vector ?? loopAxes[loopAxes.length - 1] ?? null;
  return { outer: loopAxes.filter((a) => a !== inner), inner, vector: vector !== null };
}

export function indicesOf(stores: readonly Store[]): Affine[] {
  return [...stores.map((s) => s.at), ...affinesOf(stores.flatMap((s) => [s.value, ...(s.dynamic ?? []).map((d) => d.value)]))];
}

/** How often to repeat a body of this cost in one iteration. */
export const unrollFor = (cost: number): number => (cost <= 12 ? 4 : cost <= 40 ? 2 : 1);

/**
 * The innermost loop: calls `body` inside a scope of four lanes (`vector`) or one, for start … stop-1 along `axis`. `multiple`: the length is known
 * to be a multiple of it. `body` gets the number of the unrolled copy, 0 … unroll-1, or -1 for a single lane.
 */
export function innerLoop(w: FunctionWriter, nest: Nest, emitter: ExprEmitter, axis: Axis, options: {
  readonly start?: Bound; readonly stop?: Bound; readonly vector: boolean; readonly unroll: number; readonly multiple?: number;
}, body: (copy: number) => void): void {
  const { start = 0, stop = axis.extent, vector, unroll, multiple = 1 } = options;
  if (!vector) { nest.loop(axis, { start, stop }, () => emitter.scope(0, 1, () => { body(-1); })); return; }
  if (typeof start === 'number' && typeof stop === 'number') {
    const n = stop - start, vectors = Math.floor(n / 4), rounds = Math.floor(vectors / unroll);
    const rest = (done: number) => {
      for (let v = done; v < vectors; v++) emitter.scope(4 * (v - done), 4, () => { body((v - done) % unroll); });
      for (let i = 4 * vectors; i < n; i++) emitter.scope(i - 4 * done, 1, () => { body(-1); });
    };
    if (n <= 0) return;
    if (rounds <= 1) { nest.bind([{ slot: axis.slot, value: start }], () => { rest(0); }); return; }
    nest.level(axis.slot, start, (advance) => {
      const left = w.local('i32');
      w.i32(rounds).set(left);
      w.loop(() => {
        for (let u = 0; u < unroll; u++) emitter.scope(4 * u, 4, () => { body(u); });
        advance(4 * unroll);
        w.get(left).i32(1).op('i32.sub').tee(left).brIf(0);
      });
      w.free(left);
      rest(rounds * unroll);
    });
    return;
  }
  nest.level(axis.slot, start, (advance) => {
    const i = w.local('i32'), limit = w.local('i32');
    pushBound(w, start); w.set(i);
    const run = (step: number, once: () => void) => {
      pushBound(w, stop); w.i32(step).op('i32.sub').set(limit);
      w.get(i).get(limit).op('i32.le_s').if(() => w.loop(() => {
        once();
        advance(step);
        w.get(i).i32(step).op('i32.add').tee(i).get(limit).op('i32.le_s').brIf(0);
      }));
    };
    run(4 * unroll, () => { for (let u = 0; u < unroll; u++) emitter.scope(4 * u, 4, () => { body(u); }); });
    if (unroll > 1 && multiple % (4 * unroll) !== 0) run(4, () => { emitter.scope(0, 4, () => { body(0); }); });
    if (multiple % 4 !== 0) run(1, () => { emitter.scope(0, 1, () => { body(-1); }); });
    w.free(i, limit);
  });
}

/** Nested loops, outermost first, each a level of the nest with what can be hoisted to it. `level` is that of the first. */
export function nestedLoops(nest: Nest, emitter: ExprEmitter, axes: readonly Axis[], ranges: (axis: Axis) => { start?: Bound; stop?: Bound }, level: number, body: () => void): void {
  const axis = axes[0];
  if (axis === undefined) { body(); return; }
  nest.loop(axis, ranges(axis), () => emitter.scope(0, 1, () => {
    emitter.hoist(level);
    nestedLoops(nest, emitter, axes.slice(1), ranges, level + 1, body);
  }));
}

export function emitMapLoops(context: EmitContext, w: FunctionWriter, spec: MapLoops): void {
  const first = spec.counters.length, slots = first + spec.axes.length;
  const extents = spec.axes.map((a) => a.extent);
  const isFree = (a: LoopAxis) => a.fixed === undefined && a.start === undefined && a.stop === undefined;
  const ignored = unitSlots(spec.axes.map((a) => (isFree(a) ? a.extent : 2)), first);
  const accs = spec.accs ?? [];
  const indices = [...indicesOf(spec.stores), ...affinesOf(accs)];

  // neighbours collapse where both are whole
  const axes: Axis[] = [];
  for (let i = 0; i < spec.axes.length;) {
    let j = i;
    while (j < spec.axes.length && isFree(at(spec.axes, j))) j++;
    axes.push(...collapseAxes(extents.slice(i, j), first + i, indices));
    if (j < spec.axes.length && at(spec.axes, j).fixed === undefined) axes.push({ slot: first + j, extent: at(extents, j) });
    i = j + 1;
  }
  if (axes.some((a) => a.extent === 0)) return;
  const plan = planLoops(axes, spec.stores);
  const levels = new Map<number, number>();
  for (let s = 0; s < first; s++) levels.set(s, 0);
  spec.axes.forEach((a, i) => { if (a.fixed !== undefined) levels.set(first + i, 0); });
  plan.outer.forEach((a, i) => levels.set(a.slot, 1 + i));
  const innermost = plan.outer.length + 1;
  if (plan.inner !== null) levels.set(plan.inner.slot, innermost);

  const nest = new Nest(w, slots, ignored);
  const emitter = new ExprEmitter(context, w, nest, {
    vectorSlot: plan.vector && plan.inner !== null ? plan.inner.slot : null, levels, innermost, accs,
    ...(spec.bases === undefined ? {} : { bases: spec.bases }),
    extents: new Map(extents.map((e, i) => [first + i, e])), writes: new Set(spec.stores.map((s) => s.buffer)),
  });
  const cost = emitter.plan([], spec.stores);
  nest.enter([
    ...spec.counters.map((value, slot) => ({ slot, value })),
    ...spec.axes.flatMap((a, i) => (a.fixed === undefined ? [] : [{ slot: first + i, value: a.fixed }])),
  ]);
  const ranges = (axis: Axis): { start?: Bound; stop?: Bound } => {
    const a = at(spec.axes, axis.slot - first);
    return isFree(a) ? {} : { start: a.start ?? 0, stop: a.stop ?? a.extent };
  };
  emitter.scope(0, 1, () => {
    emitter.hoist(0);
    nestedLoops(nest, emitter, plan.outer, ranges, 1, () => {
      const inner = plan.inner;
      if (inner === null) emitter.scope(0, 1, () => emitter.store(spec.stores));
      else innerLoop(w, nest, emitter, inner, { ...ranges(inner), vector: plan.vector, unroll: unrollFor(cost) }, () => emitter.store(spec.stores));
    });
  });
  nest.exit();
}
