import { describe, expect, it } from 'vitest';
import { readFileSync } from 'node:fs';
import { confidentLabels } from './confident.ts';
import { isolationForest, meanDepth } from './isolationForest.ts';
import { chiSquare, chiSquareTail, holm, kolmogorovSmirnov, kolmogorovTail, normal, quantile, random, robustScale, rocAuc } from './statistics.ts';

interface Oracle {
  readonly ks: { readonly a: number[]; readonly b: number[]; readonly distance: number; readonly kolmogorov: readonly (readonly [number, number])[] };
  readonly chi: { readonly table: number[][]; readonly statistic: number; readonly p: number; readonly df: number; readonly tails: readonly (readonly [number, number, number])[] };
  readonly auc: { readonly scores: number[]; readonly positive: number[]; readonly auc: number };
  readonly labels: { readonly classes: number; readonly given: number[]; readonly p: number[]; readonly issues: number[]; readonly joint: number[][] };
}
// Made by tools/fixtures/audit/audit.py.
const oracle = JSON.parse(readFileSync(new URL('testing/oracle.json', import.meta.url), 'utf8')) as Oracle;

describe('statistics, against SciPy and scikit-learn', () => {
  it('Kolmogorov and Smirnov', () => {
    const sorted = (values: number[]): Float64Array => Float64Array.from(values).sort();
    expect(kolmogorovSmirnov(sorted(oracle.ks.a), sorted(oracle.ks.b)).distance).toBeCloseTo(oracle.ks.distance, 12);
    for (const [x, p] of oracle.ks.kolmogorov) expect(kolmogorovTail(x)).toBeCloseTo(p, 10);
  });
  it('chi-square', () => {
    const found = chiSquare(oracle.chi.table);
    expect([found.statistic, found.df]).toEqual([expect.closeTo(oracle.chi.statistic, 9), oracle.chi.df]);
    expect(found.p / oracle.chi.p).toBeCloseTo(1, 8);
    for (const [x, df, p] of oracle.chi.tails) expect(chiSquareTail(x, df) / p).toBeCloseTo(1, 8);
    expect(chiSquare([[5, 0], [7, 0]])).toMatchObject({ p: 1, v: 0 });
  });
  it('AUC with ties', () => { expect(rocAuc(oracle.auc.scores, oracle.auc.positive).auc).toBeCloseTo(oracle.auc.auc, 12); });
  it('quantiles, robust scale, Holm', () => {
    expect(quantile([1, 2, 3, 10], 0.25)).toBeCloseTo(1.75);
    expect(robustScale(Float64Array.of(1, 2, 3, 4, 1000))).toEqual({ median: 3, scale: 1.4826 });
    expect(holm([0.01, 0.04, 0.03])).toEqual([expect.closeTo(0.03), expect.closeTo(0.06), expect.closeTo(0.06)]);
  });
});

describe('confident learning', () => {
  const { classes, given, p, issues, joint } = oracle.labels;
  it('finds the suspects and the joint distribution that numpy finds from the formulas', () => {
    const own = confidentLabels(Float32Array.from(p), given, classes);
    expect(own.suspects.map((s) => s.row).sort((a, b) => a - b)).toEqual(issues);
    own.joint.flat().forEach((n, i) => expect(n).toBeCloseTo(joint.flat()[i] ?? Number.NaN, 4));
    expect(issues.length).toBeGreaterThan(10);
  });
  it('leaves rows without a label out, and suspects nobody where all agree', () => {
    const sure = confidentLabels(Float32Array.of(0.9, 0.1, 0.2, 0.8, 0.1, 0.9), [0, 1, -1], 2);
    expect([sure.suspects, sure.noise]).toEqual([[], 0]);
  });
});

describe('isolation forest', () => {
  it('scores what stands alone highest', () => {
    const next = random(1), rows = 500, points = Float32Array.from({ length: rows * 3 }, () => normal(next));
    points.set([9, -9, 9], 3 * 123);
    const scores = isolationForest(points, rows, 3, 0), best = scores.indexOf(Math.max(...scores));
    expect([best, (scores[123] ?? 0) > 0.7, quantile(scores.slice().sort(), 0.5) < 0.5]).toEqual([123, true, true]);
    expect(isolationForest(points, rows, 3, 0)).toEqual(scores);
  });
  it('knows the depth of random trees', () => { expect([meanDepth(1), meanDepth(2), meanDepth(256)]).toEqual([0, 1, expect.closeTo(10.24, 1)]); });
});
