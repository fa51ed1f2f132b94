/**
 * How a gemm is cut: tile, blocks, where operands are packed, along what it is split between threads. Pure arithmetic on sizes and strides.
 *
 * Sizes are chosen for 32 KB of L1 and 1 MB of L2 per core (a panel of a and one of b in L1, a block of b in L2; Goto & van de Geijn 2008).
 */
import type { Features } from './context.ts';
import { affinesOf } from './expr-plan.ts';
import { extentOf } from './gemm-shape.ts';
import type { GemmShape, Plain } from './gemm-shape.ts';
import type { Axis } from './nest.ts';

/** direct: read where it stands. panel: interleaved by `gemm-pack`. block: an expression, evaluated into thread scratch. */
export type AMode = 'direct' | 'panel' | 'block';
/** direct: read where it stands. shared: packed once into shared scratch by a phase of its own. private: packed by each thread as it goes. */
export type BMode = 'direct' | 'shared' | 'private';

/** k is walked as `outer` (all k axes but the last, flattened) times `inner`; a block is either several whole inner runs or a part of one. */
export interface KBlocks { readonly outer: number; readonly inner: number; readonly outerStep: number; readonly innerStep: number; /** longest block */ readonly longest: number; readonly count: number }

export interface GemmPlan {
  readonly batches: number; readonly m: number; readonly n: number; readonly k: number;
  /** tile */
  readonly rows: number; readonly columns: number;
  /** tiles along m and n */
  readonly rowTiles: number; readonly columnTiles: number;
  readonly split: 'm' | 'n';
  readonly aMode: AMode; readonly bMode: BMode;
  /** where a is an expression: vectors lie along k while it is evaluated, else along the rows */
  readonly alongK: boolean;
  /** the product goes straight to its place */
  readonly direct: boolean;
  readonly kBlocks: KBlocks;
  /** tiles of a block of c */
  readonly blockRows: number; readonly blockColumns: number;
  /** tiles are products of a native library in place of register tiles */
  readonly native?: boolean;
}

/** Below this many flops a gemm is one phase, without shared packing: about 50 us on one thread. */
const TINY_FLOPS = 2.5e6;
const K_BLOCK = 320, K_WHOLE = 512;
const B_BLOCK_BYTES = 384 * 1024, A_BLOCK_BYTES = 128 * 1024, C_BLOCK_BYTES = 128 * 1024;
/** What the epilogue finds in L1. */
const EPILOGUE_BYTES = 12 * 1024;
/** From this many blocks of k on the cost of an epilogue is small beside that of the sums. */
const LONG_K = 5;
const SHARED_LIMIT_BYTES = 64 * 1024 * 1024;
/** Fewer panels than this along n do not repay packing a (strided, or only far apart). */
const REUSE = 4, REUSE_FAR = 16;
/** b may stay where it is for so few tiles of rows, while its own rows are this near and all of it fits into L2. */
const FEW_ROWS = 4, NEAR_ROW_BYTES = 1024, NEAR_BYTES = 512 * 1024;
/** b is read once only under so few rows, and is out of cache again before it is used where it takes more than this. */
const FEW = 256, FAR_BYTES = 1024 * 1024;
/** Rows of a this far apart fall into the same cache sets. */
const PAGE = 4096;

const up = (x: number, y: number): number => Math.ceil(x / y);

export function kBlocks(axes: readonly Axis[], most = K_WHOLE, usual = K_BLOCK): KBlocks {
  const total = extentOf(axes), inner = axes[axes.length - 1]?.extent ?? 1, outer = total / Math.max(inner, 1);
  const whole = { outer, inner, outerStep: Math.max(outer, 1), innerStep: Math.max(inner, 1), longest: total, count: 1 };
  if (total <= most) return whole;
  if (inner <= most) {
    const runs = Math.max(1, Math.floor(usual / inner)), count = up(outer, runs), even = up(outer, count);
    return { outer, inner, outerStep: even, innerStep: inner, longest: even * inner, count: up(outer, even) };
  }
  const even = up(up(inner, up(inner, usual)), 4) * 4;
  return { outer, inner, outerStep: 1, innerStep: even, longest: even, count: outer * up(inner, even) };
}

/** Tiles whose accumulators and operands all find registers, by rows: see `gemm-micro`. */
const TILES: readonly (readonly [number, number])[] = [[3, 12], [2, 16], [4, 8], [7, 4]];

/** Instructions for each k of all tiles: a core that is shared with another thread is limited by these, not by its multipliers. */
function instructions(m: number, n: number, rows: number, columns: number): number {
  const tile = (r: number, c: number): number => (r === 0 || c === 0 ? 0 : up(c, 4) * (r + 1) + r + 2);
  const fullRows = Math.floor(m / rows), fullColumns = Math.floor(n / columns), restRows = m % rows, restColumns = n % columns;
  return fullRows * (fullColumns * tile(rows, columns) + tile(rows, restColumns)) + fullColumns * tile(restRows, columns) + tile(restRows, restColumns);
}

/** Tiles for turbo: where columns are a multiple of 8, two vectors are one register. */
const TURBO_TILES: readonly (readonly [number, number])[] = [[6, 16], [12, 8], ...TILES];
/** What a step of k costs at least, in the same unit: each sum waits for its last one. And how much dearer a tile is that finds too few registers. */
const TURBO_STEP = 18, SPILL = 2.5;

/** The same count for turbo, tile by tile. */
function turboCost(m: number, n: number, rows: number, columns: number): number {
  const tile = (r: number, c: number): number => {
    if (r === 0 || c === 0) return 0;
    const registers = c % 8 === 0 ? c / 8 : up(c, 4);
    return Math.max(TURBO_STEP, registers * (r + 1) + r + 2) * (registers * (r + 1) + 1 > 15 ? SPILL : 1);
  };
  const fullRows = Math.floor(m / rows), fullColumns = Math.floor(n / columns), restRows = m % rows, restColumns = n % columns;
  return fullRows * (fullColumns * tile(rows, columns) + tile(rows, restColumns)) + fullColumns * tile(restRows, columns) + tile(restRows, restColumns);
}

/** What an engine's registers allow. */
type Cut = Pick<Features, 'tile' | 'turbo'>;

/** Rows and columns of the register tile. */
function tileOf(m: number, n: number, { tile: [rows, columns], turbo = false }: Cut): readonly [number, number] {
  if (m === 1 && n > 8) return [1, 32];
  if (turbo) {
    const [r, c] = TURBO_TILES.reduce((a, b) => (turboCost(m, n, ...b) < turboCost(m, n, ...a) ? b : a));
    return [Math.min(m, r), c];
  }
  const best = TILES.reduce((a, b) => (instructions(m, n, ...b) < instructions(m, n, ...a) ? b : a));
  // plain SIMD has no room for more than its own tile (a product needs a register of its own)
  const [r, c] = columns === 12 ? best : n <= 4 ? [2 * rows, 4] as const : [rows, columns] as const;
  return [Math.min(m, r), c];
}

/** How much an expression gains from vectors along the axis: the length it can have them, where most loads are neighbours. */
export function vectorGain(shape: GemmShape, axis: Axis | undefined): number {
  if (axis === undefined || axis.extent < 4) return 0;
  const neighbours = affinesOf([shape.a]).filter((i) => i.coeffs[axis.slot] === 1).length;
  return neighbours === 0 ? 0 : neighbours * 64 + Math.min(axis.extent, 63);
}

export function planGemm(shape: GemmShape, cut: Cut, a: Plain | null, b: Plain | null, direct: boolean, still = false): GemmPlan {
  const batches = extentOf(shape.batch), m = extentOf(shape.m), n = extentOf(shape.n), k = extentOf(shape.k);
  const [rows, columns] = tileOf(m, n, cut);
  const rowTiles = up(m, rows), columnTiles = up(n, columns), flops = 2 * batches * m * n * k;
  const blocks = kBlocks(shape.k);

  const aMode = ((): AMode => {
    if (a === null) return 'block';
    if (k === 1 || columnTiles < REUSE) return 'direct';
    if (a.column !== 4) return 'panel';
    const far = a.row % PAGE === 0 || k > 1.6 * K_WHOLE;
    return far && columnTiles >= REUSE_FAR && rowTiles >= REUSE_FAR ? 'panel' : 'direct';
  })();
  const readable = b !== null && (b.column === 4 || n === 1);
  const bBytes = batches * columnTiles * columns * k * 4;
  const bMode = ((): BMode => {
    if (still && rowTiles > 1 && bBytes <= SHARED_LIMIT_BYTES && !(readable && b.row <= 128)) return 'shared';
    if (rowTiles === 1 || flops < TINY_FLOPS) return readable ? 'direct' : 'private';
    if (readable && (b.row <= 128 || (rowTiles <= FEW_ROWS && b.row <= NEAR_ROW_BYTES && k * b.row <= NEAR_BYTES))) return 'direct';
    if (batches >= 4 && m <= 256) return 'private';
    // Gradients of weights, a long k under few rows: each thread packs its own columns block by block, while they are in cache.
    if (batches === 1 && m <= FEW && n >= m && bBytes > FAR_BYTES) return 'private';
    return bBytes <= SHARED_LIMIT_BYTES ? 'shared' : readable ? 'direct' : 'private';
  })();
  const alongK = vectorGain(shape, shape.k.at(-1)) >= vectorGain(shape, shape.m.at(-1));
  const split = bMode === 'private' && batches < 4 ? 'n' : batches * rowTiles >= 8 || rowTiles >= columnTiles ? 'm' : 'n';

  const fit = (bytes: number, perTile: number, all: number) => {
    const most = Math.max(1, Math.floor(bytes / Math.max(perTile, 1)));
    return all <= most ? Math.max(all, 1) : up(all, up(all, most));
  };
  let blockColumns = fit(B_BLOCK_BYTES, blocks.longest * columns * 4, columnTiles);
  let blockRows = Math.min(Math.max(rowTiles, 1), fit(A_BLOCK_BYTES, blocks.longest * rows * 4, rowTiles));
  if (!direct) {
    blockColumns = Math.min(blockColumns, fit(C_BLOCK_BYTES, 8 * rows * columns * 4, columnTiles));
    // b packed privately is packed again for each block of rows, so those stay few; and where k is long, the epilogue comes seldom.
    blockRows = Math.min(blockRows, fit(bMode === 'private' || blocks.count >= LONG_K ? C_BLOCK_BYTES : EPILOGUE_BYTES, blockColumns * columns * rows * 4, rowTiles));
  }
  return { batches, m, n, k, rows, columns, rowTiles, columnTiles, split, aMode, bMode, alongK, direct, kBlocks: blocks, blockRows, blockColumns };
}
