/**
 * Stable sort of rows: a permutation (index arrays of one row, in scratch) is sorted, by digits where rows are long and else by merging from the bottom up, then
 * every input is permuted into its output. NaN counts as greater than everything, so it comes last ascending and first descending; equal keys keep their order.
 */
import { at, sizeOf } from '../../../base/shape.ts';
import { byteSize, type DType } from '../../../base/dtype.ts';
import type { BufferId, Kernel, SortBody } from '../../../kernel/ir.ts';
import type { Local } from '../encoder.ts';
import { phaseFunction, type EmitContext, type Phase } from './context.ts';
import { collapseAxes, Nest, unitSlots } from './nest.ts';
import * as ops from './ops.ts';
import { RADIX_COUNTS, RADIX_FROM, radixSort } from './sort-radix.ts';

/** Rows up to this length (8 bytes of scratch for each element) are sorted side by side by all threads; longer ones one after the other. */
const PRIVATE_LENGTH = 1 << 18;

export function emitSort(context: EmitContext, kernel: Kernel, body: SortBody): Phase[] {
  const rows = sizeOf(body.axes), n = body.length;
  if (rows * n === 0) return [];
  const { writer: w, index: fn, lo, hi, counters } = phaseFunction(context, kernel);
  const first = kernel.loops, own = n <= PRIVATE_LENGTH;
  const keys = at(body.inputs, 0), type = ops.scalarType(keys.dtype), byDigits = n >= RADIX_FROM && byteSize(keys.dtype) === 4, countBytes = byDigits ? RADIX_COUNTS : 0;
  const axes = collapseAxes(body.axes, first, [body.at]);
  const nest = new Nest(w, first + body.axes.length, unitSlots(body.axes, first));
  const place = nest.value(body.at);
  const base = w.local('i32'), from = w.local('i32'), to = w.local('i32');
  if (own) {
    context.requestThreadScratch(8 * n + countBytes);
    w.globalGet(context.threadScratch).set(base);
  } else {
    if (byDigits) context.requestThreadScratch(countBytes);
    w.i32(context.address(body.scratch)).set(base);
    // one unit does all rows: the scratch is there once
    w.get(hi).i32(rows).op('i32.mul').set(hi).get(lo).i32(rows).op('i32.mul').set(lo);
  }
  const row = w.local('i32'), i = w.local('i32'), j = w.local('i32'), k = w.local('i32'), middle = w.local('i32'), end = w.local('i32'), width = w.local('i32');
  const left = w.local('i32'), right = w.local('i32');
  const a = w.local(type), b = w.local(type);

  /** pushes the byte address (less the buffer's) of element `index` of the row */
  const element = (index: Local, dtype: DType) => {
    w.get(index);
    if (body.stride !== 1) w.i32(body.stride).op('i32.mul');
    w.get(row).op('i32.add');
    if (byteSize(dtype) === 4) w.i32(2).op('i32.shl');
  };
  const load = (buffer: BufferId, dtype: DType, index: Local) => { element(index, dtype); ops.loadScalar(w, dtype, context.address(buffer)); };
  const entry = (list: Local, index: Local) => { w.get(list).get(index).i32(2).op('i32.shl').op('i32.add'); };
  const less = (x: Local, y: Local) => {
    w.get(x).get(y);
    ops.compareScalar(w, 'lt', keys.dtype);
    if (keys.dtype === 'f32') w.get(y).get(y).op('f32.ne').get(x).get(x).op('f32.eq').op('i32.and').op('i32.or');
  };
  const until = (index: Local, stop: () => void, step: () => void, once: () => void) => {
    w.block(() => w.loop(() => {
      w.get(index); stop(); w.op('i32.ge_u').brIf(1);
      once();
      w.get(index); step(); w.op('i32.add').set(index).br(0);
    }));
  };
  /** min(start + width · times, n) */
  const clipped = (start: Local, times: number) => {
    w.get(start).get(width).i32(times).op('i32.mul').op('i32.add').tee(k).i32(n).get(k).i32(n).op('i32.lt_u').op('select');
  };
  const take = (which: Local, index: Local) => { entry(to, k); w.get(which).memory('i32.store').get(index).i32(1).op('i32.add').set(index); };

  const merge = (start: Local) => {
    clipped(start, 1); w.set(middle);
    clipped(start, 2); w.set(end);
    w.get(start).set(i).get(middle).set(j).get(start).set(k);
    until(k, () => w.get(end), () => w.i32(1), () => {
      w.get(i).get(middle).op('i32.ge_u').if(() => { entry(from, j); w.memory('i32.load').set(right); take(right, j); }, () => {
        entry(from, i); w.memory('i32.load').set(left);
        w.get(j).get(end).op('i32.ge_u').if(() => { take(left, i); }, () => {
          entry(from, j); w.memory('i32.load').set(right);
          load(keys.buffer, keys.dtype, left); w.set(a);
          load(keys.buffer, keys.dtype, right); w.set(b);
          if (body.descending) less(a, b); else less(b, a);
          w.if(() => { take(right, j); }, () => { take(left, i); });
        });
      });
    });
  };
  const mergeSort = () => {
    w.i32(0).set(i);
    until(i, () => w.i32(n), () => w.i32(1), () => { entry(from, i); w.get(i).memory('i32.store'); });
    const start = w.local('i32');
    w.i32(1).set(width);
    until(width, () => w.i32(n), () => w.get(width), () => {
      w.i32(0).set(start);
      until(start, () => w.i32(n), () => w.get(width).i32(2).op('i32.mul'), () => { merge(start); });
      w.get(from).get(to).set(from).set(to);
    });
    w.free(start);
  };
  nest.enter(counters.map((value, slot) => ({ slot, value })));
  nest.units(axes, lo, hi, () => {
    if (place.pattern.current === null) w.i32(0); else w.get(place.pattern.current);
    w.i32(place.immediate).op('i32.add').set(row);
    w.get(base).set(from).get(base).i32(4 * n).op('i32.add').set(to);
    if (byDigits) {
      const counts = w.local('i32');
      w.globalGet(context.threadScratch).i32(own ? 8 * n : 0).op('i32.add').set(counts);
      radixSort(w, { dtype: keys.dtype, descending: body.descending, length: n, from, to, counts, load: (index) => { load(keys.buffer, keys.dtype, index); } });
      w.free(counts);
    } else mergeSort();
    w.i32(0).set(i);
    until(i, () => w.i32(n), () => w.i32(1), () => {
      entry(from, i); w.memory('i32.load').set(j);
      body.outputs.forEach((output, o) => {
        const input = at(body.inputs, o);
        element(i, output.dtype);
        load(input.buffer, input.dtype, j);
        ops.storeScalar(w, output.dtype, context.address(output.buffer));
      });
    });
  });
  return [{ fn, units: own ? rows : 1, ns: rows * n * (byDigits ? 15 : Math.ceil(Math.log2(n + 1)) * 6), align: 1 }];
}
