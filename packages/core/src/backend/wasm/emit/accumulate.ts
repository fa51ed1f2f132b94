/**
 * The accumulators of one reduce stage: vector copies, a scalar for tails, and how they become one result.
 */
import { InternalError } from '../../../base/errors.ts';
import { at } from '../../../base/shape.ts';
import type { Accumulator, BinaryName, Expr } from '../../../kernel/ir.ts';
import { neutralOf } from '../../../ir/table/combine.ts';
import type { ReduceKind } from '../../../ir/types.ts';
import type { DType } from '../../../base/dtype.ts';
import type { FunctionWriter, Local } from '../encoder.ts';
import type { EmitContext } from './context.ts';
import type { ExprEmitter } from './expr.ts';
import * as ops from './ops.ts';

export const COMBINE: Readonly<Record<ReduceKind, BinaryName>> = { sum: 'add', prod: 'mul', max: 'max', min: 'min' };

/** One accumulator in one place: its value, and for argmax and argmin the position. */
interface Cell { readonly value: Local; readonly position: Local | null }

function positionOf(cell: Cell): Local {
  if (cell.position === null) throw new InternalError('this accumulator has no position');
  return cell.position;
}
type ArgKind = 'argmax' | 'argmin';
const isArg = (op: Accumulator['op']): op is ArgKind => op === 'argmax' || op === 'argmin';
/** dtype in which the accumulator compares or adds: of its values, for arg reductions too (their result is i32). */
const valueDType = (a: Accumulator): DType => (isArg(a.op) ? a.value.dtype : a.dtype);

export class Accumulators {
  private readonly context: EmitContext;
  private readonly w: FunctionWriter;
  private readonly emitter: ExprEmitter;
  private readonly accs: readonly Accumulator[];
  /** [copy][accumulator] */
  private readonly vectors: Cell[][];
  private readonly scalars: Cell[] | null;
  private readonly position: Expr;

  /** `copies` vector accumulators for each, and a scalar one where `scalar`. `position`: the running index within the row. */
  constructor(context: EmitContext, w: FunctionWriter, emitter: ExprEmitter, accs: readonly Accumulator[], copies: number, scalar: boolean, position: Expr) {
    this.context = context; this.w = w; this.emitter = emitter; this.accs = accs; this.position = position;
    this.vectors = Array.from({ length: copies }, () => accs.map((a): Cell => ({ value: w.local('v128'), position: isArg(a.op) ? w.local('v128') : null })));
    this.scalars = scalar ? accs.map((a): Cell => ({ value: w.local(ops.scalarType(valueDType(a))), position: isArg(a.op) ? w.local('i32') : null })) : null;
  }
  release(): void {
    for (const c of [...this.vectors.flat(), ...(this.scalars ?? [])]) this.w.free(c.value, ...(c.position === null ? [] : [c.position]));
  }

  reset(): void {
    const w = this.w;
    this.accs.forEach((a, i) => {
      const neutral = neutralOf(isArg(a.op) ? (a.op === 'argmax' ? 'max' : 'min') : a.op, valueDType(a));
      for (const copy of this.vectors) {
        const cell = at(copy, i);
        ops.pushConstVector(w, valueDType(a), neutral); w.set(cell.value);
        if (cell.position !== null) w.i32x4(0).set(cell.position);
      }
      if (this.scalars === null) return;
      const cell = at(this.scalars, i);
      ops.pushConst(w, valueDType(a), neutral); w.set(cell.value);
      if (cell.position !== null) w.i32(0).set(cell.position);
    });
  }

  /** Takes one iteration in, inside the scope of its lanes. `copy` -1 is the scalar. */
  step(copy: number): void {
    const w = this.w, e = this.emitter;
    this.accs.forEach((a, i) => {
      const dtype = valueDType(a), op = a.op;
      if (copy >= 0) {
        const cell = at(at(this.vectors, copy), i);
        if (!isArg(op)) { w.get(cell.value); e.vector(a.value); this.combineVector(op, dtype); w.set(cell.value); return; }
        e.vector(a.value);
        const x = ops.toLocal(w, 'v128'), better = w.local('v128');
        this.betterVector(op, dtype, x, cell.value);
        w.set(better);
        w.get(x).get(cell.value).get(better).op('v128.bitselect').set(cell.value);
        e.vector(this.position);
        w.get(positionOf(cell)).get(better).op('v128.bitselect').set(positionOf(cell));
        w.free(x, better);
        return;
      }
      const cell = at(this.scalars as Cell[], i);
      if (!isArg(op)) { w.get(cell.value); e.scalar(a.value); ops.binaryScalar(this.context, w, COMBINE[op], dtype); w.set(cell.value); return; }
      e.scalar(a.value);
      const x = ops.toLocal(w, ops.scalarType(dtype)), p = w.local('i32');
      e.scalar(this.position);
      w.set(p);
      this.better(op, dtype, x, cell.value);
      this.take(cell, x, p);
      w.free(x, p);
    });
  }
  private combineVector(op: ReduceKind, dtype: DType): void { ops.binaryVector(this.context, this.w, COMBINE[op], dtype); }
  private take(cell: Cell, x: Local, p: Local): void {
    this.w.if(() => this.w.get(x).set(cell.value).get(p).set(positionOf(cell)));
  }
  /** Pushes whether x beats the best so far: strictly greater (less), or the first NaN. */
  private better(op: 'argmax' | 'argmin', dtype: DType, x: Local, best: Local): void {
    const w = this.w;
    if (op === 'argmax') w.get(best).get(x); else w.get(x).get(best);
    ops.compareScalar(w, 'lt', dtype);
    if (dtype === 'f32') w.get(x).get(x).op('f32.ne').get(best).get(best).op('f32.eq').op('i32.and').op('i32.or');
  }
  private betterVector(op: 'argmax' | 'argmin', dtype: DType, x: Local, best: Local): void {
    const w = this.w;
    if (op === 'argmax') w.get(best).get(x); else w.get(x).get(best);
    ops.compareVector(w, 'lt', dtype);
    if (dtype === 'f32') w.get(x).get(x).op('f32x4.ne').get(best).get(best).op('f32x4.eq').op('v128.and').op('v128.or');
  }

  /** Adds what another set holds (of the same form): sums of a block into the whole. */
  merge(other: Accumulators): void {
    const w = this.w;
    this.accs.forEach((a, i) => {
      const dtype = valueDType(a), op = a.op;
      this.vectors.forEach((copy, c) => {
        const mine = at(copy, i), theirs = at(at(other.vectors, c), i);
        if (!isArg(op)) { w.get(mine.value).get(theirs.value); this.combineVector(op, dtype); w.set(mine.value); return; }
        // blocks come in order, so an equal value later on is not the first
        const better = w.local('v128');
        this.betterVector(op, dtype, theirs.value, mine.value);
        w.set(better);
        w.get(theirs.value).get(mine.value).get(better).op('v128.bitselect').set(mine.value);
        w.get(positionOf(theirs)).get(positionOf(mine)).get(better).op('v128.bitselect').set(positionOf(mine));
        w.free(better);
      });
      if (this.scalars === null || other.scalars === null) return;
      const mine = at(this.scalars, i), theirs = at(other.scalars, i);
      if (!isArg(op)) { w.get(mine.value).get(theirs.value); ops.binaryScalar(this.context, w, COMBINE[op], dtype); w.set(mine.value); return; }
      this.better(op, dtype, theirs.value, mine.value);
      this.take(mine, theirs.value, positionOf(theirs));
    });
  }

  /** Copies and lanes become one scalar, always in the same order: copies pairwise, lanes pairwise, then the tail. */
  combine(): void {
    const w = this.w;
    this.accs.forEach((a, i) => {
      const dtype = valueDType(a), type = ops.scalarType(dtype), op = a.op;
      const tail = this.scalars === null ? null : at(this.scalars, i);
      if (!isArg(op)) {
        this.sumCopies(op, dtype, i, 0, this.vectors.length);
        const v = ops.toLocal(w, 'v128');
        const lane = (l: number) => { w.get(v); ops.extract(w, dtype, l); };
        const join = () => { ops.binaryScalar(this.context, w, COMBINE[op], dtype); };
        lane(0); lane(1); join(); lane(2); lane(3); join(); join();
        if (tail !== null) { w.get(tail.value); join(); }
        w.free(v);
        this.finished[i] = ops.toLocal(w, type);
        return;
      }
      const best: Cell = { value: w.local(type), position: w.local('i32') }, x = w.local(type), p = w.local('i32');
      let begun = false;
      const offer = () => {
        if (!begun) { begun = true; w.get(x).set(best.value).get(p).set(positionOf(best)); return; }
        this.better(op, dtype, x, best.value);
        // equal extremes (or two NaN): the earlier one
        w.get(x).get(best.value); ops.compareScalar(w, 'eq', dtype);
        if (dtype === 'f32') w.get(x).get(x).op('f32.ne').get(best.value).get(best.value).op('f32.ne').op('i32.and').op('i32.or');
        w.get(p).get(positionOf(best)).op('i32.lt_s').op('i32.and').op('i32.or');
        this.take(best, x, p);
      };
      for (const copy of this.vectors) {
        const cell = at(copy, i);
        for (let l = 0; l < 4; l++) {
          w.get(cell.value); ops.extract(w, dtype, l); w.set(x);
          w.get(positionOf(cell)).lane('i32x4.extract_lane', l).set(p);
          offer();
        }
      }
      if (tail !== null) { w.get(tail.value).set(x).get(positionOf(tail)).set(p); offer(); }
      w.free(x, p, best.value);
      this.finished[i] = positionOf(best);
    });
  }
  private readonly finished: Local[] = [];
  private sumCopies(op: ReduceKind, dtype: DType, i: number, from: number, to: number): void {
    if (to - from === 1) { this.w.get(at(at(this.vectors, from), i).value); return; }
    const middle = (from + to) >> 1;
    this.sumCopies(op, dtype, i, from, middle);
    this.sumCopies(op, dtype, i, middle, to);
    this.combineVector(op, dtype);
  }

  /** Where the result stands: after `combine` a scalar; else the only copy (a vector: every lane a row of its own) or the scalar. */
  result(i: number): Local {
    const done = this.finished[i];
    if (done !== undefined) return done;
    const cell = this.vectors.length > 0 ? at(at(this.vectors, 0), i) : at(this.scalars as Cell[], i);
    return isArg(at(this.accs, i).op) ? positionOf(cell) : cell.value;
  }
}
