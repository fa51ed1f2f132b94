/**
 * Whether two parts of the data (training and test) are drawn alike: each column by the test of Kolmogorov and Smirnov (numbers) or chi-square (words), and all
 * columns together by a network that tries to tell the parts apart (classifier two-sample test: Lopez-Paz and Oquab 2017).
 */
import { isNumeric, type TableColumn } from '../table/column.ts';
import { outOfFold, type FoldOptions } from './outOfFold.ts';
import type { Samples } from './samples.ts';
import { chiSquare, holm, kolmogorovSmirnov, permutation, random, rocAuc } from './statistics.ts';
import type { Drift, DriftColumn } from './types.ts';
import { arrayLike, describingFeatures } from './vectors.ts';

/** Samples of each part that the network sees. */
const MOST = 3000;

export async function findDrift(train: Samples, test: Samples, leaveOut: ReadonlySet<string>, options: FoldOptions): Promise<Drift> {
  const found: DriftColumn[] = [];
  const words = (name: string, own: readonly (string | undefined)[], other: readonly (string | undefined)[]): void => {
    const counts = new Map<string, [number, number]>();
    [own, other].forEach((list, side) => list.forEach((word) => { if (word === undefined) return; const cell = counts.get(word) ?? [0, 0]; cell[side] = (cell[side] ?? 0) + 1; counts.set(word, cell); }));
    const { p, v } = chiSquare([...counts.values()]);
    found.push({ name, test: 'chi-square', size: v, p });
  };
  const numbers = (name: string, own: Float64Array, other: Float64Array): void => {
    const clean = (values: Float64Array): Float64Array => values.filter((v) => !Number.isNaN(v)).sort(), [a, b] = [clean(own), clean(other)];
    if (a.length === 0 || b.length === 0) return;
    const { distance, p } = kolmogorovSmirnov(a, b);
    found.push({ name, test: 'KS', size: distance, p });
  };
  const wordsIn = (column: Extract<TableColumn, { type: 'category' }>): (string | undefined)[] => Array.from(column.ids, (id) => column.categories[id]);
  if (train.kind === 'table') {
    for (const column of train.columns) {
      const other = test.columns.find((c) => c.name === column.name);
      if (other === undefined || leaveOut.has(column.name)) continue;
      if (isNumeric(column) && isNumeric(other)) numbers(column.name, column.values, other.values);
      else if (column.type === 'category' && other.type === 'category') words(column.name, wordsIn(column), wordsIn(other));
    }
  } else {
    const others = describingFeatures(test);
    describingFeatures(train).forEach(({ name, values }, i) => numbers(name, values, others[i]?.values ?? new Float64Array(0)));
  }
  const adjusted = holm(found.map(({ p }) => p)), columns = found.map((column, i) => ({ ...column, p: adjusted[i] ?? 1 })).sort((a, b) => a.p - b.p || b.size - a.size);

  let classes: DriftColumn | null = null;
  if (train.labels !== null && test.labels !== null) {
    const counts = train.labels.names.map(() => [0, 0]);
    for (const [side, ids] of [train.labels.ids, test.labels.ids].entries()) for (const id of ids) { const cell = counts[id]; if (cell !== undefined) cell[side] = (cell[side] ?? 0) + 1; }
    const { p, v } = chiSquare(counts);
    classes = { name: train.labels.name, test: 'chi-square', size: v, p };
  }
  const { auc, p } = await tellApart(train, test, options);
  return { columns, classes, auc, aucP: p };
}

async function tellApart(train: Samples, test: Samples, options: FoldOptions): Promise<{ auc: number | null; p: number | null }> {
  const next = random((options.seed ?? 0) + 17), pick = (rows: number): Uint32Array => permutation(rows, next).subarray(0, Math.min(MOST, rows));
  const a = pick(train.rows), b = pick(test.rows);
  if (Math.min(a.length, b.length) < 50) return { auc: null, p: null };
  const both = joined(train, a, test, b), ids = Int32Array.from({ length: both.rows }, (_, row) => Number(row >= a.length));
  const { probabilities } = await outOfFold(both, ids, 2, { ...options, folds: 3 });
  return rocAuc(Float64Array.from(ids, (_, row) => probabilities[row * 2 + 1] ?? 0), ids);
}

/** Some samples of one part and some of another, below each other. */
function joined(train: Samples, a: Uint32Array, test: Samples, b: Uint32Array): Samples {
  const rows = a.length + b.length, base = { kind: train.kind, rows, table: null, labels: null, target: null } as const;
  if (train.texts !== null) return { ...base, columns: [], images: null, texts: [...Array.from(a, (row) => train.texts?.[row] ?? null), ...Array.from(b, (row) => test.texts?.[row] ?? null)] };
  if (train.images !== null) {
    const { height, width, channels } = train.images, size = height * width * channels, data = arrayLike(train.images.data, rows * size);
    [...a].forEach((row, i) => data.set(train.images?.data.subarray(row * size, (row + 1) * size) ?? [], i * size));
    [...b].forEach((row, i) => data.set(test.images?.data.subarray(row * size, (row + 1) * size) ?? [], (a.length + i) * size));
    return { ...base, columns: [], texts: null, images: { data, height, width, channels } };
  }
  const columns = train.columns.flatMap((column): TableColumn[] => {
    const other = test.columns.find((c) => c.name === column.name);
    if (other === undefined || column.type === 'text') return [];
    if (isNumeric(column) && isNumeric(other)) return [{ ...column, values: Float64Array.from([...Array.from(a, (row) => column.values[row] ?? Number.NaN), ...Array.from(b, (row) => other.values[row] ?? Number.NaN)]) }];
    if (column.type !== 'category' || other.type !== 'category') return [];
    const categories = [...new Set([...column.categories, ...other.categories])], places = new Map(categories.map((word, i) => [word, i]));
    const id = (of: typeof column, row: number): number => places.get(of.categories[of.ids[row] ?? -1] ?? '') ?? -1;
    return [{ ...column, categories, ids: Int32Array.from([...Array.from(a, (row) => id(column, row)), ...Array.from(b, (row) => id(other, row))]) }];
  });
  return { ...base, columns, texts: null, images: null };
}
