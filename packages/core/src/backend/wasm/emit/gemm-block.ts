/**
 * The loops of a gemm over blocks and tiles, for a range of tiles of one batch: packs what is packed privately, calls the
 * micro-kernels, runs the epilogue over finished blocks.
 */
import type { FunctionWriter, Local } from '../encoder.ts';
import { helper } from './context.ts';
import { blocks, pushMin, pushSum, range } from './gemm-code.ts';
import { writeMicroKernel } from './gemm-micro.ts';
import type { MicroSpec } from './gemm-micro.ts';
import { panelOf } from './gemm-pack.ts';
import { packColumns, packRows, runEpilogue } from './gemm-operand.ts';
import { pushMatrix } from './gemm-matrix.ts';
import type { GemmJob, KRange, Position, SharedPanels, Tiles } from './gemm-matrix.ts';
import { pushBound } from './nest.ts';
import type { Bound } from './nest.ts';

const CACHE_LINE = 64;
const lineUp = (bytes: number): number => Math.ceil(bytes / CACHE_LINE) * CACHE_LINE;

/** How a block of `a` lies in thread scratch: bytes between rows and between steps of k. */
export function rowLayout(job: GemmJob): { readonly row: number; readonly step: number; readonly bytes: number } {
  const { plan, a } = job, { longest } = plan.kBlocks, rows = plan.blockRows * plan.rows;
  if (plan.aMode === 'direct' && a !== null) return { row: a.row, step: a.column, bytes: 0 };
  if (plan.aMode === 'panel') return { row: 4, step: plan.rows * 4, bytes: plan.blockRows * panelOf(plan.rows * longest * 4) };
  // An expression is evaluated with vectors along the longer of its innermost axes; lines are padded off powers of two.
  if (plan.alongK) { const row = (Math.ceil(longest / 4) * 4 + 8) * 4; return { row, step: 4, bytes: lineUp(rows * row) }; }
  const step = (Math.ceil(rows / 4) * 4 + 4) * 4;
  return { row: 4, step, bytes: lineUp(longest * step) };
}

/** Emits tiles `rowTiles` x `columnTiles` of the batch at `where`. */
export function emitBlocks(job: GemmJob, w: FunctionWriter, shared: SharedPanels | null, where: Position, rowTiles: Tiles, columnTiles: Tiles): void {
  const { context, plan, a, b, c } = job, { kBlocks: kb } = plan;
  const layout = rowLayout(job);
  const panelStep = plan.columns * 4, privatePanel = panelOf(kb.longest * panelStep), sharedPanel = plan.k * panelStep;
  const privateBytes = plan.bMode === 'private' ? lineUp(plan.blockColumns * privatePanel) : 0;
  const resultRow = c === null ? plan.blockColumns * panelStep : c.row;
  const resultBytes = c === null ? lineUp(plan.blockRows * plan.rows * resultRow) : 0;
  context.requestThreadScratch(layout.bytes + privateBytes + resultBytes);

  const aStart = w.local('i32'), bStart = w.local('i32'), cStart = w.local('i32'), scratch = w.local('i32');
  w.globalGet(context.threadScratch).set(scratch);
  const direct = plan.bMode === 'direct' && b !== null;
  const bTile = direct ? plan.columns * b.column : plan.bMode === 'shared' ? sharedPanel : privatePanel;
  const bStep = direct ? b.row : panelStep, bColumn = direct ? b.column : 4;

  const micro = (rows: number, columns: number): number => {
    const spec: MicroSpec = {
      rows, columns, aRow: layout.row, aStep: layout.step, bStep, cRow: resultRow, bPadded: !direct, resumes: kb.count > 1, relaxed: context.features.relaxed, turbo: context.features.turbo === true,
    };
    return helper(context.module, `gemm_tile_${Object.values(spec).join('_')}`, ['i32', 'i32', 'i32', 'i32', 'i32'], [], (writer) => { writeMicroKernel(writer, spec); });
  };
  const fullRows = Math.floor(plan.m / plan.rows), fullColumns = Math.floor(plan.n / plan.columns);
  const restRows = plan.m - fullRows * plan.rows, restColumns = plan.n - fullColumns * plan.columns;

  blocks(w, columnTiles[0], columnTiles[1], plan.blockColumns, (jc, je) => {
    blocks(w, rowTiles[0], rowTiles[1], plan.blockRows, (ic, ie) => {
      kRanges(w, job, (k) => {
        // where the block's operands begin
        if (plan.aMode === 'direct' && a !== null) { pushMatrix(w, a, where, [[ic, plan.rows * a.row], [k.first, a.column]]); w.set(aStart); }
        else { w.get(scratch).set(aStart); packRows(job, w, where, [ic, ie], k, aStart, layout); }
        if (direct) { pushMatrix(w, b, where, [[jc, bTile], [k.first, b.row]]); w.set(bStart); }
        else if (shared !== null) {
          shared.push(w);
          pushSum(w, 0, [[where.batch, plan.columnTiles * sharedPanel], [jc, sharedPanel], [k.first, panelStep]]);
          w.op('i32.add').set(bStart);
        } else {
          w.get(scratch).i32(layout.bytes).op('i32.add').set(bStart);
          packColumns(job, w, where, [jc, je], k, bStart, privatePanel);
        }
        if (c !== null) { pushMatrix(w, c, where, [[ic, plan.rows * c.row], [jc, panelStep]]); w.set(cStart); }
        else { w.get(scratch).i32(layout.bytes + privateBytes).op('i32.add').set(cStart); }

        const aAt = w.local('i32'), bAt = w.local('i32'), cAt = w.local('i32'), full = w.local('i32');
        const aTile = plan.aMode === 'panel' ? panelOf(kb.longest * plan.rows * 4) : plan.rows * layout.row, cTile = plan.rows * resultRow;
        // k of a tile, where a half of an operand is 0: from `start`, `length` of it
        const { triangles } = job.shape, cut = kb.count === 1 && (triangles.a ?? triangles.b) !== undefined, start = w.local('i32'), length = w.local('i32');
        const shorten = (row: Bound, column: Bound) => {
          const below = triangles.a === 'below' ? pushing(row, plan.rows) : triangles.b === 'below' ? pushing(column, plan.columns) : null;
          if (below === null) w.i32(0).set(start);
          else { below(0); w.set(start); pushMin(w, start, plan.k); w.set(start); }
          w.i32(plan.k).set(length);
          for (const after of [triangles.a === 'above' ? pushing(row, plan.rows) : null, triangles.b === 'above' ? pushing(column, plan.columns) : null]) {
            if (after === null) continue;
            const end = w.local('i32');
            after(1); w.set(end); pushMin(w, length, end); w.set(length);
            w.free(end);
          }
          w.get(length).get(start).op('i32.sub').set(length);
        };
        /** pushes the first element of a tile, or of the one after it */
        const pushing = (tile: Bound, size: number) => (next: 0 | 1) => { pushSum(w, next * size, [[tile, size]]); };
        const call = (rows: number, columns: number, row: Bound, column: Bound) => {
          if (cut) shorten(row, column);
          const offset = (pointer: Local, step: number) => { w.get(pointer); if (cut) w.get(start).i32(step).op('i32.mul').op('i32.add'); };
          const native = plan.native === true ? context.nativeGemm : undefined;
          offset(aAt, layout.step);
          if (native !== undefined) w.i32(layout.row).i32(layout.step);
          offset(bAt, bStep);
          if (native !== undefined) w.i32(bStep).i32(bColumn);
          w.get(cAt);
          if (native !== undefined) w.i32(resultRow).i32(rows).i32(columns);
          if (cut) w.get(length); else pushBound(w, k.length);
          if (typeof k.first === 'number') w.i32(k.first === 0 ? 0 : 1); else w.get(k.first).i32(0).op('i32.ne');
          w.call(native ?? micro(rows, columns));
        };
        // a tile in the half of c that nobody reads is left out
        const unless = (row: Bound, column: Bound, body: () => void) => {
          const { c: unread } = triangles;
          if (unread === undefined) { body(); return; }
          const [near, size, far, other] = unread === 'above' ? [row, plan.rows, column, plan.columns] as const : [column, plan.columns, row, plan.rows] as const;
          pushing(far, other)(0); pushing(near, size)(1); w.op('i32.lt_s').if(body);
        };
        const move = (local: Local, bytes: number) => { w.get(local).i32(bytes).op('i32.add').set(local); };
        // Panel by panel: a panel of b stays in L1 while the rows of a go by.
        pushMin(w, ie, fullRows); w.set(full);
        const downRows = (columns: number, column: Bound) => {
          w.get(aStart).set(aAt); w.get(cStart).set(cAt);
          if (fullRows > 0) range(w, ic, full, 1, (row) => { unless(row, column, () => { call(plan.rows, columns, row, column); }); move(aAt, aTile); move(cAt, cTile); });
          if (restRows > 0) { pushBound(w, ie); w.i32(fullRows).op('i32.gt_s').if(() => { unless(fullRows, column, () => { call(restRows, columns, fullRows, column); }); }); }
        };
        w.get(bStart).set(bAt);
        range(w, jc, je, 1, (tile) => {
          if (fullColumns === 0) downRows(restColumns, tile);
          else if (restColumns === 0) downRows(plan.columns, tile);
          else w.get(tile).i32(fullColumns).op('i32.lt_s').if(() => { downRows(plan.columns, tile); }, () => { downRows(restColumns, tile); });
          move(bAt, bTile); move(cStart, panelStep);
        });
        w.free(aAt, bAt, cAt, full, start, length);
      });
      if (c === null) {
        w.get(scratch).i32(layout.bytes + privateBytes).op('i32.add').set(cStart);
        runEpilogue(job, w, where, [ic, ie], [jc, je], cStart, resultRow);
      }
    });
  });
  w.free(aStart, bStart, cStart, scratch);
}

/** The blocks of k, in ascending order. */
function kRanges(w: FunctionWriter, job: GemmJob, body: (k: KRange) => void): void {
  const { kBlocks: kb, k } = job.plan;
  if (kb.count === 1) { body({ outer: [0, kb.outer], inner: [0, kb.inner], first: 0, length: k }); return; }
  const first = w.local('i32'), length = w.local('i32');
  blocks(w, 0, kb.outer, kb.outerStep, (o0, o1) => {
    blocks(w, 0, kb.inner, kb.innerStep, (i0, i1) => {
      pushSum(w, 0, [[o0, kb.inner], [i0, 1]]); w.set(first);
      if (typeof i0 === 'number') { pushSum(w, 0, [[o1, kb.inner], [o0, -kb.inner]]); } else { pushSum(w, 0, [[i1, 1], [i0, -1]]); }
      w.set(length);
      body({ outer: [o0, o1], inner: [i0, i1], first, length });
    });
  });
  w.free(first, length);
}
