/** What each column of a table holds: type, missing and non-finite values, spread, commonest words; constant and doubled columns; how much it tells of the label. */
import { isMissing, isNumeric, rowsOf, type CategoryColumn, type NumericColumn, type TableColumn, type TextColumn } from '../table/column.ts';
import type { LabelIds, Samples } from './samples.ts';
import { chiSquare, quantile, rocAuc } from './statistics.ts';
import type { ColumnProfile, Histogram } from './types.ts';
import { hashText } from './vectors.ts';

const BINS = 24, TOP = 8;

export function profileColumns(samples: Samples): ColumnProfile[] {
  const seen = new Map<number, TableColumn[]>();
  return (samples.table?.columns ?? []).map((column): ColumnProfile => {
    const rows = rowsOf(column), hash = hashOf(column), copyOf = (seen.get(hash) ?? []).find((other) => same(column, other))?.name ?? null;
    seen.set(hash, [...seen.get(hash) ?? [], column]);
    let missing = 0;
    for (let row = 0; row < rows; row++) if (isMissing(column, row)) missing++;
    const shape = isNumeric(column) ? ofNumbers(column) : ofWords(column);
    return {
      name: column.name, type: column.type, missing, ...shape, copyOf,
      constant: shape.distinct <= 1 && missing < rows, identifier: isIdentifier(column, shape.distinct, rows),
      tellsLabel: samples.labels === null || column.name === samples.labels.name ? null : tells(column, samples.labels),
    };
  });
}

type Shape = Pick<ColumnProfile, 'nonFinite' | 'distinct' | 'numbers' | 'histogram' | 'top'>;

function ofNumbers({ values }: NumericColumn): Shape {
  const finite = values.filter((v) => Number.isFinite(v)).sort(), nonFinite = values.reduce((n, v) => n + (v === Infinity || v === -Infinity ? 1 : 0), 0);
  const [min, max] = [finite[0], finite.at(-1)];
  if (min === undefined || max === undefined) return { nonFinite, distinct: nonFinite > 0 ? 1 : 0, numbers: null, histogram: null, top: null };
  let distinct = 1, sum = 0, square = 0;
  for (let i = 0; i < finite.length; i++) {
    if (i > 0 && finite[i] !== finite[i - 1]) distinct++;
    sum += finite[i] ?? 0;
  }
  const mean = sum / finite.length;
  for (const v of finite) square += (v - mean) ** 2;
  return {
    nonFinite, distinct, top: null, histogram: histogram(finite, min, max, distinct),
    numbers: { min, max, mean, deviation: Math.sqrt(square / finite.length), median: quantile(finite, 0.5), quartiles: [quantile(finite, 0.25), quantile(finite, 0.75)] },
  };
}
function histogram(values: Float64Array, min: number, max: number, distinct: number): Histogram {
  const bins = min === max ? 1 : Math.min(BINS, Math.max(2, distinct)), counts = new Array<number>(bins).fill(0);
  for (const v of values) {
    const bin = Math.min(bins - 1, Math.floor(((v - min) / (max - min || 1)) * bins));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return { from: min, to: max, counts };
}

function ofWords(column: CategoryColumn | TextColumn): Shape {
  const counts = new Map<string, number>();
  const add = (word: string): void => { counts.set(word, (counts.get(word) ?? 0) + 1); };
  if (column.type === 'text') for (const text of column.texts) { if (text !== null) add(text); }
  else for (const id of column.ids) if (id >= 0) add(column.categories[id] ?? '');
  return { nonFinite: 0, distinct: counts.size, numbers: null, histogram: null, top: [...counts].sort((a, b) => b[1] - a[1]).slice(0, TOP).map(([value, count]) => ({ value, count })) };
}

/** A column of words or whole numbers in which nothing comes twice: a number of the row, a name, a hash. Numbers only where they also rise without large gaps. */
function isIdentifier(column: TableColumn, distinct: number, rows: number): boolean {
  if (rows < 20 || distinct < rows) return false;
  if (column.type === 'category') return true;
  if (column.type === 'text') return column.texts.every((text) => text !== null && !/\s/.test(text));
  if (column.type !== 'integer') return false;
  const sorted = column.values.slice().sort();
  return ((sorted.at(-1) ?? 0) - (sorted[0] ?? 0)) < 2 * rows;
}

function hashOf(column: TableColumn): number {
  if (!isNumeric(column)) return hashText(JSON.stringify(column.type === 'text' ? column.texts.slice(0, 1000) : Array.from(column.ids.slice(0, 1000), (id) => column.categories[id] ?? null)));
  return hashText(Array.from(column.values.slice(0, 1000)).join(','));
}
function same(a: TableColumn, b: TableColumn): boolean {
  if (a.type === 'text' && b.type === 'text') return a.texts.every((text, i) => text === b.texts[i]);
  if (a.type === 'category' && b.type === 'category') return a.ids.every((id, i) => a.categories[id] === b.categories[b.ids[i] ?? -1]);
  return isNumeric(a) && isNumeric(b) && a.values.every((v, i) => Object.is(v, b.values[i]) || v === b.values[i]);
}

/** Cramér's V of words and label. Of numbers the larger of the correlation ratio η and, for few classes, |2 · AUC − 1| of the class that is told best: 1 where a threshold tells it. */
function tells(column: TableColumn, labels: LabelIds): number | null {
  if (column.type === 'text') return null;
  const classes = labels.names.length;
  if (column.type === 'category') {
    // Rare words tell a label by chance alone: with as many words as rows anything does.
    if (column.categories.length > column.ids.length / 5) return null;
    const table = column.categories.map(() => new Array<number>(classes).fill(0));
    column.ids.forEach((id, row) => { const own = labels.ids[row] ?? -1, cells = table[id]; if (own >= 0 && cells !== undefined) cells[own] = (cells[own] ?? 0) + 1; });
    return chiSquare(table).v;
  }
  const sums = new Float64Array(classes), counts = new Float64Array(classes);
  let total = 0, n = 0;
  column.values.forEach((v, row) => {
    const own = labels.ids[row] ?? -1;
    if (own < 0 || !Number.isFinite(v)) return;
    sums[own] = (sums[own] ?? 0) + v;
    counts[own] = (counts[own] ?? 0) + 1;
    total += v;
    n++;
  });
  if (n < 3) return null;
  const mean = total / n;
  let between = 0, all = 0;
  for (let c = 0; c < classes; c++) if ((counts[c] ?? 0) > 0) between += (counts[c] ?? 0) * ((sums[c] ?? 0) / (counts[c] ?? 1) - mean) ** 2;
  column.values.forEach((v, row) => { if ((labels.ids[row] ?? -1) >= 0 && Number.isFinite(v)) all += (v - mean) ** 2; });
  let best = all === 0 ? 0 : Math.sqrt(between / all);
  if (all === 0 || classes > 10) return best;
  const rows: number[] = [];
  column.values.forEach((v, row) => { if ((labels.ids[row] ?? -1) >= 0 && Number.isFinite(v)) rows.push(row); });
  const scores = Float64Array.from(rows, (row) => column.values[row] ?? 0);
  for (let c = 0; c < (classes === 2 ? 1 : classes); c++) best = Math.max(best, Math.abs(2 * rocAuc(scores, Uint8Array.from(rows, (row) => Number(labels.ids[row] === c))).auc - 1));
  return best;
}
