/** Which columns of a table a model leans on: permutation importance, words of one column shuffled together. Also the groups for `limelight explain`. */
import type { Model } from '@limelight/core';
import { permutationImportance, type PermutationImportance, type RunOptions } from '@limelight/explain';
import type { Labelled } from '../labelled.ts';
import { bars, brief } from './charts.ts';
import type { Section } from './page.ts';

const ROWS = 2000;

/** The column of each element of a row of x: parts of a one-hot vector belong together. null for images. */
export function columnGroups({ table, featureNames }: Labelled): { readonly groups: number[]; readonly names: string[] } | null {
  if (table === null || featureNames === null) return null;
  const names = [...(table.features.x ?? [])], groups = names.flatMap((name, at) => { const column = table.table.column(name); return new Array<number>(column.type === 'category' && table.features.categories !== 'ids' ? column.categories.length : 1).fill(at); });
  return groups.length === featureNames.length ? { groups, names } : null;
}
/** The first rows of labelled data as `permutationImportance` and others take them. */
export function firstRows(data: Labelled, most: number): { readonly x: { readonly data: Labelled['x']['data']; readonly shape: readonly number[] }; readonly y: Float64Array; readonly rows: number } {
  const rows = Math.min(most, data.rows), each = data.x.data.length / data.rows;
  return { rows, x: { data: data.x.data.subarray(0, rows * each), shape: [rows, ...data.x.shape.slice(1)] }, y: Float64Array.from({ length: rows }, (_, i) => data.y[i] ?? 0) };
}
export async function importanceOf(model: Model, data: Labelled, most: number, options: RunOptions & { readonly seed?: number } = {}): Promise<PermutationImportance> {
  const columns = columnGroups(data), { x, y } = firstRows(data, most), metric = data.classNames === null ? 'meanSquaredError' : 'accuracy';
  return permutationImportance(model, x, y, { ...options, metric, ...(columns === null ? {} : { groups: columns.groups, featureNames: columns.names }) });
}
export async function columnsSection(model: Model, data: Labelled): Promise<Section> {
  const found = await importanceOf(model, data, ROWS), rows = Math.min(ROWS, data.rows), quantity = data.classNames === null, f = found.faithfulness;
  const list = found.columns.toSorted((a, b) => b.mean - a.mean).slice(0, 20).map((c) => ({ name: c.name, value: Math.max(0, c.mean), interval: [Math.max(0, c.low), Math.max(0, c.high)] as const, text: quantity ? brief(c.mean) : `${(100 * c.mean).toFixed(1)} points` }));
  return {
    title: 'Why', note: `How much worse the model does when the values of a column are shuffled among ${rows} rows (${quantity ? 'growth of the mean squared error' : 'fall of the accuracy'}; lines: 95 % confidence over ${found.repeats} shuffles).${f === null ? '' : ` Faithfulness of the order: ${f.value.toFixed(2)}, beats ${f.beats} of ${f.orders} random orders.`}`,
    html: bars(list),
  };
}
