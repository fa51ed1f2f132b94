/**
 * Cumulative reductions. Rows are units; where the rows lie side by side in memory, four (or more) are scanned at once, one in each lane.
 */
import { sizeOf } from '../../../base/shape.ts';
import type { Kernel, ScanBody, Store } from '../../../kernel/ir.ts';
import { neutralOf } from '../../../ir/table/combine.ts';
import type { Local } from '../encoder.ts';
import { COMBINE } from './accumulate.ts';
import { phaseFunction, type EmitContext, type Phase } from './context.ts';
import { ExprEmitter } from './expr.ts';
import { chooseVectorAxis, indicesOf, innerLoop } from './loops.ts';
import { estimateNs } from './map.ts';
import { collapseAxes, Nest, unitSlots, type Axis } from './nest.ts';
import * as ops from './ops.ts';

export function emitScan(context: EmitContext, kernel: Kernel, body: ScanBody): Phase[] {
  const rows = sizeOf(body.axes);
  if (rows * body.length === 0) return [];
  const { writer: w, index: fn, lo, hi, counters } = phaseFunction(context, kernel);
  const first = kernel.loops, lengthSlot = first + body.axes.length;
  // what is stored is the running value, an accumulator
  const store: Store = { buffer: body.buffer, dtype: body.dtype, at: body.at, value: { k: 'acc', dtype: body.dtype, index: 0 } };
  const probe: Store = { ...store, value: body.value };
  const outer = collapseAxes(body.axes, first, indicesOf([probe]));
  const vectorAxis = chooseVectorAxis(outer, [probe]);
  const unitAxes = outer.filter((a) => a !== vectorAxis);
  const units = sizeOf(unitAxes.map((a) => a.extent));
  const length: Axis = { slot: lengthSlot, extent: body.length };

  const levels = new Map<number, number>();
  for (let s = 0; s < first; s++) levels.set(s, 0);
  for (const a of unitAxes) levels.set(a.slot, 1);
  if (vectorAxis !== null) levels.set(vectorAxis.slot, 2);
  levels.set(lengthSlot, 3);
  const extents = new Map([...body.axes, body.length].map((e, i) => [first + i, e]));
  const nest = new Nest(w, lengthSlot + 1, unitSlots([...body.axes, body.length], first));
  const emitter = new ExprEmitter(context, w, nest, {
    vectorSlot: vectorAxis?.slot ?? null, levels, innermost: 3, accLevel: 3, accVarying: vectorAxis !== null, extents, writes: new Set([body.buffer]),
  });
  const cost = emitter.plan([body.value], [store]) + 1;
  const neutral = neutralOf(body.op, body.dtype);

  const line = (lanes: 1 | 4) => {
    const vector = lanes === 4, running = w.local(vector ? 'v128' : ops.scalarType(body.dtype));
    if (vector) ops.pushConstVector(w, body.dtype, neutral); else ops.pushConst(w, body.dtype, neutral);
    w.set(running);
    emitter.hoist(2);
    nest.loop(length, { reverse: body.reverse }, () => {
      emitter.scope(emitter.shift, lanes, () => {
        emitter.setAcc(0, running);
        // in place, the element must be read before it is overwritten
        let next: Local = running;
        const advance = () => {
          w.get(running);
          if (vector) emitter.vector(body.value); else emitter.scalar(body.value);
          if (vector) ops.binaryVector(context, w, COMBINE[body.op], body.dtype); else ops.binaryScalar(context, w, COMBINE[body.op], body.dtype);
        };
        if (body.exclusive) { next = w.local(running.type); advance(); w.set(next); } else { advance(); w.set(running); }
        emitter.store([store]);
        if (next !== running) { w.get(next).set(running); w.free(next); }
      });
    });
    w.free(running);
  };
  nest.enter(counters.map((value, slot) => ({ slot, value })));
  emitter.scope(0, 1, () => {
    emitter.hoist(0);
    nest.units(unitAxes, lo, hi, () => {
      emitter.scope(0, 1, () => {
        emitter.hoist(1);
        if (vectorAxis === null) emitter.scope(0, 1, () => { line(1); });
        else innerLoop(w, nest, emitter, vectorAxis, { vector: true, unroll: 1 }, (copy) => { line(copy < 0 ? 1 : 4); });
      });
    });
  });
  return [{ fn, units, ns: estimateNs(rows * body.length * cost, vectorAxis !== null, kernel.bytes), align: 1 }];
}
