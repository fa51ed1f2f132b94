/** The golden numbers of tools/fixtures/explain/explain.py, and the network that they are of. */
import { readFileSync } from 'node:fs';
import { input, layers, sequential, type Sequential } from '@limelight/core';
import { expect } from 'vitest';

type Rows = readonly (readonly number[])[];
export interface Golden {
  readonly network: Readonly<Record<'w1' | 'b1' | 'w2' | 'b2', readonly number[]>>;
  readonly data: Rows; readonly labels: readonly number[]; readonly x: readonly number[]; readonly baseline: readonly number[]; readonly background: Rows; readonly target: number;
  readonly integratedGradients: Readonly<Record<'gaussLegendre' | 'midpoint' | 'trapezoid' | 'left', readonly number[]>>;
  readonly shap: { readonly exact: readonly number[]; readonly kernel: readonly number[] };
  readonly permutation: { readonly score: number; readonly orders: Rows; readonly importances: Rows; readonly mean: readonly number[] };
  readonly dependence: Readonly<Record<'one' | 'two', { readonly grid: Rows; readonly average: readonly number[] }>>;
  readonly calibration: { readonly probabilities: readonly number[]; readonly labels: readonly number[]; readonly uniform: Curve; readonly quantile: Curve };
  readonly temperature: { readonly logits: readonly number[]; readonly temperature: number; readonly before: number; readonly after: number };
  readonly ridge: { readonly rows: readonly number[]; readonly values: readonly number[]; readonly weights: readonly number[]; readonly coefficients: readonly number[]; readonly intercept: number };
}
interface Curve { readonly accuracy: readonly number[]; readonly confidence: readonly number[] }
export const golden = JSON.parse(readFileSync(new URL('explain.json', import.meta.url), 'utf8')) as Golden;

/** 5 inputs, 8 tanh, 3 softmax. */
export function network(): Sequential {
  const { w1, b1, w2, b2 } = golden.network, model = sequential([input({ shape: [5] }), layers.dense(8, { activation: 'tanh', name: 'hidden' }), layers.dense(3, { activation: 'softmax', name: 'class' })], { name: 'net' });
  model.setWeights([w1, b1, w2, b2].map((w) => Float32Array.from(w)));
  return model;
}
/** Within 1e-4, as the issue asks. */
export function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 1e-4): void {
  expect(actual.length).toBe(expected.length);
  const off = Math.max(...Array.from(actual, (v, i) => Math.abs(v - (expected[i] ?? 0))));
  expect(off).toBeLessThan(tolerance);
}
/** A linear model: y = weights · x + bias. */
export function linear(weights: readonly number[], bias = 0): Sequential {
  const model = sequential([input({ shape: [weights.length] }), layers.dense(1)], { name: 'linear' });
  model.setWeights([Float32Array.from(weights), Float32Array.of(bias)]);
  return model;
}
