/** Distributions against their moments and distribution functions: Kolmogorov–Smirnov and χ² with critical values of the level 0.001; the seeds are fixed. */
import { describe, expect, it } from 'vitest';
import { expectClose } from '../base/testing/golden.ts';
import { ShapeError, ValueError } from '../base/errors.ts';
import { beta, binomial, categorical, gamma, shuffle } from './distributions.ts';
import { SeedGenerator } from './random.ts';
import { tensor } from './tensor.ts';
import { jit } from './trace.ts';

const N = 20_000;
/** The greatest distance between the draws' distribution and `cdf`, times √n: below 1.95 with probability 0.999. */
function kolmogorov(draws: ArrayLike<number>, cdf: (x: number) => number): number {
  const sorted = Float64Array.from(draws).sort(), n = sorted.length;
  return Math.sqrt(n) * sorted.reduce((most, x, i) => Math.max(most, Math.abs(cdf(x) - i / n), Math.abs(cdf(x) - (i + 1) / n)), 0);
}
/** χ² of counts; critical values for 0.001: 3 degrees of freedom 16.27, 10: 29.59, 23: 49.73. */
const chiSquare = (counts: readonly number[], expected: readonly number[]): number => counts.reduce((sum, c, i) => sum + (c - (expected[i] ?? NaN)) ** 2 / (expected[i] ?? NaN), 0);
const moments = (x: ArrayLike<number>): { mean: number; variance: number } => {
  const all = Array.from(x), mean = all.reduce((a, b) => a + b, 0) / all.length;
  return { mean, variance: all.reduce((a, b) => a + (b - mean) ** 2, 0) / (all.length - 1) };
};
/** Γ(a), Lanczos would be more than is needed: the values of the tests. */
const GAMMA: Readonly<Record<number, number>> = { 0.3: 2.991568987687591, 0.5: Math.sqrt(Math.PI), 1: 1, 2.5: 1.329340388179137, 9: 40320 };
/** The regularized lower incomplete gamma function, by its series. */
function gammaCdf(a: number, x: number): number {
  let term = 1 / a, sum = term;
  for (let k = 1; k < 400 && term > 1e-16 * sum; k++) { term *= x / (a + k); sum += term; }
  return (sum * Math.exp(-x + a * Math.log(x))) / (GAMMA[a] ?? NaN);
}
const within = (value: number, wanted: number, deviation: number): void => { expect(Math.abs(value - wanted), `${value} against ${wanted}`).toBeLessThan(4 * deviation); };

describe('gamma', () => {
  for (const alpha of [0.3, 0.5, 1, 2.5, 9]) {
    it(`alpha ${alpha} has its moments and its distribution`, () => {
      const draws = gamma([N], alpha, 11).dataSync(), { mean, variance } = moments(draws);
      within(mean, alpha, Math.sqrt(alpha / N));
      within(variance, alpha, Math.sqrt((2 * alpha ** 2 + 6 * alpha) / N));
      expect(kolmogorov(draws, (x) => gammaCdf(alpha, x))).toBeLessThan(1.95);
    });
  }
  it('takes an alpha for each place, and refuses what is none', () => {
    const draws = gamma([2, N], tensor([[0.5], [9]]), 3).dataSync();
    within(moments(draws.subarray(0, N)).mean, 0.5, Math.sqrt(0.5 / N));
    within(moments(draws.subarray(N)).mean, 9, 3 / Math.sqrt(N));
    for (const alpha of [0, -1, NaN]) expect(() => gamma([1], alpha, 1)).toThrow(ValueError);
  });
});

describe('beta', () => {
  for (const [a, b, cdf] of [[2, 1, (x: number) => x * x], [2, 3, (x: number) => 6 * x ** 2 - 8 * x ** 3 + 3 * x ** 4], [0.5, 0.5, (x: number) => (2 / Math.PI) * Math.asin(Math.sqrt(x))]] as const) {
    it(`of ${a} and ${b} has its moments and its distribution`, () => {
      const draws = beta([N], a, b, 5).dataSync(), { mean, variance } = moments(draws), spread = (a * b) / ((a + b) ** 2 * (a + b + 1));
      within(mean, a / (a + b), Math.sqrt(spread / N));
      expect(Math.abs(variance / spread - 1)).toBeLessThan(0.04);
      expect(kolmogorov(draws, cdf)).toBeLessThan(1.95);
    });
  }
  it('stays within 0 and 1 where alpha and beta are tiny', () => {
    for (const x of beta([2000], 1e-3, 1e-3, 6).dataSync()) expect(x >= 0 && x <= 1).toBe(true);
  });
});

describe('binomial', () => {
  it('counts as often as it should, few and many draws', () => {
    const few = binomial([N], 10, 0.3, 7).dataSync(), chances = Array.from({ length: 11 }, (_, k) => { let c = 1; for (let i = 0; i < k; i++) c = (c * (10 - i)) / (i + 1); return c * 0.3 ** k * 0.7 ** (10 - k); });
    expect(chiSquare(chances.map((_, k) => few.filter((v) => v === k).length), chances.map((p) => p * N))).toBeLessThan(29.59);
    for (const [n, p] of [[1000, 0.02], [500, 0.9], [100_000, 0.5]] as const) {
      const { mean, variance } = moments(binomial([5000], n, p, 8).dataSync());
      within(mean, n * p, Math.sqrt((n * p * (1 - p)) / 5000));
      expect(Math.abs(variance / (n * p * (1 - p)) - 1)).toBeLessThan(0.08);
    }
    // P(X <= 20) of 1000 draws of 0.02, from SciPy
    const many = binomial([N], 1000, 0.02, 9).dataSync();
    within(many.filter((v) => v <= 20).length / N, 0.559, 0.0036);
  });
  it('takes numbers for each place, ends included', () => {
    expect(Array.from(binomial([2, 3], tensor([[0], [40]]), tensor([0, 0.5, 1]), 1).dataSync()).filter((_, i) => i !== 4)).toEqual([0, 0, 0, 0, 40]);
    expect(() => binomial([1], 2.5, 0.5, 1)).toThrow(/count 2.5 at position 0/);
    expect(() => binomial([2], 3, tensor([0.5, 1.5]), 1)).toThrow(/probability 1.5 at position 1/);
  });
});

describe('categorical', () => {
  it('draws classes by their probabilities', () => {
    const p = [0.1, 0.2, 0.3, 0.4], logits = tensor([p.map(Math.log), p.map((_, i) => Math.log(p[3 - i] ?? NaN) + 7)]), draws = categorical(logits, N, 13);
    expect([draws.shape, draws.dtype]).toEqual([[2, N], 'i32']);
    const counts = (row: number): number[] => p.map((_, c) => draws.dataSync().subarray(row * N, (row + 1) * N).filter((v) => v === c).length);
    expect(chiSquare(counts(0), p.map((q) => q * N))).toBeLessThan(16.27);
    expect(chiSquare(counts(1), p.map((_, i) => (p[3 - i] ?? NaN) * N))).toBeLessThan(16.27);
  });
  it('never draws what is impossible, and refuses other shapes', () => {
    expect(new Set(categorical(tensor([[-Infinity, 0, -Infinity]]), 5000, 1).dataSync())).toEqual(new Set([1]));
    expect(() => categorical(tensor([1, 2]), 1, 1)).toThrow(ShapeError);
    expect(() => categorical(tensor([[1, 2]]), -1, 1)).toThrow(ValueError);
  });
});

describe('shuffle', () => {
  it('every order is as likely', () => {
    const counts = new Map<string, number>(), seeds = new SeedGenerator(2), x = tensor([0, 1, 2, 3]), rounds = 4800;
    for (let i = 0; i < rounds; i++) { const order = shuffle(x, seeds).dataSync().join(); counts.set(order, (counts.get(order) ?? 0) + 1); }
    expect(counts.size).toBe(24);
    expect(chiSquare([...counts.values()], new Array<number>(24).fill(rounds / 24))).toBeLessThan(49.73);
  });
  it('keeps slices whole, along any axis, and dtype', () => {
    const x = tensor([[1, 2, 3], [10, 20, 30]], undefined, 'i32'), y = shuffle(x, 4, -1), [a, b] = [y.dataSync().subarray(0, 3), y.dataSync().subarray(3)];
    expect([y.dtype, [...a].sort((p, q) => p - q), [...b]]).toEqual(['i32', [1, 2, 3], [...a].map((v) => 10 * v)]);
    expect(() => shuffle(x, 1, 2)).toThrow(/axis/);
  });
});

it('the same key gives the same numbers, eager and in a traced function, and a generator gives new ones', () => {
  for (const draw of [(key: Parameters<typeof gamma>[2]) => gamma([50], 0.7, key), (key: Parameters<typeof gamma>[2]) => beta([50], 2, 0.5, key)]) {
    const seeds = new SeedGenerator(5), again = new SeedGenerator(5), traced = jit(() => draw(again));
    const first = draw(seeds).dataSync(), second = draw(seeds).dataSync();
    expect([...first]).not.toEqual([...second]);
    // eager and compiled differ in the last bits of logarithms and products
    for (const wanted of [first, second]) expectClose(traced().dataSync(), wanted, { relative: 1e-4, absolute: 1e-6 });
  }
});
