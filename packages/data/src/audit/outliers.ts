/**
 * What is unusual: single values by their robust z (0.6745 · |x − median| / MAD above 3.5: Iglewicz and Hoaglin 1993), whole samples by an isolation forest
 * (Liu, Ting and Zhou 2008) over numbers that a person understands.
 */
import { isolationForest } from './isolationForest.ts';
import type { Samples } from './samples.ts';
import { robustScale } from './statistics.ts';
import type { Outlier, Outliers } from './types.ts';
import { describingFeatures } from './vectors.ts';

/** Robust deviations from the median beyond which a value counts. */
const FAR = 3.5;
/** Isolation score from which a sample counts; 0.5 is usual, 1 stands alone. */
const ALONE = 0.65;
/** A value so many deviations away makes its sample unusual by itself, where few of its column are. */
const VERY_FAR = 10, FEW = 0.005;
const MOST = 1000;

export function findOutliers(samples: Samples, seed: number, leaveOut: ReadonlySet<string>): Outliers {
  const features = describingFeatures(samples).filter((f) => !leaveOut.has(f.name)).map(({ name, values }) => {
    const { median, scale } = robustScale(values.filter((v) => Number.isFinite(v)));
    return { name, median, scale, values };
  }).filter((f) => f.scale > 0);
  const columns = features.map(({ name, median, scale, values }) => {
    const rows: number[] = [];
    let count = 0;
    values.forEach((v, row) => { if (Math.abs(v - median) > FAR * scale) { count++; if (rows.length < MOST) rows.push(row); } });
    return { name, count, low: median - FAR * scale, high: median + FAR * scale, rows };
  });
  if (features.length === 0 || samples.rows < 20) return { columns, samples: [], count: 0 };
  const points = new Float32Array(samples.rows * features.length);
  features.forEach((f, i) => f.values.forEach((v, row) => { points[row * features.length + i] = Number.isFinite(v) ? (v - f.median) / f.scale : 0; }));
  const scores = isolationForest(points, samples.rows, features.length, seed), found: Outlier[] = [];
  for (let row = 0; row < samples.rows; row++) {
    let best = 0;
    for (let i = 1; i < features.length; i++) if (Math.abs(points[row * features.length + i] ?? 0) > Math.abs(points[row * features.length + best] ?? 0)) best = i;
    const z = points[row * features.length + best] ?? 0;
    // Alone in the forest, yet nothing of it far from the rest: the edge of an even cloud. And the forest sees few samples, so a single wild value may escape it.
    const wild = Math.abs(z) > VERY_FAR && (columns[best]?.count ?? 0) <= FEW * samples.rows;
    if (wild || ((scores[row] ?? 0) >= ALONE && Math.abs(z) > FAR)) found.push({ row, score: scores[row] ?? 0, reason: `${features[best]?.name ?? ''} ${showNumber(features[best]?.values[row] ?? 0)} is ${Math.abs(z).toFixed(1)} deviations ${z > 0 ? 'above' : 'below'} the median ${showNumber(features[best]?.median ?? 0)}` });
  }
  found.sort((a, b) => b.score - a.score || a.row - b.row);
  return { columns, samples: found.slice(0, MOST), count: found.length };
}

export const showNumber = (x: number): string => (Number.isInteger(x) && Math.abs(x) < 1e9 ? x.toLocaleString('en-US') : Math.abs(x) >= 1e6 || (x !== 0 && Math.abs(x) < 1e-3) ? x.toExponential(2) : String(Number(x.toPrecision(4))));
