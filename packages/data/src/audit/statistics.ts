/** The few distributions and robust figures that the checks need. Tested against SciPy. */

/** Uniform numbers in [0, 1) from a seed (splitmix32 steps). */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e37_79b9) >>> 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0_aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a_2d97);
    return ((z ^ (z >>> 15)) >>> 0) / 2 ** 32;
  };
}
/** Standard normal numbers (Box–Muller). */
export const normal = (next: () => number): number => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());

/** 0..count-1 in a random order. */
export function permutation(count: number, next: () => number): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(next() * (i + 1)), held = order[i] ?? 0;
    order[i] = order[j] ?? 0;
    order[j] = held;
  }
  return order;
}

/** Quantile of sorted values, between neighbours as NumPy's default. */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  const at = share * (sorted.length - 1), low = Math.floor(at), a = sorted[low] ?? Number.NaN, b = sorted[Math.min(low + 1, sorted.length - 1)] ?? Number.NaN;
  return a + (at - low) * (b - a);
}

/** Median and median absolute deviation; where the latter is 0 (half the values are equal), the mean one scaled alike (Iglewicz and Hoaglin 1993). */
export function robustScale(values: Float64Array): { readonly median: number; readonly scale: number } {
  const sorted = values.slice().sort(), median = quantile(sorted, 0.5);
  const mad = quantile(values.map((v) => Math.abs(v - median)).sort(), 0.5) * 1.4826;
  if (mad > 0) return { median, scale: mad };
  let sum = 0;
  for (const v of values) sum += Math.abs(v - median);
  return { median, scale: (sum / Math.max(1, values.length)) * 1.2533 };
}

/** ln Γ(x) for x > 0 (Lanczos, g = 7). */
function logGamma(x: number): number {
  const c = [0.999_999_999_999_809_9, 676.520_368_121_885_1, -1259.139_216_722_402_8, 771.323_428_777_653_1, -176.615_029_162_140_6, 12.507_343_278_686_905, -0.138_571_095_265_720_12, 9.984_369_578_019_572e-6, 1.505_632_735_149_311_6e-7];
  let sum = c[0] ?? 0;
  for (let i = 1; i < c.length; i++) sum += (c[i] ?? 0) / (x - 1 + i);
  const t = x + 6.5;
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(sum);
}

/** The probability that a chi-square variable of `df` degrees is larger than `x`: the upper incomplete gamma function by its series or its continued fraction. */
export function chiSquareTail(x: number, df: number): number {
  if (!(x > 0) || df <= 0) return 1;
  const a = df / 2, z = x / 2, front = Math.exp(-z + a * Math.log(z) - logGamma(a));
  if (z < a + 1) {
    let term = 1 / a, sum = term;
    for (let n = 1; n < 1000 && term > sum * 1e-15; n++) { term *= z / (a + n); sum += term; }
    return Math.max(0, 1 - front * sum);
  }
  let b = z + 1 - a, c = 1e300, d = 1 / b, h = d;
  for (let i = 1; i < 1000; i++) {
    const an = -i * (i - a);
    b += 2;
    d = 1 / (Math.abs(an * d + b) < 1e-300 ? 1e-300 : an * d + b);
    c = Math.abs(b + an / c) < 1e-300 ? 1e-300 : b + an / c;
    h *= d * c;
    if (Math.abs(d * c - 1) < 1e-15) break;
  }
  return Math.min(1, front * h);
}

/** The probability that a standard normal variable is further from 0 than `z`. */
export const normalTails = (z: number): number => chiSquareTail(z * z, 1);

/** Kolmogorov's distribution: the probability of a larger value than `x` of √n·D. */
export function kolmogorovTail(x: number): number {
  if (x < 0.2) return 1;
  let sum = 0;
  for (let k = 1; k <= 100; k++) {
    const term = 2 * (k % 2 === 1 ? 1 : -1) * Math.exp(-2 * k * k * x * x);
    sum += term;
    if (Math.abs(term) < 1e-16) break;
  }
  return Math.min(1, Math.max(0, sum));
}

/** Kolmogorov and Smirnov's test of two samples: the largest distance of their distributions, and its asymptotic p. Sorted values. */
export function kolmogorovSmirnov(a: Float64Array, b: Float64Array): { readonly distance: number; readonly p: number } {
  let i = 0, j = 0, distance = 0;
  while (i < a.length && j < b.length) {
    const x = Math.min(a[i] ?? 0, b[j] ?? 0);
    while (i < a.length && (a[i] ?? 0) <= x) i++;
    while (j < b.length && (b[j] ?? 0) <= x) j++;
    distance = Math.max(distance, Math.abs(i / a.length - j / b.length));
  }
  return { distance, p: kolmogorovTail(Math.sqrt((a.length * b.length) / (a.length + b.length)) * distance) };
}

/** Pearson's test of a table of counts, with Cramér's V. Rows and columns without counts are left out. */
export function chiSquare(table: readonly (readonly number[])[]): { readonly statistic: number; readonly df: number; readonly p: number; readonly v: number } {
  const rows = table.filter((row) => row.some((n) => n > 0)), width = Math.max(0, ...rows.map((row) => row.length));
  const columns = Array.from({ length: width }, (_, c) => rows.reduce((sum, row) => sum + (row[c] ?? 0), 0)), kept = columns.filter((n) => n > 0).length;
  const total = columns.reduce((a, b) => a + b, 0), df = (rows.length - 1) * (kept - 1);
  if (df <= 0) return { statistic: 0, df: 0, p: 1, v: 0 };
  let statistic = 0;
  for (const row of rows) {
    const sum = row.reduce((a, b) => a + b, 0);
    columns.forEach((column, c) => {
      const expected = (sum * column) / total;
      if (expected > 0) statistic += ((row[c] ?? 0) - expected) ** 2 / expected;
    });
  }
  return { statistic, df, p: chiSquareTail(statistic, df), v: Math.sqrt(statistic / (total * Math.min(rows.length - 1, kept - 1))) };
}

/** Holm's adjustment of several p: each times the number of those not smaller, never decreasing. */
export function holm(ps: readonly number[]): number[] {
  const order = ps.map((_, i) => i).sort((a, b) => (ps[a] ?? 0) - (ps[b] ?? 0)), out = [...ps];
  let least = 0;
  order.forEach((i, rank) => { least = Math.max(least, Math.min(1, (ps[i] ?? 0) * (ps.length - rank))); out[i] = least; });
  return out;
}

/** Area under the ROC curve of scores (Mann and Whitney, ties count half) and the p of its distance from 0.5. */
export function rocAuc(scores: ArrayLike<number>, positive: ArrayLike<number>): { readonly auc: number; readonly p: number } {
  const order = Array.from({ length: scores.length }, (_, i) => i).sort((a, b) => (scores[a] ?? 0) - (scores[b] ?? 0));
  let ranks = 0, n = 0;
  for (let i = 0; i < order.length;) {
    let j = i;
    while (j < order.length && scores[order[j] ?? 0] === scores[order[i] ?? 0]) j++;
    const rank = (i + j + 1) / 2;
    for (let k = i; k < j; k++) if (positive[order[k] ?? 0] === 1) { ranks += rank; n++; }
    i = j;
  }
  const m = order.length - n;
  if (n === 0 || m === 0) return { auc: 0.5, p: 1 };
  const auc = (ranks - (n * (n + 1)) / 2) / (n * m), deviation = Math.sqrt((n + m + 1) / (12 * n * m));
  return { auc, p: normalTails((auc - 0.5) / deviation) };
}
