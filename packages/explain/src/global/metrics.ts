/** Scores of predictions on the host, greater is better, in scikit-learn's sense. */
import { NameError } from '@limelight/core';

/** Labels [n] and outputs [n, classes] row-major to one number; greater is better. */
export type MetricFunction = (labels: Float64Array, outputs: Float32Array, classes: number) => number;
export type MetricName = 'accuracy' | 'logLoss' | 'meanAbsoluteError' | 'meanSquaredError' | 'r2';

const mean = (n: number, of: (i: number) => number): number => { let sum = 0; for (let i = 0; i < n; i++) sum += of(i); return sum / n; };
export function argMaxOf(outputs: ArrayLike<number>, row: number, classes: number): number {
  if (classes === 1) return (outputs[row] ?? 0) > 0.5 ? 1 : 0;
  let best = 0;
  for (let c = 1; c < classes; c++) if ((outputs[row * classes + c] ?? 0) > (outputs[row * classes + best] ?? 0)) best = c;
  return best;
}
const METRICS: Readonly<Record<MetricName, MetricFunction>> = {
  accuracy: (y, p, k) => mean(y.length, (i) => Number(argMaxOf(p, i, k) === y[i])),
  logLoss: (y, p, k) => -mean(y.length, (i) => { const q = k === 1 ? (y[i] === 1 ? p[i] ?? 0 : 1 - (p[i] ?? 0)) : p[i * k + (y[i] ?? 0)] ?? 0; return -Math.log(Math.max(q, 1e-15)); }),
  meanAbsoluteError: (y, p, k) => -mean(y.length, (i) => Math.abs((p[i * k] ?? 0) - (y[i] ?? 0))),
  meanSquaredError: (y, p, k) => -mean(y.length, (i) => ((p[i * k] ?? 0) - (y[i] ?? 0)) ** 2),
  r2: (y, p, k) => { const m = mean(y.length, (i) => y[i] ?? 0); return 1 - mean(y.length, (i) => ((p[i * k] ?? 0) - (y[i] ?? 0)) ** 2) / (mean(y.length, (i) => ((y[i] ?? 0) - m) ** 2) || 1); },
};
export function metricOf(metric: MetricName | MetricFunction): MetricFunction {
  if (typeof metric === 'function') return metric;
  if (!Object.hasOwn(METRICS, metric)) throw new NameError('metric', metric, Object.keys(METRICS));
  return METRICS[metric];
}
