/**
 * Operands and results of a gemm that are more than plain matrices: packs rows and columns (plain ones through gemm-pack, expressions
 * through map loops) and runs the epilogue over a finished block.
 */
import { at } from '../../../base/shape.ts';
import type { Affine, BufferId, Condition, Expr, Store } from '../../../kernel/ir.ts';
import type { FunctionWriter, Local } from '../encoder.ts';
import { pushMin, pushSum, range } from './gemm-code.ts';
import type { Term } from './gemm-code.ts';
import { pushMatrix } from './gemm-matrix.ts';
import type { GemmJob, KRange, Position, Tiles } from './gemm-matrix.ts';
import { emitPack, groupsOf, panelOf } from './gemm-pack.ts';
import { extentOf } from './gemm-shape.ts';
import type { Plain } from './gemm-shape.ts';
import { emitMapLoops } from './loops.ts';
import type { LoopAxis } from './loops.ts';
import { pushBound } from './nest.ts';
import type { Axis, Bound } from './nest.ts';

/** Buffers of our own, for the map loops: where an operand is packed to, where the product stands. */
const PANEL: BufferId = -1, PRODUCT: BufferId = -2;

/** What each axis does: fixed, a range, or (whole) all of it. */
type Settings = ReadonlyMap<number, LoopAxis>;

/** Packs rows of `a`, tiles ic..ie-1 and a block of k, to `to` in the given layout. */
export function packRows(job: GemmJob, w: FunctionWriter, where: Position, [ic, ie]: Tiles, k: KRange, to: Local, layout: { readonly row: number; readonly step: number }): void {
  const { plan, shape, a } = job, { rows } = plan;
  if (plan.aMode === 'panel' && a !== null) {
    const panel = w.local('i32');
    w.get(to).set(panel);
    packPlain(job, w, where, a, { width: rows, total: plan.m, line: a.row, step: a.column }, [ic, ie], k, panel, panelOf(plan.kBlocks.longest * rows * 4));
    w.free(panel);
    return;
  }
  evaluate(job, w, where, { expr: shape.a, axes: shape.m, line: layout.row, step: layout.step, alongK: plan.alongK }, [ic, ie], rows, plan.m, k, to);
}

/** Packs columns of `b`, tiles jc..je-1 and a block of k, into panels that are `panelBytes` apart. */
export function packColumns(job: GemmJob, w: FunctionWriter, where: Position, [jc, je]: Tiles, k: KRange, to: Local, panelBytes: number): void {
  const { plan, shape, b } = job, { columns } = plan;
  const full = Math.floor(plan.n / columns), rest = plan.n - full * columns, panel = w.local('i32');
  w.get(to).set(panel);
  if (b !== null) packPlain(job, w, where, b, { width: columns, total: plan.n, line: b.column, step: b.row }, [jc, je], k, panel, panelBytes);
  else {
    range(w, jc, je, 1, (tile) => {
      if (rest > 0) w.get(tile).i32(full).op('i32.eq').if(() => { w.get(panel).i32(0).i32(panelBytes).memoryFill(); });
      const next = w.local('i32');
      w.get(tile).i32(1).op('i32.add').set(next);
      evaluate(job, w, where, { expr: shape.b, axes: shape.n, line: 4, step: columns * 4, alongK: null }, [tile, next], columns, plan.n, k, panel);
      w.free(next);
      w.get(panel).i32(panelBytes).op('i32.add').set(panel);
    });
  }
  w.free(panel);
}

/** k of a plain matrix that go to all panels before the next ones do: their rows are read in order, a few at a time. */
const CHUNK = 16;

/** Packs tiles from..to-1 of a plain matrix to `panel` (which moves on), panels `panelBytes` apart; several at a time where their lines are neighbours in memory. */
function packPlain(
  job: GemmJob, w: FunctionWriter, where: Position, matrix: Plain, spec: { readonly width: number; readonly total: number; readonly line: number; readonly step: number },
  [from, to]: Tiles, k: KRange, panel: Local, panelBytes: number,
): void {
  const { width, total, line, step } = spec, { module } = job.context;
  const full = Math.floor(total / width), rest = total - full * width, groups = groupsOf(width, line).filter((size) => size <= full);
  const source = w.local('i32'), tile = w.local('i32'), end = w.local('i32'), length = w.local('i32');
  const firstPanel = w.local('i32'), firstSource = w.local('i32');
  pushMatrix(w, matrix, where, [[from, width * line], [k.first, step]]); w.set(firstSource);
  w.get(panel).set(firstPanel);
  pushMin(w, to, full); w.set(end);
  const call = (valid: number, panels: number) => {
    w.get(source).get(panel).get(length);
    w.call(emitPack(module, { width, valid, line, step, ...(panels === 1 ? {} : { panels, apart: panelBytes }) }));
    w.get(source).i32(panels * width * line).op('i32.add').set(source);
    w.get(panel).i32(panels * panelBytes).op('i32.add').set(panel);
    w.get(tile).i32(panels).op('i32.add').set(tile);
  };
  range(w, 0, k.length, CHUNK, (first) => {
    pushBound(w, k.length); w.get(first).op('i32.sub').set(length);
    pushMin(w, length, CHUNK); w.set(length);
    w.get(firstSource).get(first).i32(step).op('i32.mul').op('i32.add').set(source);
    w.get(firstPanel).get(first).i32(width * 4).op('i32.mul').op('i32.add').set(panel);
    pushBound(w, from); w.set(tile);
    for (const panels of groups) {
      // while so many full tiles are left
      w.block(() => w.loop(() => {
        w.get(end).get(tile).op('i32.sub').i32(panels).op('i32.lt_s').brIf(1);
        call(width, panels);
        w.br(0);
      }));
    }
    if (rest > 0) { w.get(tile); pushBound(w, to); w.op('i32.lt_s').if(() => { call(rest, 1); }); }
  });
  // behind the last panel
  pushBound(w, to); pushBound(w, from); w.op('i32.sub').i32(panelBytes).op('i32.mul').get(firstPanel).op('i32.add').set(panel);
  w.free(source, tile, end, length, firstPanel, firstSource);
}

/** Runs the stores over tiles ic..ie-1 x jc..je-1, whose products stand at `product`, rows `rowBytes` apart. */
export function runEpilogue(job: GemmJob, w: FunctionWriter, where: Position, [ic, ie]: Tiles, [jc, je]: Tiles, product: Local, rowBytes: number): void {
  const { plan, shape } = job;
  const base = w.local('i32');
  pushSum(w, 0, [[product, 1], [ic, -plan.rows * rowBytes], [jc, -plan.columns * 4]]); w.set(base);
  const place = linear(shape.slots, [[shape.m, rowBytes / 4], [shape.n, 1]]);
  const acc: Expr = { k: 'load', dtype: 'f32', buffer: PRODUCT, at: place };
  const rows = elements(w, ic, ie, plan.rows, plan.m), columns = elements(w, jc, je, plan.columns, plan.n);
  eachRange(w, shape.m, rows.from, rows.to, (m) => {
    eachRange(w, shape.n, columns.from, columns.to, (n) => {
      loops(job, w, where, new Map([...m, ...n]), shape.stores, new Map([[PRODUCT, base]]), [acc]);
    });
  });
  w.free(base, ...rows.locals, ...columns.locals);
}

interface Target {
  readonly expr: Expr;
  /** the axes of its lines (rows of a, columns of b) */
  readonly axes: readonly Axis[];
  /** bytes from line to line and from k to k + 1 where it goes to */
  readonly line: number; readonly step: number;
  /** vectors lie along k, along the lines, or as the map loops think best */
  readonly alongK: boolean | null;
}

/** Evaluates an operand's lines of tiles from..to-1 over a block of k, to `to`. */
function evaluate(job: GemmJob, w: FunctionWriter, where: Position, target: Target, [from, to]: Tiles, tile: number, total: number, k: KRange, destination: Local): void {
  const { shape } = job, { expr } = target;
  const base = w.local('i32');
  pushSum(w, 0, [[destination, 1], [from, -tile * target.line], [k.first, -target.step]]); w.set(base);
  const place = linear(shape.slots, [[target.axes, target.line / 4], [shape.k, target.step / 4]]);
  const bases = new Map([[PANEL, base]]);
  const put = (settings: Settings, value: Expr) => { loops(job, w, where, settings, [{ buffer: PANEL, dtype: 'f32', at: place, value }], bases, []); };
  const lines = elements(w, from, to, tile, total);
  const innerK = shape.k.slice(-1), innerLine = target.axes.slice(-1);
  const vector = (target.alongK === false ? innerLine : innerK)[0]?.slot;
  eachRange(w, target.axes, lines.from, lines.to, (l) => {
    eachRange(w, shape.k.slice(0, -1), k.outer[0], k.outer[1], (o) => {
      eachRange(w, innerK, k.inner[0], k.inner[1], (i) => {
        const settings = new Map([...l, ...o, ...i]);
        const open = expr.k === 'guard' && target.alongK !== null && expr.conditions.every((c) => vector === undefined || (c.at.coeffs[vector] ?? 0) === 0);
        if (!open) { put(settings, expr); return; }
        // Conditions that stand still along the vectors are tested once per run of them.
        fixAll(w, settings, vector, (fixed) => {
          const terms = [...where.counters.map((value, slot) => ({ slot, value })), ...where.digits, ...[...fixed].flatMap(([slot, a]) => (a.fixed === undefined ? [] : [{ slot, value: a.fixed }]))];
          expr.conditions.forEach((c, n) => { pushCondition(w, c, terms); if (n > 0) w.op('i32.and'); });
          if (expr.conditions.length === 0) w.i32(1);
          w.if(() => { put(fixed, expr.inside); }, () => { put(fixed, expr.outside); });
        });
      });
    });
  });
  w.free(base, ...lines.locals);
}

/** Pushes 1 where the condition holds for the known values, else 0. */
function pushCondition(w: FunctionWriter, c: Condition, known: readonly { readonly slot: number; readonly value: Local }[]): void {
  pushSum(w, c.at.offset - c.lo, known.map((v): Term => [v.value, c.at.coeffs[v.slot] ?? 0]));
  const divisor = c.divisor ?? 1;
  if (divisor <= 1) { w.i32(c.hi - c.lo).op('i32.lt_u'); return; }
  const value = w.local('i32');
  w.tee(value).i32(c.hi - c.lo).op('i32.lt_u').get(value).i32(divisor).op('i32.rem_u').op('i32.eqz').op('i32.and');
  w.free(value);
}

/** The flat element number along axes, times a stride in elements, for several groups of axes. */
function linear(slots: number, groups: readonly (readonly [readonly Axis[], number])[]): Affine {
  const coeffs = new Array<number>(slots).fill(0);
  for (const [axes, unit] of groups) {
    let stride = unit;
    for (let i = axes.length - 1; i >= 0; i--) { const axis = at(axes, i); coeffs[axis.slot] = stride; stride *= axis.extent; }
  }
  return { offset: 0, coeffs };
}

/** Elements of tiles from..to-1, cut at `total`. */
function elements(w: FunctionWriter, from: Bound, to: Bound, tile: number, total: number): { from: Bound; to: Bound; locals: Local[] } {
  const locals: Local[] = [];
  const times = (tiles: Bound, cut: boolean): Bound => {
    if (typeof tiles === 'number') return cut ? Math.min(tiles * tile, total) : tiles * tile;
    const local = w.local('i32');
    locals.push(local);
    w.get(tiles).i32(tile).op('i32.mul').set(local);
    if (cut) { pushMin(w, local, total); w.set(local); }
    return local;
  };
  return { from: times(from, false), to: times(to, true), locals };
}

/** Flat elements from..to-1 of the axes, as runs in which all but the last axis stand still (or as one piece, where it is one). */
function eachRange(w: FunctionWriter, axes: readonly Axis[], from: Bound, to: Bound, body: (settings: Settings) => void): void {
  const only = axes[0];
  if (only === undefined) { body(new Map()); return; }
  if (from === 0 && to === extentOf(axes)) { body(new Map(axes.map((a) => [a.slot, { extent: a.extent }]))); return; }
  if (axes.length === 1) { body(new Map([[only.slot, { extent: only.extent, start: from, stop: to }]])); return; }
  const inner = at(axes, -1), outer = axes.slice(0, -1);
  const now = w.local('i32'), start = w.local('i32'), stop = w.local('i32'), rest = w.local('i32');
  const digits = outer.map((axis) => ({ axis, value: w.local('i32') }));
  pushBound(w, from); w.set(now);
  w.block(() => w.loop(() => {
    w.get(now); pushBound(w, to); w.op('i32.ge_s').brIf(1);
    w.get(now).i32(inner.extent).op('i32.rem_u').set(start);
    w.get(now).i32(inner.extent).op('i32.div_u').set(rest);
    for (let d = digits.length - 1; d > 0; d--) {
      const { axis, value } = at(digits, d);
      w.get(rest).i32(axis.extent).op('i32.rem_u').set(value);
      w.get(rest).i32(axis.extent).op('i32.div_u').set(rest);
    }
    w.get(rest).set(at(digits, 0).value);
    w.get(start); pushBound(w, to); w.op('i32.add').get(now).op('i32.sub').set(stop);
    pushMin(w, stop, inner.extent); w.set(stop);
    body(new Map<number, LoopAxis>([
      ...digits.map(({ axis, value }): [number, LoopAxis] => [axis.slot, { extent: axis.extent, fixed: value }]),
      [inner.slot, { extent: inner.extent, start, stop }],
    ]));
    w.get(now).get(stop).op('i32.add').get(start).op('i32.sub').set(now).br(0);
  }));
  w.free(now, start, stop, rest, ...digits.map((d) => d.value));
}

/** Loops over every axis that is not fixed, except `vector`. */
function fixAll(w: FunctionWriter, settings: Settings, vector: number | undefined, body: (settings: Settings) => void): void {
  const open = [...settings].find(([slot, a]) => slot !== vector && a.fixed === undefined);
  if (open === undefined) { body(settings); return; }
  const [slot, axis] = open;
  range(w, axis.start ?? 0, axis.stop ?? axis.extent, 1, (i) => {
    fixAll(w, new Map([...settings, [slot, { extent: axis.extent, fixed: i }]]), vector, body);
  });
}

function loops(job: GemmJob, w: FunctionWriter, where: Position, settings: Settings, stores: readonly Store[], bases: ReadonlyMap<BufferId, Local>, accs: readonly Expr[]): void {
  const { shape, context } = job, first = where.counters.length;
  const fixed = new Map<number, LoopAxis>(where.digits.map((d) => [d.slot, { extent: 2, fixed: d.value }]));
  for (const axis of shape.batch) { const d = fixed.get(axis.slot); if (d !== undefined && d.fixed !== undefined) fixed.set(axis.slot, { extent: axis.extent, fixed: d.fixed }); }
  // Slots without a setting were merged away or do not occur: extent 1.
  const axes = Array.from({ length: shape.slots - first }, (_, i): LoopAxis => settings.get(first + i) ?? fixed.get(first + i) ?? { extent: 1 });
  emitMapLoops(context, w, { counters: where.counters, axes, stores, bases, accs });
}
