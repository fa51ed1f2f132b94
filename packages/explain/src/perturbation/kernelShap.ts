/**
 * KernelSHAP (Lundberg, Lee 2017): Shapley values as a weighted regression of scores on coalitions. Where the budget holds all coalitions the values are
 * exact; else small and large coalitions are counted and the rest is sampled in pairs of complements. The values always add up.
 */
import { random, ValueError, type Model } from '@limelight/core';
import { finish } from '../attribution.ts';
import { hiddenScores } from '../hidden.ts';
import { Subject } from '../subject.ts';
import type { Attribution } from '../types.ts';
import { perElement } from '../units.ts';
import { Work } from '../work.ts';
import { fillingsOf, partiesOf, someOf, type CoalitionOptions } from './background.ts';
import { weightedLeastSquares } from './leastSquares.ts';

export interface KernelShapOptions extends CoalitionOptions {
  /** Coalitions that are tried. Default 2 · parts + 2048. */
  readonly samples?: number;
  /** Of the sampled coalitions. Default 0. */
  readonly seed?: number;
}
/** Parts of an image by default: 7 × 7 patches. */
const PATCHES = 49;

export async function kernelShap(model: Model, x: unknown, options: KernelShapOptions = {}): Promise<Attribution> {
  const work = new Work(options), subject = await Subject.of(model, x, options, 'kernelShap'), fillings = fillingsOf(subject, options), units = partiesOf(subject, options, PATCHES), n = units.count;
  const budget = options.samples ?? 2 * n + 2048;
  if (!Number.isInteger(budget) || budget < 2 * n) throw new ValueError(`kernelShap: samples ${budget} must be a whole number of at least twice the ${n} parts.`);
  const { sets, weights } = n === 1 ? { sets: [], weights: [] } : coalitions(n, budget, options.seed ?? 0), keep = new Uint8Array((sets.length + 2) * n);
  keep.fill(1, n, 2 * n);
  sets.forEach((set, row) => { keep.set(set, (row + 2) * n); });
  const scores = await hiddenScores(subject, keep, { units, fillings }, work, 0, 0.7), [none = 0, all = 0] = scores, whole = all - none, values = new Float64Array(n);
  // the last value follows from the sum: φ_n = whole - Σ others
  const rows = new Float64Array(sets.length * (n - 1)), y = new Float64Array(sets.length);
  sets.forEach((set, r) => {
    const last = set[n - 1] ?? 0;
    y[r] = (scores[r + 2] ?? 0) - none - last * whole;
    for (let i = 0; i < n - 1; i++) rows[r * (n - 1) + i] = (set[i] ?? 0) - last;
  });
  if (n > 1) values.set(weightedLeastSquares(rows, y, weights));
  values[n - 1] = whole - values.subarray(0, n - 1).reduce((s, v) => s + v, 0);
  return finish(subject, { method: 'kernelShap', values: perElement(values, units), signed: true, baselineScore: none, expected: whole, units, fillings: someOf(fillings), details: { parts: n, coalitions: sets.length, background: fillings.shape[0] ?? 1 } }, options, work);
}

interface Coalitions { readonly sets: Uint8Array[]; readonly weights: number[] }
/** Coalitions of n parts but none and all, with the kernel's weights: sizes from the outside in as long as all of a size fit, the rest sampled. */
function coalitions(n: number, budget: number, seed: number): Coalitions {
  const sets: Uint8Array[] = [], weights: number[] = [], half = Math.floor(n / 2), sizeWeight = Array.from({ length: half }, (_, i) => { const s = i + 1; return ((n - 1) / (s * (n - s))) * (2 * s === n ? 1 : 2); });
  const total = sizeWeight.reduce((a, b) => a + b, 0);
  let left = budget, remaining = total, size = 1;
  for (; size <= half; size++) {
    const own = sizeWeight[size - 1] ?? 0, paired = 2 * size !== n, count = choose(n, size) * (paired ? 2 : 1);
    if (count > (left * own) / remaining + 1e-9) break;
    for (const set of subsets(n, size)) {
      sets.push(set);
      weights.push(own / total / count);
      if (paired) { sets.push(set.map((v) => 1 - v)); weights.push(own / total / count); }
    }
    left -= count;
    remaining -= own;
  }
  if (size > half || left < 2) return { sets, weights };
  // what is left of the budget: sizes drawn by weight, members at random, each with its complement; equal ones are one with more weight
  const draws = Math.floor(left / 2), numbers = random.uniform([draws], seed * 2 + 1).dataSync(), seen = new Map<string, number>(), first = sets.length;
  const open = sizeWeight.slice(size - 1);
  for (let d = 0; d < draws; d++) {
    let at = (numbers[d] ?? 0) * remaining, s = 0;
    while (s < open.length - 1 && at >= (open[s] ?? 0)) { at -= open[s] ?? 0; s++; }
    const order = random.permutation(n, (seed * 7919 + d * 2 + 2) >>> 0).dataSync(), set = new Uint8Array(n);
    for (let k = 0; k < size + s; k++) set[order[k] ?? 0] = 1;
    for (const one of [set, set.map((v) => 1 - v)]) {
      const key = one.join(''), known = seen.get(key);
      if (known === undefined) { seen.set(key, sets.length); sets.push(one); weights.push(1); } else weights[known] = (weights[known] ?? 0) + 1;
    }
  }
  const drawn = weights.slice(first).reduce((a, b) => a + b, 0);
  for (let i = first; i < weights.length; i++) weights[i] = ((weights[i] ?? 0) / drawn) * (remaining / total);
  return { sets, weights };
}
function choose(n: number, k: number): number { let c = 1; for (let i = 1; i <= k; i++) c = (c * (n - k + i)) / i; return c; }
function* subsets(n: number, size: number): Generator<Uint8Array> {
  const members = Array.from({ length: size }, (_, i) => i);
  for (;;) {
    const set = new Uint8Array(n);
    for (const m of members) set[m] = 1;
    yield set;
    let i = size - 1;
    while (i >= 0 && members[i] === n - size + i) i--;
    if (i < 0) return;
    members[i] = (members[i] ?? 0) + 1;
    for (let k = i + 1; k < size; k++) members[k] = (members[k - 1] ?? 0) + 1;
  }
}
