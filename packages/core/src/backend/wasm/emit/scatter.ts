/**
 * Scatter. Updates that may meet in one element apply in row-major order, so they stay on one thread; `parallel` leading axes are units. An
 * axis that the index does not depend on and that is contiguous in the buffer (the width of an embedding) is cut into units and
 * vectors instead: the lanes write different elements, and for each element the order stays.
 */
import { sizeOf } from '../../../base/shape.ts';
import { byteSize } from '../../../base/dtype.ts';
import type { BinaryName, Expr, Kernel, ScatterBody, Store } from '../../../kernel/ir.ts';
import type { ScatterKind } from '../../../ir/types.ts';
import { phaseFunction, type EmitContext, type Phase } from './context.ts';
import { affinesOf } from './expr-plan.ts';
import { ExprEmitter } from './expr.ts';
import { innerLoop, nestedLoops } from './loops.ts';
import { estimateNs } from './map.ts';
import { collapseAxes, Nest, unitSlots } from './nest.ts';

const COMBINE: Readonly<Record<ScatterKind, BinaryName | null>> = { set: null, add: 'add', max: 'max', min: 'min' };
/** Elements of the width that make one unit. */
const GROUP = 32;

export function emitScatter(context: EmitContext, kernel: Kernel, body: ScatterBody): Phase[] {
  const total = sizeOf(body.axes);
  if (total * body.extent === 0) return [];
  const { writer: w, index: fn, lo, hi, counters } = phaseFunction(context, kernel);
  const first = kernel.loops;
  // a read-modify-write whose place moves with the index
  const dynamic = [{ value: body.index, stride: body.stride }];
  const old: Expr = { k: 'load', dtype: body.dtype, buffer: body.buffer, at: body.at, dynamic };
  const op = COMBINE[body.op];
  const value: Expr = op === null ? body.value : { k: 'binary', op, dtype: body.dtype, a: old, b: body.value };
  const store: Store = { buffer: body.buffer, dtype: body.dtype, at: body.at, value, dynamic };
  const indices = [body.at, ...affinesOf([body.value, body.index])];
  const parallel = collapseAxes(body.axes.slice(0, body.parallel), first, indices);
  const rest = collapseAxes(body.axes.slice(body.parallel), first + body.parallel, indices);

  const uses = affinesOf([body.index]);
  const last = rest[rest.length - 1];
  const isWidth = last !== undefined && last.extent >= 4 && body.at.coeffs[last.slot] === 1 && uses.every((a) => (a.coeffs[last.slot] ?? 0) === 0);
  const width = isWidth ? last : null;
  const ordered = width === null ? rest : rest.slice(0, -1);
  const groups = width === null ? 1 : Math.ceil(width.extent / GROUP);
  const groupSlot = first + body.axes.length;
  const unitAxes = [...parallel, ...(groups > 1 ? [{ slot: groupSlot, extent: groups }] : [])];

  const levels = new Map<number, number>();
  for (let s = 0; s < first; s++) levels.set(s, 0);
  for (const a of unitAxes) levels.set(a.slot, 1);
  ordered.forEach((a, i) => levels.set(a.slot, 2 + i));
  const innermost = 1 + Math.max(1, ordered.length) + (width === null ? 0 : 1);
  if (width !== null) levels.set(width.slot, innermost);
  const nest = new Nest(w, groupSlot + 1, unitSlots(body.axes, first));
  const emitter = new ExprEmitter(context, w, nest, {
    vectorSlot: width?.slot ?? null, levels, innermost, extents: new Map(body.axes.map((e, i) => [first + i, e])), writes: new Set([body.buffer]),
  });
  // named twice, the index is kept in a local from the range check on
  const cost = emitter.plan([body.index, body.index], [store]);
  nest.enter(counters.map((v, slot) => ({ slot, value: v })));
  emitter.scope(0, 1, () => {
    emitter.hoist(0);
    nest.units(unitAxes, lo, hi, (digits) => {
      emitter.scope(0, 1, () => {
        emitter.hoist(1);
        nestedLoops(nest, emitter, ordered, () => ({}), 2, () => {
          emitter.scope(0, 1, () => {
            // inside the range? unsigned: a negative index is a large one
            emitter.scalar(body.index);
            w.i32(body.extent).op('i32.lt_u').if(() => {
              emitter.scope(0, 1, () => {
                if (width === null) { emitter.store([store]); return; }
                const group = digits.get(groupSlot);
                if (group === undefined) { innerLoop(w, nest, emitter, width, { vector: true, unroll: 2 }, () => { emitter.store([store]); }); return; }
                const start = w.local('i32'), stop = w.local('i32');
                w.get(group).i32(GROUP).op('i32.mul').tee(start).i32(GROUP).op('i32.add').tee(stop);
                w.i32(width.extent).get(stop).i32(width.extent).op('i32.lt_s').op('select').set(stop);
                innerLoop(w, nest, emitter, width, { start, stop, vector: true, unroll: 1, multiple: width.extent % 4 === 0 ? 4 : 1 }, () => { emitter.store([store]); });
                w.free(start, stop);
              });
            });
          });
        });
      });
    });
  });
  const units = sizeOf(unitAxes.map((a) => a.extent));
  return [{ fn, units, ns: estimateNs(total * (cost + 4), width !== null, total * byteSize(body.dtype) * 3), align: 1 }];
}
