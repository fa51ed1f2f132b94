import { describe, expect, it } from 'vitest';
import { ShapeError } from '../base/errors.ts';
import { tensor } from '../tensor/tensor.ts';
import { checkFinite, checkRows } from './checks.ts';
import { gatherRows, isDataLike, toColumn, type Column } from './columns.ts';
import { ArrayFeed, StreamFeed } from './feeds.ts';
import { checkLabels, splitPoint, weightsOfClasses } from './trainChecks.ts';

const expected = (shape: readonly (number | null)[] | null) => ({ name: 'x', shape });
const column = (data: Column['data'], shape: number[] = []): Column => {
  const size = shape.reduce((a, b) => a * b, 1);
  return { name: 'x', rows: data.length / size, shape, size, dtype: data instanceof Float32Array ? 'f32' : data instanceof Uint8Array ? 'u8' : 'i32', data };
};

describe('toColumn', () => {
  it('takes nested numbers, typed arrays with and without shape, tensors', () => {
    const rows = [[1, 2], [3, 4], [5, 6]];
    for (const value of [rows, new Float32Array(rows.flat()), { data: new Float32Array(rows.flat()), shape: [3, 2] }, tensor(rows), new Float64Array(rows.flat()), rows.map((r) => Float32Array.from(r))]) {
      const c = toColumn(value, expected([2]), 'fit: x');
      expect([c.rows, c.shape, c.dtype, [...c.data]]).toEqual([3, [2], 'f32', [1, 2, 3, 4, 5, 6]]);
    }
  });
  it('keeps ids that f32 cannot hold', () => {
    const c = toColumn([[1, 123_456_789], [-3, 16_777_217]], expected([2]), 'x');
    expect([c.dtype, [...c.data]]).toEqual(['i32', [1, 123_456_789, -3, 16_777_217]]);
    expect(toColumn([[1, 123_456_789], [0.5, 0]], expected([2]), 'x').dtype).toBe('f32');
    expect(toColumn([1, 3_000_000_001], expected([]), 'x').dtype).toBe('f32');
    expect(toColumn([Float64Array.of(1, 16_777_217)], expected([2]), 'x').dtype).toBe('i32');
  });
  it('keeps u8', () => {
    const data = new Uint8Array(8);
    const c = toColumn(data, expected([2, 2]), 'x');
    expect([c.dtype, c.rows]).toEqual(['u8', 2]);
    expect(c.data).toBe(data);
  });
  it('puts a last axis of 1 right', () => {
    expect(toColumn([1, 2, 3], expected([1]), 'x').shape).toEqual([1]);
    expect(toColumn([[1], [2]], expected([]), 'x').shape).toEqual([]);
  });
  it('names both shapes', () => {
    expect(() => toColumn([[1, 2, 3]], expected([2]), "fit: input 'dense'")).toThrow(/input 'dense': expected samples of shape \[2\].*\[1, 3\]/);
    expect(() => toColumn(new Float32Array(5), expected([2]), 'x')).toThrow(/5 elements is not a whole number of samples/);
    expect(() => toColumn({ data: new Float32Array(5), shape: [3, 2] }, expected([2]), 'x')).toThrow(ShapeError);
  });
  it('names the place of ragged rows and of things that are not numbers', () => {
    expect(() => toColumn([[1, 2], [3]], expected(null), 'x')).toThrow(/element \[1\] has length 1/);
    expect(() => toColumn([[1, 2], [3, 'four']], expected(null), 'x')).toThrow(/element \[1, 1\] is string "four"/);
    expect(() => toColumn([[1, 2], 3], expected(null), 'x')).toThrow(/element \[1\]/);
    expect(() => toColumn(null, expected(null), 'x')).toThrow(/null/);
  });
  it('tells data from records and lists of data', () => {
    expect([[[1]], [1], new Float32Array(1), tensor([1])].map(isDataLike)).toEqual([true, true, true, true]);
    expect([{ a: [1] }, [new Float32Array(1)], null, 'x'].map(isDataLike)).toEqual([false, false, false, false]);
  });
});

describe('gatherRows', () => {
  for (const size of [1, 3, 40]) {
    it(`copies rows of ${size}, in order and by row number`, () => {
      const data = Float32Array.from({ length: 6 * size }, (_, i) => i), c = column(data, [size]);
      const out = new Float32Array(2 * size);
      gatherRows(c, null, 3, 2, out);
      expect([...out]).toEqual([...data.subarray(3 * size, 5 * size)]);
      gatherRows(c, new Uint32Array([5, 0, 2]), 1, 2, out);
      expect([...out]).toEqual([...data.subarray(0, size), ...data.subarray(2 * size, 3 * size)]);
    });
  }
});

describe('checks', () => {
  it('finds NaN and infinity wherever they are', () => {
    for (const bad of [NaN, Infinity, -Infinity]) {
      for (const position of [0, 1, 5000, 9999]) {
        const data = new Float32Array(10_000).fill(3e38);
        data[position] = bad;
        expect(() => { checkFinite(column(data, [2, 5]), 'fit: x'); }).toThrow(`fit: x holds ${bad} at sample ${Math.floor(position / 10)}, element [${Math.floor((position % 10) / 5)}, ${position % 5}]`);
      }
    }
    expect(() => { checkFinite(column(new Float32Array(10_000).fill(-3e38), [2, 5]), 'x'); }).not.toThrow();
  });
  it('names label and position', () => {
    expect(() => { checkLabels(column(new Int32Array([0, 9, 10])), 10, 'fit: y'); }).toThrow(/label 10 at sample 2 is out of range.*10 classes.*0\.\.9/);
    expect(() => { checkLabels(column(new Float32Array([0, 1.5])), 10, 'fit: y'); }).toThrow(/label 1.5 at sample 1 is not an integer/);
    expect(() => { checkLabels(column(new Int32Array([0, -1])), 10, 'fit: y'); }).toThrow(/label -1/);
    expect(() => { checkLabels(column(new Int32Array([0, -1])), 10, 'fit: y', -1); }).not.toThrow();
    expect(() => { checkLabels(column(new Float32Array([0, NaN])), 10, 'fit: y'); }).toThrow(/NaN at sample 1/);
  });
  it('mismatched and missing rows', () => {
    expect(() => checkRows([column(new Float32Array(3)), { ...column(new Float32Array(2)), name: 'y' }], 'fit')).toThrow(/'x' has 3 samples but 'y' has 2/);
    expect(() => checkRows([column(new Float32Array(0))], 'fit')).toThrow(/empty/);
  });
  it('validation split', () => {
    expect(splitPoint(10, 0.2)).toBe(8);
    for (const bad of [0, 1, -0.1, 2, NaN]) expect(() => splitPoint(10, bad), String(bad)).toThrow(/between 0 and 1/);
    expect(() => splitPoint(1, 0.5)).toThrow(/leaves 0 to train and 1 to validate/);
  });
  it('weights of classes', () => {
    expect([...weightsOfClasses(column(new Int32Array([0, 1, 2])), 3, { 0: 2, 2: 0.5 }, null).data]).toEqual([2, 1, 0.5]);
    expect([...weightsOfClasses(column(new Float32Array([0, 1, 1, 0]), [2]), 2, { 0: 2 }, column(new Float32Array([3, 5]))).data]).toEqual([3, 10]);
    expect(() => weightsOfClasses(column(new Int32Array([0])), 3, { 3: 1 }, null)).toThrow(/class 3, but the classes are 0\.\.2/);
  });
});

describe('feeds', () => {
  const roles = { inputs: 1, targets: 0, weights: 0 } as const;
  const collect = (feed: ArrayFeed, epoch: number, skip = 0): number[][] => {
    const out: number[][] = [];
    feed.begin(epoch, skip);
    for (let batch = feed.next(); batch !== null; batch = feed.next()) {
      const view = new Float32Array(batch.size);
      batch.write(0, view);
      out.push([...view]);
    }
    return out;
  };
  const data = column(Float32Array.from({ length: 10 }, (_, i) => i));
  it('cuts batches, the last one short', () => {
    const feed = new ArrayFeed([data], roles, { batchSize: 4, shuffle: false, seed: 0 });
    expect([feed.steps, feed.samples]).toEqual([3, 10]);
    expect(collect(feed, 0)).toEqual([[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]);
  });
  it('an epoch entered in the middle goes on as the whole one', () => {
    const make = () => new ArrayFeed([data], roles, { batchSize: 4, shuffle: true, seed: 5 });
    const whole = collect(make(), 3);
    expect(whole.flat().sort((a, b) => a - b)).toEqual([...data.data]);
    expect(collect(make(), 3, 2)).toEqual(whole.slice(2));
    expect(collect(make(), 4)).not.toEqual(whole);
  });
  it('refuses more steps than there are', () => {
    expect(() => new ArrayFeed([data], roles, { batchSize: 4, shuffle: false, seed: 0, stepsPerEpoch: 4 })).toThrow(/only 3 steps/);
  });
  it('streams: functions start anew, used generators say so', async () => {
    const read = (e: unknown) => ({ columns: [column(e as Float32Array)], roles });
    const numbers = function* () { yield new Float32Array(2); yield new Float32Array(1); };
    const sizes = async (feed: StreamFeed, epoch: number): Promise<number[]> => {
      const out: number[] = [];
      await feed.begin(epoch);
      for (let b = await feed.next(); b !== null; b = await feed.next()) out.push(b.size);
      await feed.end();
      return out;
    };
    const anew = new StreamFeed(numbers, { batchSize: 32, read, who: 'fit' });
    expect(await sizes(anew, 0)).toEqual([2, 1]);
    expect(anew.steps).toBe(2);
    expect(await sizes(anew, 1)).toEqual([2, 1]);
    const used = new StreamFeed(numbers(), { batchSize: 32, read, who: 'fit', stepsPerEpoch: 1 });
    expect(await sizes(used, 0)).toEqual([2]);
    expect(await sizes(used, 1)).toEqual([1]);
    await expect(sizes(used, 2)).rejects.toThrow(/no more batches/);
    await expect(sizes(new StreamFeed([], { batchSize: 32, read, who: 'fit' }), 0)).rejects.toThrow(/empty/);
  });
});
