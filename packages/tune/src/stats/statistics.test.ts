import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { normalCdf, normalQuantile } from './normal.ts';
import { holm, median, pairedTest, summarize } from './statistics.ts';
import { studentCdf, studentQuantile } from './student.ts';

type Triple = [number, number, number];
const scipy = JSON.parse(readFileSync(new URL('../../test/fixtures/statistics.json', import.meta.url), 'utf8')) as {
  a: number[]; b: number[]; t: number; p: number; interval: [number, number]; meanInterval: [number, number]; deviation: number; student: Triple[]; quantile: Triple[]; normal: [number, number][];
};

describe('statistics', () => {
  it('equal SciPy', () => {
    for (const [t, f, p] of scipy.student) expect(studentCdf(t, f)).toBeCloseTo(p, 12);
    for (const [p, f, t] of scipy.quantile) expect(studentQuantile(p, f)).toBeCloseTo(t, 9);
    for (const [z, p] of scipy.normal) expect(Math.abs(normalCdf(z) / p - 1)).toBeLessThan(1e-6);
    for (const p of [1e-6, 0.01, 0.3, 0.5, 0.999]) expect(normalCdf(normalQuantile(p))).toBeCloseTo(p, 6);
    const test = pairedTest(scipy.a, scipy.b);
    for (const [ours, theirs] of [[test.t, scipy.t], [test.p, scipy.p], [test.interval[0], scipy.interval[0]], [test.interval[1], scipy.interval[1]]] as const) expect(ours).toBeCloseTo(theirs, 9);
    const own = summarize(scipy.a);
    expect(own.deviation).toBeCloseTo(scipy.deviation, 12);
    expect(own.interval[0]).toBeCloseTo(scipy.meanInterval[0], 9);
    expect(own.interval[1]).toBeCloseTo(scipy.meanInterval[1], 9);
  });
  it('correct several tests by Holm', () => { expect(holm([0.01, 0.04, 0.03, 0.5])).toEqual([0.04, 0.09, 0.09, 0.5].map((p) => expect.closeTo(p, 12) as number)); });
  it('know their edges', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
    expect(pairedTest([1, 2], [1, 2]).p).toBe(1);
    expect(pairedTest([2, 3], [1, 2]).p).toBe(0);
    expect(() => pairedTest([1], [2])).toThrow(/at least two pairs/);
    expect(() => summarize([])).toThrow(/no values/);
  });
});
