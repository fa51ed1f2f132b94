/**
 * How a gemm is cut for a native library: as for our own tiles, but a tile is as large as caches allow, operands stay where they are if one of their strides is
 * that of neighbours, and the library packs them itself. What is an expression (a convolution's windows, a mask) is evaluated into scratch first, block
 * by block, and epilogues run over the finished tile while it is in cache.
 *
 * Promises: tiles depend on sizes and strides alone. Null where the accelerator has no advantage.
 */
import { classOf, type NativeRates } from '../accelerator.ts';
import { kBlocks, vectorGain, type GemmPlan } from './gemm-plan.ts';
import { extentOf } from './gemm-shape.ts';
import type { GemmShape, Plain } from './gemm-shape.ts';

export interface NativePlan { readonly plan: GemmPlan; /** ns for each multiply-add */ readonly rate: number }

/** What a tile's part of each operand may take, so that all of them stay in L2 (512 KB) together with what the library packs. */
const A_BYTES = 96 * 1024, C_BYTES = 64 * 1024;
/** Most rows of a tile, and a whole n up to which a tile takes all columns. */
const MOST_ROWS = 512, MOST_COLUMNS = 1024;
/** Units that a product is cut into for the threads, where it is not many anyway: no more than this, and no smaller than that many multiply-adds (small tiles are slow). */
const MOST_UNITS = 8, UNIT_WORK = 1 << 20, LEAST_ROWS = 16, LEAST_COLUMNS = 32;
/** Tiles of products with an empty half. */
const TRIANGLE = 32;

const up = (x: number, y: number): number => Math.ceil(x / y);
const bounded = (x: number, least: number, most: number): number => Math.max(least, Math.min(x, most));

/** A matrix that a library takes as it stands: neighbours along one side, lines that do not overlap along the other. */
function stands(x: Plain | null, rows: number, columns: number): x is Plain {
  if (x === null) return false;
  return (x.column === 4 && (rows === 1 || x.row >= columns * 4)) || (x.row === 4 && (columns === 1 || x.column >= rows * 4));
}

export function planNative(shape: GemmShape, rates: NativeRates, a: Plain | null, b: Plain | null, c: Plain | null, still: boolean): NativePlan | null {
  const batches = extentOf(shape.batch), m = extentOf(shape.m), n = extentOf(shape.n), k = extentOf(shape.k);
  const direct = c !== null && (m === 1 || c.row >= n * 4);
  if (c !== null && !direct) return null;
  const aMode = stands(a, m, k) ? 'direct' : 'block', bStands = stands(b, k, n);
  const units = bounded(Math.floor(batches * m * n * k / UNIT_WORK), 2, MOST_UNITS);
  // A wide product under few rows is cut along its columns.
  const wide = batches < units && m <= 256 && n >= 2 * m && n >= 2 * LEAST_COLUMNS && aMode === 'direct';
  const { triangles } = shape, halves = triangles.a ?? triangles.b ?? triangles.c;
  const columns = wide ? up(bounded(up(n, units), LEAST_COLUMNS, n), 8) * 8 : halves !== undefined && triangles.c !== undefined ? Math.min(n, 2 * TRIANGLE) : Math.min(n, MOST_COLUMNS);
  const rowBytes = (direct ? 0 : up(n, columns) * columns * 4);
  const share = batches >= units ? m : up(m, units);
  const most = Math.min(MOST_ROWS, rowBytes === 0 ? MOST_ROWS : Math.floor(C_BYTES / rowBytes), aMode === 'direct' ? MOST_ROWS : Math.floor(A_BYTES / (Math.min(k, 320) * 4)));
  const wanted = wide ? m : bounded(halves === undefined ? share : Math.min(share, TRIANGLE), LEAST_ROWS, Math.max(LEAST_ROWS, most));
  // as even as can be, in steps of what register tiles like
  const rows = wanted >= m ? m : Math.min(m, up(up(m, up(m, wanted)), 4) * 4);
  const rowTiles = up(m, rows), columnTiles = up(n, columns);
  const kind = classOf(rows, Math.min(columns, n), k), rate = kind === null ? null : rates[kind];
  // What a library saves on few rows is less than what it costs to lay them out for it (the kernel's gradient of a first convolution: 2.3 ms against 1.6).
  if (rate === null || (kind === 'narrow' && aMode === 'block')) return null;

  const bBytes = batches * columnTiles * columns * k * 4;
  const bMode = bStands ? 'direct' : (still && rowTiles > 1) || (rowTiles > 1 && bBytes <= 64 * 1024 * 1024) ? 'shared' : 'private';
  const whole = aMode === 'direct' && bMode !== 'private';
  const longest = Math.max(64, Math.floor(A_BYTES / (rows * 4)));
  const blocks = whole ? kBlocks(shape.k, Infinity) : kBlocks(shape.k, longest, Math.min(longest, 512));
  const alongK = vectorGain(shape, shape.k.at(-1)) >= vectorGain(shape, shape.m.at(-1));
  return {
    rate,
    plan: {
      batches, m, n, k, rows, columns, rowTiles, columnTiles, split: wide ? 'n' : 'm', aMode, bMode, alongK, direct, kBlocks: blocks,
      blockRows: 1, blockColumns: wide ? 1 : columnTiles, native: true,
    },
  };
}
