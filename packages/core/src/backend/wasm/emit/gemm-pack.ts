/**
 * Packing of plain matrices into panels: `width` lines (columns of b, rows of a) interleaved, so that the micro-kernel reads
 * panel[k][line] from front to back. Copies vectors where the lines are neighbours in memory, transposes 4x4 blocks where k is, else
 * gathers lane by lane. Lines beyond `valid` become zeros. Neighbours go into several panels at a time: a single panel would read a part of each cache line,
 * and rows whose distance is a power of two do not stay in cache until the next panel wants the rest (packing both operands of a gradient took a quarter of its time).
 */
import { at } from '../../../base/shape.ts';
import type { FunctionWriter, Local, ModuleWriter } from '../encoder.ts';
import { helper } from './context.ts';
import { loadLanes, storeLanes } from './gemm-micro.ts';

export interface PackSpec {
  /** lines of a panel, and how many of them exist */
  readonly width: number; readonly valid: number;
  /** bytes from line to line and from k to k + 1 in the source */
  readonly line: number; readonly step: number;
  /** so many full panels side by side (lines that are neighbours only), this many bytes apart; default one */
  readonly panels?: number; readonly apart?: number;
}

/** Bytes from one private panel to the next: an odd number of cache lines, so that panels written side by side do not meet in a few sets of the cache. */
export const panelOf = (bytes: number): number => (Math.ceil(bytes / 64) | 1) * 64;

/** What three cache lines hold. */
const SIDE_BY_SIDE = 48;

/** How many panels to pack at a time, largest first. */
export function groupsOf(width: number, line: number): readonly number[] {
  const most = line === 4 ? Math.floor(SIDE_BY_SIDE / width) : 1;
  return most < 2 ? [1] : most < 8 ? [most, 1] : [most, Math.floor(most / 4), 1];
}

/** The function pack(source, panel, k): byte addresses and the number of k. Shared by all kernels of the module that pack alike. */
export function emitPack(module: ModuleWriter, spec: PackSpec): number {
  const { panels = 1, apart = 0 } = spec;
  const name = `gemm_pack_${spec.width}x${spec.valid}_${spec.line}_${spec.step}_${panels}_${apart}`;
  return helper(module, name, ['i32', 'i32', 'i32'], [], (w) => {
    const source = w.param(0), panel = w.param(1), k = w.param(2);
    const groups = Array.from({ length: Math.ceil(spec.width / 4) }, (_, g) => ({
      offset: g * 16,
      stored: Math.min(4, spec.width - 4 * g),
      valid: Math.max(0, Math.min(4, spec.valid - 4 * g)),
    }));
    const value = w.local('v128'), spare = w.local('v128');
    const single = (u: number) => {
      for (const g of groups) {
        if (g.valid === 0) w.f32x4(0).set(value);
        else if (spec.line === 4) { loadLanes(w, source, u * spec.step + g.offset, g.valid, () => spare); w.set(value); }
        else {
          const first = 4 * (g.offset / 16);
          w.get(source).memory('v128.load32_zero', u * spec.step + first * spec.line).set(value);
          for (let j = 1; j < g.valid; j++) {
            w.get(source).get(value).laneMemory('v128.load32_lane', j, u * spec.step + (first + j) * spec.line).set(value);
          }
        }
        storeLanes(w, panel, u * spec.width * 4 + g.offset, g.stored, value);
      }
    };
    if (panels > 1) {
      // A panel whose rows are no multiple of a vector is written with whole vectors that reach into the next k, which comes after; the last k is exact.
      const row = (exact: boolean) => {
        for (let p = 0; p < panels; p++) {
          for (const g of groups) {
            const lanes = exact ? g.stored : 4;
            loadLanes(w, source, p * spec.width * 4 + g.offset, lanes, () => spare); w.set(value);
            storeLanes(w, panel, p * apart + g.offset, lanes, value);
          }
        }
        advance(w, source, spec.step); advance(w, panel, 4 * spec.width);
      };
      const whole = spec.width % 4 === 0;
      w.get(k).op('i32.eqz').if(() => { w.op('return'); });
      if (!whole) w.get(k).i32(1).op('i32.sub').set(k);
      repeat(w, k, 1, () => { row(whole); });
      if (!whole) row(true);
      return;
    }
    const transposed = spec.step === 4 && spec.line !== 4 && spec.valid > 1;
    const four = transposed ? () => { for (const g of groups) transpose(w, source, panel, spec, g); } : () => { for (let u = 0; u < 4; u++) single(u); };
    repeat(w, k, 4, () => { four(); advance(w, source, 4 * spec.step); advance(w, panel, 16 * spec.width); });
    repeat(w, k, 1, () => { single(0); advance(w, source, spec.step); advance(w, panel, 4 * spec.width); });
  });
}

function advance(w: FunctionWriter, pointer: Local, bytes: number): void { w.get(pointer).i32(bytes).op('i32.add').set(pointer); }

/** While at least `count` are left in `left`: the body, then left -= count. */
function repeat(w: FunctionWriter, left: Local, count: number, body: () => void): void {
  w.block(() => w.loop(() => {
    w.get(left).i32(count).op('i32.lt_s').brIf(1);
    body();
    w.get(left).i32(count).op('i32.sub').set(left).br(0);
  }));
}

const lanes = (...words: readonly number[]): number[] => words.flatMap((l) => [4 * l, 4 * l + 1, 4 * l + 2, 4 * l + 3]);
const LOW = lanes(0, 4, 1, 5), HIGH = lanes(2, 6, 3, 7), LOWS = lanes(0, 1, 4, 5), HIGHS = lanes(2, 3, 6, 7);

/** Four lines by four k, transposed on the way. */
function transpose(w: FunctionWriter, source: Local, panel: Local, spec: PackSpec, g: { readonly offset: number; readonly stored: number; readonly valid: number }): void {
  const r = Array.from({ length: 4 }, () => w.local('v128')), out = w.local('v128');
  r.forEach((row, j) => {
    if (j < g.valid) w.get(source).memory('v128.load', (g.offset / 4 + j) * spec.line); else w.f32x4(0);
    w.set(row);
  });
  const t = Array.from({ length: 4 }, () => w.local('v128'));
  [[0, 1, LOW], [2, 3, LOW], [0, 1, HIGH], [2, 3, HIGH]].forEach(([x, y, pattern], i) => {
    w.get(at(r, x as number)).get(at(r, y as number)).shuffle(pattern as number[]).set(at(t, i));
  });
  for (let u = 0; u < 4; u++) {
    const pair = u < 2 ? 0 : 2;
    w.get(at(t, pair)).get(at(t, pair + 1)).shuffle(u % 2 === 0 ? LOWS : HIGHS).set(out);
    storeLanes(w, panel, u * spec.width * 4 + g.offset, g.stored, out);
  }
  w.free(out, ...r, ...t);
}
