/**
 * The gemm micro-kernel: one tile of C, rows x columns, over one block of k, all accumulators in registers.
 *
 * Promises: every element is c = acc; for k ascending: acc = a·b + acc, by the same instruction (fused, or multiply then add) whatever the
 * tile's size, so results do not depend on how tiles are cut. Reads and writes exactly the elements of the tile (and, where
 * `bPadded`, whole vectors of b). All strides are constants of the code: one pointer per operand, row offsets are immediates.
 * Prior art: the GotoBLAS / BLIS micro-kernel (Goto & van de Geijn 2008; Van Zee & van de Geijn 2015).
 */
import type { FunctionWriter, Local } from '../encoder.ts';
import { at } from '../../../base/shape.ts';

export interface MicroSpec {
  readonly rows: number;
  /** valid columns, 1.. */
  readonly columns: number;
  /** byte strides: between rows of a, between steps of k in a and in b, between rows of c */
  readonly aRow: number; readonly aStep: number; readonly bStep: number; readonly cRow: number;
  /** b's rows of a tile may be read in whole vectors */
  readonly bPadded: boolean;
  /** true where the caller may ask to start from c's old values (later blocks of k) */
  readonly resumes: boolean;
  readonly relaxed: boolean;
  /** V8 makes 256-bit instructions of neighbouring vectors: a row of the tile is one basic block with the next, and none ends early (see `turbo.ts`) */
  readonly turbo: boolean;
}

/** How often the k loop is unrolled. */
const UNROLL = 8;
/** Vector registers that V8 allocates on x86-64. */
const REGISTERS = 15;

/** Pushes `lanes` (1..4) consecutive f32 at the pointer on the stack; missing lanes are anything finite in memory's bits or zero. */
export function loadLanes(w: FunctionWriter, pointer: Local, offset: number, lanes: number, scratch: () => Local): void {
  if (lanes >= 4) { w.get(pointer).memory('v128.load', offset); return; }
  if (lanes === 1) { w.get(pointer).memory('v128.load32_zero', offset); return; }
  if (lanes === 2) { w.get(pointer).memory('v128.load64_zero', offset); return; }
  const low = scratch();
  w.get(pointer).memory('v128.load64_zero', offset).set(low);
  w.get(pointer).get(low).laneMemory('v128.load32_lane', 2, offset + 8);
}

/** Stores the first `lanes` (1..4) lanes of `value`. */
export function storeLanes(w: FunctionWriter, pointer: Local, offset: number, lanes: number, value: Local): void {
  if (lanes >= 4) { w.get(pointer).get(value).memory('v128.store', offset); return; }
  if (lanes >= 2) w.get(pointer).get(value).laneMemory('v128.store64_lane', 0, offset);
  if (lanes === 1) w.get(pointer).get(value).laneMemory('v128.store32_lane', 0, offset);
  if (lanes === 3) w.get(pointer).get(value).laneMemory('v128.store32_lane', 2, offset + 8);
}

/** Writes the body of fn(a, b, c: byte addresses, k: steps, resume: 0 or 1). */
export function writeMicroKernel(w: FunctionWriter, spec: MicroSpec): void {
  const a = w.param(0), b = w.param(1), c = w.param(2), k = w.param(3), resume = w.param(4);
  const vectors = Math.ceil(spec.columns / 4);
  const lanesOf = (v: number) => Math.min(4, spec.columns - 4 * v);
  const acc: Local[][] = Array.from({ length: spec.rows }, () => Array.from({ length: vectors }, () => w.local('v128')));
  const bs = Array.from({ length: vectors }, () => w.local('v128'));
  const av = w.local('v128'), spare = w.local('v128');
  const each = (visit: (i: number, v: number, local: Local) => void) => {
    acc.forEach((row, i) => { row.forEach((local, v) => { visit(i, v, local); }); });
  };

  if (spec.resumes) {
    w.get(resume).if(() => {
      each((i, v, local) => { loadLanes(w, c, i * spec.cRow + v * 16, lanesOf(v), () => spare); w.set(local); });
    });
  }
  // V8 11 moves multiplications to the end of their basic block and all loads of the block before them, so a block may hold only as many rows
  // as their elements of a find registers. A test that never holds ends a block there (k is never negative, but V8 does not know). The tiles of
  // gemm-plan need none: each test is an instruction more, and a core that is shared with another thread runs short of those first.
  const together = spec.turbo ? spec.rows : spec.relaxed ? Math.max(1, REGISTERS - spec.rows * vectors - vectors) : 1;
  let fences = 0;
  const fence = () => { w.get(k).i32(-(++fences)).op('i32.eq').brIf(1); };
  const step = (u: number) => {
    bs.forEach((local, v) => {
      loadLanes(w, b, u * spec.bStep + v * 16, spec.bPadded ? 4 : lanesOf(v), () => spare);
      w.set(local);
    });
    acc.forEach((row, i) => {
      if (i > 0 && i % together === 0) fence();
      w.get(a).memory('v128.load32_splat', u * spec.aStep + i * spec.aRow).set(av);
      row.forEach((local, v) => {
        if (spec.relaxed) w.get(av).get(at(bs, v)).get(local).op('f32x4.relaxed_madd').set(local);
        else w.get(av).get(at(bs, v)).op('f32x4.mul').get(local).op('f32x4.add').set(local);
      });
    });
  };
  // Tests stand before each step, so one loop serves every k, and each accumulator lives in one register.
  w.block(() => w.loop(() => {
    for (let u = 0; u < UNROLL; u++) {
      w.get(k).i32(u).op('i32.eq').brIf(1);
      step(u);
    }
    w.get(a).i32(UNROLL * spec.aStep).op('i32.add').set(a);
    w.get(b).i32(UNROLL * spec.bStep).op('i32.add').set(b);
    w.get(k).i32(UNROLL).op('i32.sub').set(k);
    w.br(0);
  }));
  each((i, v, local) => { storeLanes(w, c, i * spec.cRow + v * 16, lanesOf(v), local); });
}
