/** Labelled data for a saved model, from what a command line names: mnist, a table with a label column, or a folder of images with a subfolder for each class. */
import { existsSync, statSync } from 'node:fs';
import { DataError, type Model, type ShapedArray } from '@limelight/core';
import { openTable, readImages, type AuditData, type FeatureOptions, type Table } from '@limelight/data';
import { loadData } from './commands/shared.ts';
import { UsageError } from './errors.ts';

export interface Labelled {
  readonly name: string;
  readonly kind: 'image' | 'table';
  /** [rows, …] as the model's input takes it */
  readonly x: ShapedArray;
  /** class numbers, or quantities where `classNames` is null */
  readonly y: ArrayLike<number>;
  readonly rows: number;
  /** of tables: names of the elements of a row of x */
  readonly featureNames: readonly string[] | null;
  readonly classNames: readonly string[] | null;
  /** of tables: the rows of x as they stand in the file, with the label */
  readonly table: TableInput | null;
  /** the same samples as `audit` takes them */
  readonly audit: AuditData;
  /** what a reader should know: rows that were left out, how words became numbers */
  readonly notes: readonly string[];
}
/** How rows of a table become rows of x. */
export interface TableInput { readonly table: Table; readonly label: string; readonly features: FeatureOptions }

export interface LabelledOptions {
  /** the column that is predicted; tables need it */ readonly label?: string;
  /** columns that the model reads, in its order; default: all but the label that are no text */ readonly columns?: readonly string[];
  /** at most so many rows; default all */ readonly limit?: number;
  /** of mnist; default 'test' */ readonly split?: 'train' | 'test';
  readonly signal?: AbortSignal;
}

const show = (shape: readonly (number | null)[]): string => `[${shape.map((d) => d ?? '?').join(', ')}]`;
/** The only input of a model. */
export function onlyPort(model: Model): NonNullable<Model['inputPorts']>[number] {
  const ports = model.inputPorts ?? [], [port] = ports;
  if (ports.length !== 1 || port === undefined) throw new UsageError(`the model has ${ports.length} inputs (${ports.map((p) => p.name).join(', ')}); only models with one can be used from the command line`);
  return port;
}
/** Outputs of the model for a sample: one for each class, or 1. */
export function outputWidth(model: Model): number {
  const ports = model.outputPorts, shape = ports[0]?.shape ?? [];
  if (ports.length !== 1 || shape.length !== 1 || typeof shape[0] !== 'number') throw new UsageError(`the model gives ${ports.map((p) => show(p.shape)).join(' and ')}; one row of numbers for a sample is needed: the probability of each class, or a quantity`);
  return shape[0];
}

/** @throws UsageError where the data do not suit the model, naming both; DataError or FormatError where they cannot be read */
export async function readLabelled(model: Model, source: string, options: LabelledOptions = {}): Promise<Labelled> {
  if (source === 'mnist') {
    if (options.label !== undefined || options.columns !== undefined) throw new UsageError('mnist has its labels already; leave out --label and --columns');
    return mnist(model, options);
  }
  if (existsSync(source) && statSync(source).isDirectory()) return folder(model, source, options);
  return ofTable(model, source, options);
}

async function mnist(model: Model, { limit = Infinity, split = 'test' }: LabelledOptions): Promise<Labelled> {
  const port = onlyPort(model), classes = outputWidth(model);
  if (port.shape.reduce<number>((n, d) => n * (d ?? 1), 1) !== 784 || classes < 10) throw new UsageError(`the model takes ${show(port.shape)} and gives ${classes} numbers; mnist has images of 28 × 28 in 10 classes. Give the data it was made for: --data FILE.csv --label COLUMN`);
  const { x, y } = (await loadData('mnist'))[split], rows = Math.min(limit, y.data.length), pixels = x.data.subarray(0, rows * 784);
  const labels = y.data.subarray(0, rows);
  return {
    name: `mnist, ${split === 'test' ? 'test' : 'training'} images`, kind: 'image', rows, y: labels, x: { data: pixels, shape: [rows, ...port.shape.map((d) => d ?? 1)], dtype: 'u8' },
    featureNames: null, classNames: numbered(classes), table: null, audit: { x: { data: pixels, shape: [rows, 28, 28] }, y: labels }, notes: [],
  };
}

async function folder(model: Model, path: string, { limit, label, columns }: LabelledOptions): Promise<Labelled> {
  if (label !== undefined || columns !== undefined) throw new UsageError(`${path} is a folder: its subfolders are the labels; leave out --label and --columns`);
  const { shape } = onlyPort(model), [height, width, channels = 1] = shape, classes = outputWidth(model);
  if (typeof height !== 'number' || typeof width !== 'number' || ![1, 3, 4].includes(channels ?? 0)) throw new UsageError(`the model takes ${show(shape)}, which is no image; give a table: --data FILE.csv --label COLUMN`);
  const { x, y, classNames } = await readImages(path, { imageSize: [height, width], colorMode: channels === 1 ? 'grayscale' : channels === 3 ? 'rgb' : 'rgba' });
  if (classNames.length !== classes) throw new UsageError(`${path} has ${classNames.length} subfolders (${classNames.slice(0, 8).join(', ')}), but the model gives ${classes} numbers; one subfolder for each class is needed`);
  const all = y.length, rows = Math.min(limit ?? all, all), order = spread(all, rows), size = x.data.length / all, data = new Uint8Array(rows * size), labels = new Int32Array(rows);
  order.forEach((from, to) => { data.set((x.data as Uint8Array).subarray(from * size, (from + 1) * size), to * size); labels[to] = y[from] ?? 0; });
  const own: ShapedArray = { data, shape: [rows, ...shape.map((d) => d ?? 1)], dtype: 'u8' };
  return {
    name: path, kind: 'image', rows, x: own, y: labels, featureNames: null, classNames, table: null, audit: { x: { data, shape: [rows, height, width, channels ?? 1] }, y: labels, classNames },
    notes: rows < all ? [`${rows} of ${all} images, evenly spread over the files`] : [],
  };
}
/** `count` of `all` places, evenly spread: files are sorted by class, so the first ones would be of one class. */
const spread = (all: number, count: number): number[] => Array.from({ length: count }, (_, i) => Math.floor((i * all) / count));

async function ofTable(model: Model, path: string, options: LabelledOptions): Promise<Labelled> {
  const { label, limit, signal } = options, source = openTable(path), port = onlyPort(model);
  if (label === undefined) throw new UsageError(`${path}: which column is predicted? --label COLUMN (there are ${(await source.schema()).columns.map((c) => c.name).join(', ')})`);
  const all = await source.read({ ...(limit === undefined ? {} : { limit }), ...(signal === undefined ? {} : { signal }) });
  all.column(label);
  if (port.shape.length !== 1) throw new UsageError(`the model takes ${show(port.shape)}, which is no row of a table`);
  const used = options.columns ?? all.columns.filter((c) => c.name !== label && c.type !== 'text').map((c) => c.name), table = all.select([...used, label]).dropMissing(), notes: string[] = [];
  if (table.rows === 0) throw new DataError(`${path}: every row has a missing value in ${[...used, label].join(', ')}; fill them first, or choose other --columns.`);
  if (table.rows < all.rows) notes.push(`${all.rows - table.rows} of ${all.rows} rows have missing values and were left out`);
  const features = widthOf(table, label, used, port.shape[0] ?? null, path), { x } = table.toArrays(features);
  if (features.categories === 'ids') notes.push('words are given to the model as their numbers, not one-hot: only so do the columns fit it');
  const { y, classNames } = target(table, label, outputWidth(model), path);
  return { name: path, kind: 'table', rows: table.rows, x, y, featureNames: table.featureNames(features), classNames, table: { table, label, features }, audit: all, notes };
}
/** One-hot words, or their ids where only these fit the model. */
function widthOf(table: Table, label: string, x: readonly string[], wanted: number | null, path: string): FeatureOptions {
  const forms = (['oneHot', 'ids'] as const).map((categories): FeatureOptions => ({ y: label, x, categories })), fits = forms.find((form) => wanted === null || table.featureNames(form).length === wanted);
  if (fits !== undefined) return fits;
  const names = table.featureNames(forms[0] ?? { y: label });
  throw new UsageError(`the model takes ${wanted} numbers, but ${path} gives ${names.length} (${names.slice(0, 12).join(', ')}${names.length > 12 ? ', …' : ''}); name the columns that it reads, in its order: --columns a,b,c`);
}
function target(table: Table, label: string, outputs: number, path: string): { readonly y: Float64Array | Int32Array; readonly classNames: readonly string[] | null } {
  const column = table.column(label);
  if (column.type === 'text') throw new UsageError(`${path}: column '${label}' is free text, which no model from here predicts; --label must name classes or numbers`);
  if (column.type === 'category') {
    const { categories, ids } = column;
    if (categories.length !== Math.max(2, outputs)) throw new UsageError(`${path}: column '${label}' has ${categories.length} classes (${categories.slice(0, 8).join(', ')}), but the model gives ${outputs} number${outputs === 1 ? '' : 's'}; classes are numbered by their words in alphabetical order, so all of them must be there`);
    return { y: ids, classNames: categories };
  }
  const { values } = column, whole = values.every((v) => Number.isInteger(v) && v >= 0), most = values.reduce((m, v) => Math.max(m, v), 0);
  if (outputs === 1) return column.type === 'boolean' || (whole && most === 1) ? { y: values, classNames: column.type === 'boolean' ? ['false', 'true'] : ['0', '1'] } : { y: values, classNames: null };
  if (!whole || most >= outputs) throw new UsageError(`${path}: column '${label}' holds ${whole ? `numbers up to ${most}` : 'quantities'}, but the model gives ${outputs} numbers; the label must be a class from 0 to ${outputs - 1}`);
  return { y: values, classNames: column.type === 'boolean' && outputs === 2 ? ['false', 'true'] : numbered(outputs) };
}
const numbered = (count: number): string[] => Array.from({ length: count }, (_, c) => String(c));
