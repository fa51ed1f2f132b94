/** Small pieces of code that the gemm printer writes again and again: sums of products, counted loops, minima. */
import type { FunctionWriter, Local } from '../encoder.ts';
import { pushBound } from './nest.ts';
import type { Bound } from './nest.ts';

/** bound · factor */
export type Term = readonly [Bound, number];

/** Pushes constant + Σ bound · factor. */
export function pushSum(w: FunctionWriter, constant: number, terms: readonly Term[]): void {
  let fixed = constant;
  for (const [bound, factor] of terms) if (typeof bound === 'number') fixed += bound * factor;
  w.i32(fixed);
  for (const [bound, factor] of terms) {
    if (typeof bound === 'number' || factor === 0) continue;
    w.get(bound);
    if (factor !== 1) w.i32(factor).op('i32.mul');
    w.op('i32.add');
  }
}

/** Pushes min(a, b). */
export function pushMin(w: FunctionWriter, a: Bound, b: Bound): void {
  if (typeof a === 'number' && typeof b === 'number') { w.i32(Math.min(a, b)); return; }
  pushBound(w, a); pushBound(w, b);
  pushBound(w, a); pushBound(w, b); w.op('i32.lt_s').op('select');
}

/** For i = start; i < stop; i += step: the body. */
export function range(w: FunctionWriter, start: Bound, stop: Bound, step: Bound, body: (i: Local) => void): void {
  const i = w.local('i32');
  pushBound(w, start); w.set(i);
  w.block(() => w.loop(() => {
    w.get(i); pushBound(w, stop); w.op('i32.ge_s').brIf(1);
    body(i);
    w.get(i); pushBound(w, step); w.op('i32.add').set(i).br(0);
  }));
  w.free(i);
}

/** Blocks of `step` in start..stop-1: the body sees where a block begins and ends. One block of known bounds makes no loop. */
export function blocks(w: FunctionWriter, start: Bound, stop: Bound, step: number, body: (from: Bound, to: Bound) => void): void {
  if (typeof start === 'number' && typeof stop === 'number' && stop - start <= step) { body(start, stop); return; }
  const end = w.local('i32');
  range(w, start, stop, step, (i) => {
    w.get(i).i32(step).op('i32.add').set(end);
    pushMin(w, end, stop); w.set(end);
    body(i, end);
  });
  w.free(end);
}
