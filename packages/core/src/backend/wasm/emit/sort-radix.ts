/**
 * Radix sort of one row of four-byte keys: from the least digit up, each pass puts the indices in the order of one more digit and keeps the order of what is
 * equal in it. It has no comparison to guess wrongly, so it costs a few nanoseconds for each element and digit; a digit in which all keys agree
 * (the upper ones of small numbers) costs nothing.
 *
 * Keys become unsigned numbers of the same order: -0 is 0, and NaN is greater than everything; descending, all bits are turned.
 */
import type { DType } from '../../../base/dtype.ts';
import type { FunctionWriter, Local } from '../encoder.ts';

/** Rows shorter than this are merged: clearing and summing the counts would cost more than the comparisons. */
export const RADIX_FROM = 512;
/** Bits of a digit: with 11, three passes do all 32 bits, and the counts (8 kB each) stay near. */
const BITS = 11, BINS = 1 << BITS, DIGITS = Math.ceil(32 / BITS);
/** Bytes of counts. */
export const RADIX_COUNTS = DIGITS * BINS * 4;

export interface RadixRow {
  readonly dtype: DType;
  readonly descending: boolean;
  readonly length: number;
  /** byte addresses: two lists of indices and the counts; afterwards `from` holds the sorted indices */
  readonly from: Local; readonly to: Local; readonly counts: Local;
  /** pushes the key of element `index` of the row (f32 or i32) */
  load(index: Local): void;
}

export function radixSort(w: FunctionWriter, row: RadixRow): void {
  const { from, to, counts, length } = row;
  const i = w.local('i32'), which = w.local('i32'), key = w.local('i32'), sum = w.local('i32'), place = w.local('i32'), last = w.local('i32');
  const times = (n: number, once: () => void) => {
    w.i32(0).set(i);
    w.loop(() => { once(); w.get(i).i32(1).op('i32.add').tee(i).i32(n).op('i32.lt_u').brIf(0); });
  };
  const entry = (list: Local, index: Local) => { w.get(list).get(index).i32(2).op('i32.shl').op('i32.add'); };
  const loadKey = (index: Local) => { row.load(index); ordered(w, row.dtype, row.descending, key); };
  const digit = (d: number) => { w.get(key).i32(d * BITS).op('i32.shr_u'); if (d < DIGITS - 1) w.i32(BINS - 1).op('i32.and'); };

  w.get(counts).i32(0).i32(RADIX_COUNTS).memoryFill();
  times(length, () => {
    entry(from, i); w.get(i).memory('i32.store');
    loadKey(i);
    for (let d = 0; d < DIGITS; d++) {
      digit(d); w.i32(2).op('i32.shl').get(counts).op('i32.add').tee(place);
      w.get(place).memory('i32.load', d * BINS * 4).i32(1).op('i32.add').memory('i32.store', d * BINS * 4);
    }
  });
  // the last key read tells whether all of them share a digit
  w.get(key).set(last);
  for (let d = 0; d < DIGITS; d++) {
    w.get(last).set(key);
    digit(d); w.i32(2).op('i32.shl').get(counts).op('i32.add').memory('i32.load', d * BINS * 4).i32(length).op('i32.ne').if(() => {
      // counts become the place of the first element of each digit
      w.i32(0).set(sum);
      times(BINS, () => {
        entry(counts, i); w.tee(place).memory('i32.load', d * BINS * 4).set(key);
        w.get(place).get(sum).memory('i32.store', d * BINS * 4).get(sum).get(key).op('i32.add').set(sum);
      });
      times(length, () => {
        entry(from, i); w.memory('i32.load').set(which);
        loadKey(which);
        digit(d); w.i32(2).op('i32.shl').get(counts).op('i32.add').tee(place).memory('i32.load', d * BINS * 4).set(sum);
        w.get(place).get(sum).i32(1).op('i32.add').memory('i32.store', d * BINS * 4);
        entry(to, sum); w.get(which).memory('i32.store');
      });
      w.get(from).get(to).set(from).set(to);
    });
  }
  w.free(i, which, key, sum, place, last);
}

/** key → , with `into` set to the unsigned number of the same order */
function ordered(w: FunctionWriter, dtype: DType, descending: boolean, into: Local): void {
  const LOW = -0x80000000;
  if (dtype === 'f32') {
    // + 0 makes -0 to 0; a number's bits are turned where it is negative, else its sign
    w.f32(0).op('f32.add').op('i32.reinterpret_f32').tee(into);
    w.get(into).i32(31).op('i32.shr_s').i32(LOW).op('i32.or').op('i32.xor').i32(-1);
    w.get(into).i32(0x7fffffff).op('i32.and').i32(0x7f800000).op('i32.le_u').op('select');
  } else if (dtype === 'i32') w.i32(LOW).op('i32.xor');
  if (descending) w.i32(-1).op('i32.xor');
  w.set(into);
}
