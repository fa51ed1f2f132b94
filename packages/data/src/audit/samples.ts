/** What is audited, in one form: a table, images or texts, with the classes of the labels. */
import { DataError, NameError, ValueError, type HostArray, type ShapedArray } from '@limelight/core';
import type { TableColumn } from '../table/column.ts';
import { sortWords } from '../table/schema.ts';
import { TableSource } from '../table/source.ts';
import { Table } from '../table/table.ts';
import type { AuditKind } from './types.ts';

/** Images [n, height, width] or [n, height, width, channels] with their classes. */
export interface ImageData { readonly x: ShapedArray; readonly y?: Classlike; readonly classNames?: readonly string[] }
/** Texts with their classes. */
export interface TextData { readonly x: readonly (string | null)[]; readonly y?: Classlike; readonly classNames?: readonly string[] }
/** Class numbers from 0, or names. */
export type Classlike = ArrayLike<number> | readonly string[] | { readonly data: ArrayLike<number> };
export type AuditData = Table | TableSource | ImageData | TextData;

export interface LabelIds { readonly name: string; readonly ids: Int32Array; readonly names: readonly string[] }
export interface Images { readonly data: HostArray; readonly height: number; readonly width: number; readonly channels: number }
export interface Samples {
  readonly kind: AuditKind;
  readonly rows: number;
  /** of tables: all columns but the label */
  readonly columns: readonly TableColumn[];
  readonly table: Table | null;
  readonly images: Images | null;
  readonly texts: readonly (string | null)[] | null;
  readonly labels: LabelIds | null;
  /** a label that is no class (a number to be predicted) */
  readonly target: TableColumn | null;
}

/** A label with more different whole numbers than this is a quantity, not a class. */
const MOST_CLASSES = 200;

export async function samplesOf(data: AuditData, label: string | undefined, like?: Samples): Promise<Samples> {
  if (data instanceof TableSource) return samplesOf(await data.read(), label, like);
  if (data instanceof Table) return ofTable(data, label, like);
  if (label !== undefined) throw new ValueError(`label: '${label}' names a column of a table; images and texts have their labels in y.`);
  const rows = isImages(data) ? data.x.shape[0] ?? 0 : (data.x as readonly unknown[]).length;
  const names = like?.labels?.names ?? data.classNames, labels = data.y === undefined ? null : ofList(data.y, rows, names);
  if (rows === 0) throw new DataError('audit: the data are empty (0 samples).');
  const common = { rows, columns: [], table: null, labels, target: null };
  if (!isImages(data)) return { ...common, kind: 'text', images: null, texts: data.x };
  const { shape, data: pixels } = data.x;
  if (shape.length !== 3 && shape.length !== 4) throw new DataError(`audit: images have shape [n, height, width] or [n, height, width, channels], not [${shape.join(', ')}]. For rows of numbers make a Table.`);
  const [, height = 0, width = 0, channels = 1] = shape;
  if (rows * height * width * channels !== pixels.length) throw new DataError(`audit: shape [${shape.join(', ')}] needs ${rows * height * width * channels} elements, the array has ${pixels.length}.`);
  return { ...common, kind: 'image', texts: null, images: { data: pixels, height, width, channels } };
}

const isImages = (data: ImageData | TextData): data is ImageData => !Array.isArray(data.x);

function ofTable(table: Table, label: string | undefined, like: Samples | undefined): Samples {
  if (table.rows === 0) throw new DataError('audit: the table has no rows.');
  if (label !== undefined && !table.has(label)) throw new NameError('column', label, table.names);
  const target = label === undefined ? null : table.column(label);
  const labels = target === null ? null : ofColumn(target, like?.labels?.names);
  return {
    kind: 'table', rows: table.rows, table, images: null, texts: null, labels, target: labels === null ? target : null,
    columns: table.columns.filter((column) => column.name !== label),
  };
}

function ofColumn(column: TableColumn, known: readonly string[] | undefined): LabelIds | null {
  if (column.type === 'category') {
    if (known === undefined) return { name: column.name, ids: column.ids, names: column.categories };
    const places = column.categories.map((word) => known.indexOf(word));
    return { name: column.name, ids: column.ids.map((id) => places[id] ?? -1), names: known };
  }
  if (column.type === 'text' || column.type === 'date') return null;
  const distinct = new Set<number>();
  for (const value of column.values) {
    if (!Number.isNaN(value)) distinct.add(value);
    // A number with a fraction, or very many numbers: a quantity.
    if (!Number.isNaN(value) && !Number.isInteger(value)) return null;
    if (distinct.size > MOST_CLASSES) return null;
  }
  const word = (value: number): string => (column.type === 'boolean' ? String(value !== 0) : String(value));
  const names = known ?? sortWords(new Set([...distinct].map(word))), places = new Map(names.map((name, id) => [name, id]));
  return { name: column.name, ids: Int32Array.from(column.values, (value) => (Number.isNaN(value) ? -1 : places.get(word(value)) ?? -1)), names };
}

function ofList(y: Classlike, rows: number, known: readonly string[] | undefined): LabelIds {
  const list: ArrayLike<number | string> = 'data' in y ? (y.data as ArrayLike<number>) : y;
  if (list.length !== rows) throw new DataError(`audit: y has ${list.length} labels, but x has ${rows} samples.`);
  if (typeof list[0] === 'string') {
    const names = known ?? sortWords(new Set(Array.from(list, String))), places = new Map(names.map((name, id) => [name, id]));
    return { name: 'y', ids: Int32Array.from({ length: rows }, (_, i) => places.get(String(list[i])) ?? -1), names };
  }
  let most = -1;
  for (let i = 0; i < rows; i++) {
    const id = Number(list[i]);
    if (!Number.isInteger(id) || id < -1) throw new DataError(`audit: label ${String(list[i])} of sample ${i} is no class number (0, 1, 2, …; -1 is missing).`);
    most = Math.max(most, id);
  }
  const names = known ?? Array.from({ length: most + 1 }, (_, id) => String(id));
  if (most >= names.length) throw new DataError(`audit: label ${most} has no name; there are ${names.length} classes.`);
  return { name: 'y', ids: Int32Array.from({ length: rows }, (_, i) => Number(list[i])), names };
}
