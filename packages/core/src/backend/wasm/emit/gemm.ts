/**
 * Prints gemm kernels: blocked, packed where it pays, register tiles (gemm-micro), results bit-identical for any split.
 *
 * Order of work (Goto & van de Geijn 2008): blocks of columns, blocks of rows, blocks of k, then tiles, panel of b by panel. The product is written straight to
 * its place when the kernel stores it unchanged, contiguous in n; else into a block of thread scratch over which the epilogue runs
 * as a map while it is in cache. Each element is one chain over ascending k: later blocks of k resume from the stored sums.
 */
import { at } from '../../../base/shape.ts';
import type { GemmBody, Kernel } from '../../../kernel/ir.ts';
import type { FunctionWriter, Local } from '../encoder.ts';
import { phaseFunction } from './context.ts';
import type { EmitContext, Phase } from './context.ts';
import { emitBlocks } from './gemm-block.ts';
import { pushMin } from './gemm-code.ts';
import type { GemmJob, SharedPanels } from './gemm-matrix.ts';
import { packColumns } from './gemm-operand.ts';
import { planNative } from './gemm-native.ts';
import { planGemm } from './gemm-plan.ts';
import { extentOf, mirror, plainMatrix, plainPlace, shapeOf } from './gemm-shape.ts';
import type { GemmShape, Plain } from './gemm-shape.ts';
import type { Axis } from './nest.ts';

/** Estimates for one thread: ns per multiply-add, per element packed plainly, per element that is an expression. */
const NS_PER_FMA = 0.045, NS_PER_COPY = 0.4, NS_PER_EXPRESSION = 1, NS_START = 200;

export function emitGemm(context: EmitContext, kernel: Kernel, body: GemmBody = kernel.body as GemmBody): Phase[] {
  const upright = shapeOf(body, kernel.loops);
  const shape = orient(context, upright), a = plainMatrix(context, shape.a, shape.m, shape.k), b = plainMatrix(context, shape.b, shape.k, shape.n);
  const c = directPlace(context, shape);
  // In a loop, an operand that stays the same is packed once, before the loop.
  const still = kernel.loops > 0 && b !== null && shape.b.k === 'load' && b.at.coeffs.slice(0, kernel.loops).every((f) => f === 0) && context.isStill?.(kernel, shape.b.buffer) === true;
  const rates = context.nativeGemm === undefined ? undefined : context.features.native;
  const native = rates === undefined ? null : planNative(shape, rates, a, b, c, still);
  const plan = native?.plan ?? planGemm(shape, context.features, a, b, c !== null, still);
  const { batches, m, n, k } = plan;
  if (batches * m * n === 0) return [];
  const job: GemmJob = { context, kernel, shape, plan, a, b, c };
  const phases: Phase[] = [];

  let shared: SharedPanels | null = null;
  if (plan.bMode === 'shared') {
    const bytes = batches * plan.columnTiles * plan.columns * k * 4;
    shared = (still ? context.requestKeptScratch?.(bytes) : undefined) ?? context.requestSharedScratch(bytes);
    phases.push({ ...packPhase(job, shared), ahead: still });
  }
  const { writer: w, index, lo, hi, counters } = phaseFunction(context, kernel);
  const alongM = plan.split === 'm', tiles = alongM ? plan.rowTiles : plan.columnTiles;
  perBatch(w, shape.batch, tiles, lo, hi, (batch, digits, from, to) => {
    emitBlocks(job, w, shared, { batch, digits, counters }, alongM ? [from, to] : [0, plan.rowTiles], alongM ? [0, plan.columnTiles] : [from, to]);
  });
  const packed = (plan.aMode === 'direct' ? 0 : batches * m * k * (plan.aMode === 'block' ? NS_PER_EXPRESSION : NS_PER_COPY))
    + (plan.bMode === 'private' ? batches * n * k * (b === null ? NS_PER_EXPRESSION : NS_PER_COPY) : 0);
  const used = Math.min(1, n / (Math.ceil(n / 4) * 4));
  const ns = NS_START + batches * m * n * k * (native?.rate ?? NS_PER_FMA / used) + packed + (plan.direct ? 0 : batches * m * n * NS_PER_EXPRESSION);
  phases.push({ fn: index, units: batches * tiles, ns, align: 1 });
  return phases;
}

/** The place of a product that is stored unchanged and contiguous along n; null where it is not. */
function directPlace(context: EmitContext, shape: GemmShape): Plain | null {
  const store = shape.stores[0];
  if (shape.stores.length !== 1 || store === undefined || store.value.k !== 'acc' || store.dtype !== 'f32') return null;
  const place = plainPlace(context, store.buffer, store.at, shape.m, shape.n);
  return place !== null && (place.column === 4 || shape.n.length === 0) ? place : null;
}

/** Exchanges rows and columns where the result then lies along the columns, or where there is one column only. */
function orient(context: EmitContext, shape: GemmShape): GemmShape {
  const turned = mirror(shape);
  if (extentOf(shape.n) === 1 && extentOf(shape.m) > 1) return turned;
  if (extentOf(shape.m) === 1) return shape;
  if (directPlace(context, shape) !== null) return shape;
  if (directPlace(context, turned) !== null) return turned;
  const along = (axes: readonly Axis[]) => shape.stores.filter((s) => axes.length > 0 && (s.at.coeffs[at(axes, -1).slot] ?? 0) === 1).length;
  return along(shape.m) > along(shape.n) ? turned : shape;
}

/** Walks units lo..hi-1, `tiles` to a batch: the body does tiles from..to of one batch, whose axes' values are in `digits`. */
function perBatch(
  w: FunctionWriter, axes: readonly Axis[], tiles: number, lo: Local, hi: Local,
  body: (batch: Local | 0, digits: readonly { readonly slot: number; readonly value: Local }[], from: Local, to: Local) => void,
): void {
  if (extentOf(axes) === 1) { w.get(lo).get(hi).op('i32.lt_s').if(() => { body(0, [], lo, hi); }); return; }
  const unit = w.local('i32'), batch = w.local('i32'), from = w.local('i32'), to = w.local('i32'), rest = w.local('i32');
  const digits = axes.map((axis, i) => ({ slot: axis.slot, extent: axis.extent, value: axes.length === 1 && i === 0 ? batch : w.local('i32') }));
  w.get(lo).set(unit);
  w.block(() => w.loop(() => {
    w.get(unit).get(hi).op('i32.ge_s').brIf(1);
    w.get(unit).i32(tiles).op('i32.div_u').tee(batch).i32(tiles).op('i32.mul').set(rest);
    w.get(unit).get(rest).op('i32.sub').set(from);
    w.get(hi).get(rest).op('i32.sub').set(to);
    pushMin(w, to, tiles); w.set(to);
    if (digits.length > 1) {
      w.get(batch).set(rest);
      for (let d = digits.length - 1; d >= 0; d--) {
        const { extent, value } = at(digits, d);
        w.get(rest).i32(extent).op('i32.rem_u').set(value);
        w.get(rest).i32(extent).op('i32.div_u').set(rest);
      }
    }
    body(batch, digits, from, to);
    w.get(unit).get(to).op('i32.add').get(from).op('i32.sub').set(unit).br(0);
  }));
  w.free(unit, from, to, rest, batch, ...digits.filter((d) => d.value !== batch).map((d) => d.value));
}

/** The phase that packs all of b into shared panels; its units are panels. */
function packPhase(job: GemmJob, shared: SharedPanels): Phase {
  const { context, kernel, shape, plan } = job;
  const { writer: w, index, lo, hi, counters } = phaseFunction(context, kernel, ' pack');
  const panelBytes = plan.columns * plan.k * 4;
  perBatch(w, shape.batch, plan.columnTiles, lo, hi, (batch, digits, from, to) => {
    const start = w.local('i32');
    shared.push(w);
    w.get(from).i32(panelBytes).op('i32.mul').op('i32.add');
    if (batch !== 0) w.get(batch).i32(plan.columnTiles * panelBytes).op('i32.mul').op('i32.add');
    w.set(start);
    packColumns(job, w, { batch, digits, counters }, [from, to], { outer: [0, plan.kBlocks.outer], inner: [0, plan.kBlocks.inner], first: 0, length: plan.k }, start, panelBytes);
    w.free(start);
  });
  const elements = plan.batches * plan.n * plan.k;
  return { fn: index, units: plan.batches * plan.columnTiles, ns: NS_START + elements * (job.b === null ? NS_PER_EXPRESSION : NS_PER_COPY), align: 1 };
}
