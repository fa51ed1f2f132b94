/**
 * Rows kernels: reductions, and what needs several of them over one row (softmax, layer norm).
 *
 * Two shapes of code:
 * - *inner*: vectors along the last inner axis; several vector accumulators per sum break the dependency chain; they are combined in a
 *   fixed order at the end of the row.
 * - *columns*: vectors along an outer axis, every lane a row of its own; a tile of rows is reduced at once, in order. Without an axis
 *   worth it, the tile is one scalar row.
 *
 * A row belongs to one unit, so the order of summation never depends on how units are split. Sums of more than `BLOCK_FROM` elements are made
 * in blocks, whose sums are added: the error grows with the number of blocks instead of the number of elements.
 */
import { at, sizeOf } from '../../../base/shape.ts';
import { byteSize } from '../../../base/dtype.ts';
import { affine, type Accumulator, type Affine, type Expr, type Kernel, type RowsBody, type Store } from '../../../kernel/ir.ts';
import type { FunctionWriter, Local } from '../encoder.ts';
import { Accumulators } from './accumulate.ts';
import { phaseFunction, type EmitContext, type Phase } from './context.ts';
import { affinesOf, childrenOf } from './expr-plan.ts';
import { ExprEmitter } from './expr.ts';
import { innerLoop, nestedLoops, unrollFor } from './loops.ts';
import { estimateNs } from './map.ts';
import { collapseAxes, Nest, unitSlots, type Axis, type Bound } from './nest.ts';

/** Sums longer than this are made in blocks of so many elements of the innermost axis (per lane and accumulator where vectors lie along it). */
const BLOCK_FROM = 4096, BLOCK = 512, BLOCK_INNER = 8192;
/** With as many units as this, deeper loops stay inside a unit. */
const ENOUGH = 64;

/** With as many columns a tile takes two cache lines of each row of a long inner range. */
const WIDE_FROM = 256, LONG_INNER = 64;

/** Windows of up to so many elements are written out where that stays small. */
const UNROLL_INNER = 9, UNROLL_COST = 24;

type Column = { readonly shift: number; readonly lanes: 1 | 4; within(body: () => void): void; release(): void };

/** Short rows spend most of their time between the loops; measured on softmax over ten classes. */
const ROW_OVERHEAD = 3;

interface Access { readonly at: Affine; readonly bytes: number; /** where data moves it: the indices of that data */ readonly moved: readonly Affine[] }

/** All the loads and full-space stores of the stages, as seen by the choice of the vector axis; not those that say where others read. */
function accesses(body: RowsBody): Access[] {
  const out: Access[] = [], seen = new Set<Expr>();
  const walk = (e: Expr): void => {
    if (seen.has(e)) return;
    seen.add(e);
    if (e.k === 'load') out.push({ at: e.at, bytes: byteSize(e.dtype), moved: affinesOf((e.dynamic ?? []).map((d) => d.value)) });
    else for (const c of childrenOf(e)) walk(c);
  };
  for (const stage of body.stages) {
    if (stage.kind === 'reduce') for (const a of stage.accs) walk(a.value);
    else for (const s of stage.stores) { out.push({ at: s.at, bytes: byteSize(s.dtype), moved: [] }); walk(s.value); }
  }
  return out;
}

export function emitRows(context: EmitContext, kernel: Kernel, body: RowsBody): Phase[] {
  if (sizeOf(body.axes) === 0) return [];
  return new RowsPrinter(context, kernel, body).print();
}

class RowsPrinter {
  private readonly context: EmitContext;
  private readonly kernel: Kernel;
  private readonly body: RowsBody;
  private readonly w: FunctionWriter;
  private readonly fn: number;
  private readonly lo: Local;
  private readonly hi: Local;
  private readonly counters: Local[];
  private readonly nest: Nest;
  private readonly emitter: ExprEmitter;
  private readonly mode: 'inner' | 'columns';
  /** loops over rows but the vector axis */
  private readonly outer: readonly Axis[];
  private readonly vectorAxis: Axis | null;
  private readonly inner: readonly Axis[];
  private readonly empty: boolean;
  private readonly rowLevel: number;
  private readonly unitAxes: readonly Axis[];
  private readonly loops: readonly Axis[];
  private readonly units: number;
  private readonly chunkSlot: number;
  private readonly tile: number;
  private readonly cost: number;
  /** for each stage, the position expression of argmax and argmin, and the cost of its body */
  private readonly position: Expr;
  private readonly stageCosts: number[] = [];
  /** the stage being written: number of its plan in the emitter */
  private stage = 0;

  constructor(context: EmitContext, kernel: Kernel, body: RowsBody) {
    this.context = context; this.kernel = kernel; this.body = body;
    const { writer: w, index, lo, hi, counters } = phaseFunction(context, kernel);
    this.w = w; this.fn = index; this.lo = lo; this.hi = hi; this.counters = counters;
    const first = kernel.loops, firstInner = first + body.axes.length;
    this.chunkSlot = firstInner + body.inner.length;

    const strides = new Array<number>(this.chunkSlot).fill(0);
    for (let i = body.inner.length - 1, s = 1; i >= 0; s *= at(body.inner, i), i--) strides[firstInner + i] = s;
    this.position = { k: 'axis', dtype: 'i32', at: affine(0, strides) };
    const arg = body.stages.some((stage) => stage.kind === 'reduce' && stage.accs.some((a) => a.op === 'argmax' || a.op === 'argmin'));
    const roots: Expr[] = arg ? [this.position] : [], stores: Store[] = [];
    for (const stage of body.stages) {
      if (stage.kind === 'reduce') roots.push(...stage.accs.map((a) => a.value)); else stores.push(...stage.stores);
    }
    const indices = [...affinesOf([...roots, ...stores.map((s) => s.value)]), ...stores.map((s) => s.at)];
    const outer = collapseAxes(body.axes, first, indices);
    this.inner = collapseAxes(body.inner, firstInner, indices);
    this.empty = sizeOf(body.inner) === 0;

    // along which axis do vectors lie?
    const all = accesses(body);
    const score = (axis: Axis): number => {
      if (axis.extent < 4) return -Infinity;
      let sum = 0;
      for (const a of all) {
        const along = (slot: number, affines: readonly Affine[]): boolean => affines.some((f) => (f.coeffs[slot] ?? 0) !== 0);
        const c = along(axis.slot, a.moved) ? Infinity : a.at.coeffs[axis.slot] ?? 0;
        const weight = this.inner.some((i) => along(i.slot, [a.at, ...a.moved])) || this.inner.length === 0 ? 4 : 1;
        if (c === 1) sum += 2 * weight; else if (c !== 0) sum -= a.bytes === 4 ? weight / 4 : weight * 2;
      }
      return sum;
    };
    const last = this.inner[this.inner.length - 1];
    const innerScore = last === undefined ? -Infinity : score(last);
    let vectorAxis: Axis | null = null, best = 0;
    for (const axis of outer) { const s = score(axis); if (s > 0 && s >= best) { vectorAxis = axis; best = s; } }
    this.mode = innerScore > 0 && innerScore >= best ? 'inner' : 'columns';
    if (this.mode === 'inner') vectorAxis = null;
    this.vectorAxis = vectorAxis;
    this.outer = outer.filter((a) => a !== vectorAxis);

    // units and levels
    let count = 0, units = 1;
    while (count < this.outer.length && units < ENOUGH) units *= at(this.outer, count++).extent;
    this.loops = this.outer.slice(count);
    // Over a long inner range a tile reads whole cache lines of each row, as far as its sums find registers: half lines cost twice (sums over a batch, for biases).
    // Likewise rows that stand anywhere (sums of what was looked up): the fewer tiles, the fewer pages are visited twice.
    const scattered = all.some((a) => a.moved.length > 0), long = scattered || sizeOf(body.inner) >= LONG_INNER, wideFrom = scattered ? 32 : WIDE_FROM;
    const wide = long ? (roots.length > 2 ? 2 : roots.length <= 1 && (vectorAxis?.extent ?? 0) >= wideFrom ? 8 : 4) : roots.length + stores.length <= 3 ? 4 : 2;
    this.tile = vectorAxis === null ? 1 : 4 * Math.max(1, Math.min(wide, Math.floor(vectorAxis.extent / 4)));
    const chunks = vectorAxis === null ? 1 : Math.ceil(vectorAxis.extent / this.tile);
    // the tile is a unit of its own unless loops stand between
    const chunkInUnits = vectorAxis !== null && this.loops.length === 0;
    this.unitAxes = [...this.outer.slice(0, count), ...(chunkInUnits && chunks > 1 ? [{ slot: this.chunkSlot, extent: chunks }] : [])];
    this.units = units * (chunkInUnits ? chunks : 1);
    const levels = new Map<number, number>();
    for (let s = 0; s < first; s++) levels.set(s, 0);
    for (const a of this.unitAxes) levels.set(a.slot, 1);
    this.loops.forEach((a, i) => levels.set(a.slot, 2 + i));
    this.rowLevel = 2 + this.loops.length;
    if (vectorAxis !== null) levels.set(vectorAxis.slot, this.rowLevel);
    this.inner.forEach((a, i) => levels.set(a.slot, this.rowLevel + 1 + i));
    const innermost = this.rowLevel + Math.max(1, this.inner.length);

    this.nest = new Nest(w, this.chunkSlot + 1, new Set([...unitSlots(body.axes, first), ...unitSlots(body.inner, firstInner)]));
    const extents = new Map<number, number>();
    body.axes.forEach((e, i) => extents.set(first + i, e));
    body.inner.forEach((e, i) => extents.set(firstInner + i, e));
    this.emitter = new ExprEmitter(context, w, this.nest, {
      vectorSlot: this.mode === 'inner' && last !== undefined ? last.slot : vectorAxis?.slot ?? null,
      levels, innermost, accLevel: this.rowLevel, accVarying: this.mode === 'columns' && vectorAxis !== null, extents,
      writes: new Set(stores.map((s) => s.buffer)),
    });
    let cost = 0;
    for (const stage of body.stages) {
      const own = stage.kind === 'reduce'
        ? this.emitter.plan([...stage.accs.map((a) => a.value), ...(arg ? [this.position] : [])]) + stage.accs.length
        : this.emitter.plan([], stage.stores);
      this.stageCosts.push(own);
      cost += own * (stage.kind === 'store' && stage.space === 'row' ? 1 : Math.max(1, sizeOf(body.inner)));
    }
    this.cost = cost;
  }

  print(): Phase[] {
    const { nest, emitter } = this;
    nest.enter(this.counters.map((value, slot) => ({ slot, value })));
    emitter.scope(0, 1, () => {
      emitter.hoist(0);
      nest.units(this.unitAxes, this.lo, this.hi, (digits) => emitter.scope(0, 1, () => {
        emitter.hoist(1);
        nestedLoops(nest, emitter, this.loops, () => ({}), 2, () => { this.tiles(digits.get(this.chunkSlot)); });
      }));
    });
    const vector = this.mode === 'inner' || this.vectorAxis !== null;
    return [{ fn: this.fn, units: this.units, ns: ROW_OVERHEAD * estimateNs(sizeOf(this.body.axes) * this.cost, vector, this.kernel.bytes), align: 1 }];
  }

  /** The rows of one place of the outer loops: one row, or the tiles of the vector axis. */
  private tiles(chunk: Local | undefined): void {
    const { w, nest, vectorAxis: axis, tile } = this;
    if (axis === null) { this.rows([{ shift: 0, lanes: 1 }]); return; }
    const whole = Math.floor(axis.extent / tile), rest = axis.extent % tile;
    const full = Array.from({ length: tile / 4 }, (_, i) => ({ shift: 4 * i, lanes: 4 as const }));
    const partial: { shift: number; lanes: 1 | 4 }[] = [];
    for (let s = 0; s < rest;) { const lanes = rest - s >= 4 ? 4 : 1; partial.push({ shift: s, lanes }); s += lanes; }
    const place = (start: Bound, columns: readonly { shift: number; lanes: 1 | 4 }[]) => nest.bind([{ slot: axis.slot, value: start }], () => { this.rows(columns); });
    const start = w.local('i32');
    const all = whole + (rest > 0 ? 1 : 0);
    if (all === 1) place(0, whole === 1 ? full : partial);
    else if (this.unitAxes.some((a) => a.slot === this.chunkSlot)) {
      // one unit is one tile; its number is a digit, or the only loop of the units
      const fromUnits = at([chunk], 0) as Local;
      w.get(fromUnits).i32(tile).op('i32.mul').set(start);
      if (rest === 0) place(start, full);
      else w.get(fromUnits).i32(whole).op('i32.lt_s').if(() => { place(start, full); }, () => { place(start, partial); });
    } else {
      if (whole > 0) {
        w.i32(0).set(start);
        w.loop(() => {
          place(start, full);
          w.get(start).i32(tile).op('i32.add').tee(start).i32(whole * tile).op('i32.lt_s').brIf(0);
        });
      }
      if (rest > 0) place(whole * tile, partial);
    }
    w.free(start);
  }

  /** All the stages for one row (a single column of one lane in inner mode) or a tile of them. */
  private rows(tile: readonly { shift: number; lanes: 1 | 4 }[]): void {
    const { emitter } = this;
    const columns: Column[] = tile.map((c) => ({ ...c, ...emitter.persistent(c.shift, c.lanes) }));
    let known = 0;
    this.body.stages.forEach((stage, i) => {
      for (const c of columns) c.within(() => { emitter.hoist(this.rowLevel, known, i); });
      this.stage = i;
      this.nest.using(emitter.patternsOf(i), () => {
        if (stage.kind === 'reduce') {
          if (this.mode === 'inner') this.reduceInner(at(columns, 0), stage.accs, known, at(this.stageCosts, i));
          else this.reduceColumns(columns, stage.accs, known);
          known += stage.accs.length;
        } else if (stage.space === 'row') {
          for (const c of columns) c.within(() => { emitter.scope(c.shift, c.lanes, () => { emitter.store(stage.stores); }); });
        } else if (!this.empty) this.storeFull(columns, stage.stores, at(this.stageCosts, i), known);
      });
    });
    for (const c of columns) c.release();
  }

  private storeFull(columns: readonly Column[], stores: readonly Store[], cost: number, known: number): void {
    const { emitter } = this;
    if (this.mode === 'columns') {
      this.innerNest(columns, this.inner, known, (c) => { emitter.scope(c.shift, c.lanes, () => { emitter.store(stores); }); });
      return;
    }
    at(columns, 0).within(() => {
      this.aroundLast(this.rowLevel + 1, known, (last) => {
        innerLoop(this.w, this.nest, emitter, last, { vector: true, unroll: unrollFor(cost) }, () => { emitter.store(stores); });
      });
    });
  }
  /** Inner mode: the loops around the last inner axis. */
  private aroundLast(level: number, known: number, body: (last: Axis) => void): void {
    const { nest, emitter } = this;
    const walk = (axes: readonly Axis[], l: number): void => {
      const axis = at(axes, 0);
      if (axes.length === 1) { body(axis); return; }
      nest.loop(axis, {}, () => { emitter.scope(0, 1, () => { emitter.hoist(l, known, this.stage); walk(axes.slice(1), l + 1); }); });
    };
    walk(this.inner, level);
  }

  /** Columns: the loops over the inner axes around `body` for every column. */
  private innerNest(columns: readonly Column[], axes: readonly Axis[], known: number, body: (c: Column) => void, level = this.rowLevel + 1, range: { start?: Bound; stop?: Bound } = {}): void {
    const { nest, emitter } = this, axis = axes[0];
    if (axis === undefined) { for (const c of columns) c.within(() => { body(c); }); return; }
    const unrolled = sizeOf(this.body.inner) <= UNROLL_INNER && at(this.stageCosts, this.stage) * columns.length <= UNROLL_COST;
    nest.loop(axis, { ...range, unrolled }, () => {
      if (axes.length === 1) {
        const stage = at(this.body.stages, this.stage), values = stage.kind === 'reduce' ? stage.accs.map((a) => a.value) : stage.stores.map((s) => s.value);
        emitter.sharing(columns.length > 1 ? values : [], () => { for (const c of columns) c.within(() => { body(c); }); });
        return;
      }
      const deeper = columns.map((c): Column => {
        let made: Column | undefined;
        c.within(() => { made = { shift: c.shift, lanes: c.lanes, ...emitter.persistent(c.shift, c.lanes) }; });
        return at([made], 0) as Column;
      });
      for (const c of deeper) c.within(() => { emitter.hoist(level, known, this.stage); });
      this.innerNest(deeper, axes.slice(1), known, body, level + 1);
      for (const c of deeper) c.release();
    });
  }

  private needsBlocks(accs: readonly Accumulator[]): boolean {
    return sizeOf(this.body.inner) > BLOCK_FROM && accs.some((a) => a.op === 'sum' && a.dtype === 'f32');
  }

  private reduceColumns(columns: readonly Column[], accs: readonly Accumulator[], known: number): void {
    const { w, context, emitter } = this;
    const states = columns.map((c) => new Accumulators(context, w, emitter, accs, c.lanes === 4 ? 1 : 0, c.lanes === 1, this.position));
    for (const s of states) s.reset();
    if (!this.empty) {
      const step = (target: readonly Accumulators[]) => (c: Column) => {
        emitter.scope(c.shift, c.lanes, () => { at(target, columns.findIndex((o) => o.shift === c.shift)).step(c.lanes === 4 ? 0 : -1); });
      };
      const axis = this.inner[0];
      if (this.needsBlocks(accs) && axis !== undefined) {
        const inside = sizeOf(this.inner.slice(1).map((a) => a.extent));
        const blocks = columns.map((c) => new Accumulators(context, w, emitter, accs, c.lanes === 4 ? 1 : 0, c.lanes === 1, this.position));
        this.inBlocks(axis, Math.max(1, Math.ceil(BLOCK / inside)), (range) => {
          for (const b of blocks) b.reset();
          this.innerNest(columns, this.inner, known, step(blocks), this.rowLevel + 1, range);
          states.forEach((s, i) => { s.merge(at(blocks, i)); });
        });
        for (const b of blocks) b.release();
      } else this.innerNest(columns, this.inner, known, step(states));
    }
    columns.forEach((c, i) => { c.within(() => { accs.forEach((_, a) => { emitter.setAcc(known + a, at(states, i).result(a)); }); }); });
  }

  private reduceInner(row: Column, accs: readonly Accumulator[], known: number, cost: number): void {
    const { w, context, emitter, nest } = this;
    const last = at(this.inner, -1);
    const copies = Math.max(1, Math.min(unrollFor(cost), Math.floor(last.extent / 4)));
    const blocked = this.needsBlocks(accs);
    const state = new Accumulators(context, w, emitter, accs, copies, last.extent % 4 !== 0 || blocked, this.position);
    const run = (target: Accumulators, range: { start?: Bound; stop?: Bound }, multiple: number) => {
      innerLoop(w, nest, emitter, last, { ...range, vector: true, unroll: copies, multiple }, (copy) => { target.step(copy); });
    };
    row.within(() => {
      state.reset();
      if (!this.empty) {
        if (!blocked) this.aroundLast(this.rowLevel + 1, known, () => { run(state, {}, 1); });
        else {
          const block = new Accumulators(context, w, emitter, accs, copies, true, this.position);
          this.aroundLast(this.rowLevel + 1, known, () => {
            this.inBlocks(last, BLOCK_INNER, (range) => {
              block.reset();
              run(block, range, last.extent % 16 === 0 ? 16 : last.extent % 4 === 0 ? 4 : 1);
              state.merge(block);
            });
          });
          block.release();
        }
      }
      state.combine();
      accs.forEach((_, a) => { emitter.setAcc(known + a, state.result(a)); });
    });
  }

  /** Calls `body` for consecutive ranges of at most `size` along `axis`, in a loop where there are several. */
  private inBlocks(axis: Axis, size: number, body: (range: { start?: Bound; stop?: Bound }) => void): void {
    const { w } = this;
    if (axis.extent <= size) { body({}); return; }
    const start = w.local('i32'), stop = w.local('i32');
    w.i32(0).set(start);
    w.loop(() => {
      w.get(start).i32(size).op('i32.add').tee(stop).i32(axis.extent).get(stop).i32(axis.extent).op('i32.lt_s').op('select').set(stop);
      body({ start, stop });
      w.get(stop).tee(start).i32(axis.extent).op('i32.lt_s').brIf(0);
    });
    w.free(start, stop);
  }
}
