/** One sample from what a command line names: an image file, a row of a table or a JSON file, or an image of the MNIST test data (mnist:7). And rows of numbers from a table. */
import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { FormatError, type Model } from '@limelight/core';
import { datasets, openCsv, openTable, openTsv, type Table, type TableColumn } from '@limelight/data';
import { UsageError } from './errors.ts';
import { loadColours, loadImage } from './image.ts';
import { onlyPort, type TableInput } from './labelled.ts';

export interface InputSample { readonly value: unknown; readonly names?: readonly string[] }
export interface Rows { readonly values: readonly (readonly number[])[]; readonly names?: readonly string[] }

const show = (shape: readonly (number | null)[]): string => `[${shape.map((d) => d ?? '?').join(', ')}]`;
const TABLE = /\.(csv|tsv|tab|ndjson|jsonl|parquet)(\.gz)?$/i, DELIMITED = /\.(csv|tsv|tab)(\.gz)?$/i;

/**
 * The sample that `path` names, in the shape that the model's input wants.
 * @param data the table that the model learnt from or was given to judge it by: says which columns are read, and the numbers of words
 */
export async function readInput(model: Model, path: string, row: number, tell: (line: string) => void, data: TableInput | null = null): Promise<InputSample> {
  const port = onlyPort(model), known = /^mnist:(\d+)$/.exec(path);
  if (known !== null) return { value: await mnistImage(Number(known[1])) };
  if (extname(path).toLowerCase() === '.json') return { value: readJson(path) };
  if (TABLE.test(path)) return data === null ? numericRow(path, row) : rowLike(path, row, data);
  const [height, width, channels] = port.shape;
  if (typeof height !== 'number' || typeof width !== 'number' || ![undefined, 1, 3].includes(channels ?? undefined)) {
    throw new UsageError(`the model takes ${show(port.shape)}, which is no image; give a .csv, .tsv, .ndjson, .parquet or .json file`);
  }
  if (channels === 3) return { value: { ...await loadColours(path, [height, width]), shape: [height, width, 3] } };
  const image = await loadImage(path, [height, width]);
  tell(`${path}: ${image.width} × ${image.height}, shown to the model as ${width} × ${height}${image.inverted ? '; its ground is light, so it was inverted' : ''}`);
  return { value: { data: image.input.data, shape: port.shape } };
}
async function mnistImage(index: number): Promise<unknown> {
  const { x } = (await datasets.mnist()).test, count = x.shape[0] ?? 0;
  if (index >= count) throw new UsageError(`mnist:${index}: the test data have ${count} images`);
  return x.data.slice(index * 784, (index + 1) * 784);
}
function readJson(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    throw new FormatError(`cannot read '${path}': ${(error as Error).message}`, { cause: error });
  }
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new FormatError(`'${path}' is no JSON: ${(error as Error).message}`, { cause: error });
  }
}

/** A row of another table as the model reads it: the same columns, and words with the same numbers; the label may be missing. */
async function rowLike(path: string, row: number, { table, label, features }: TableInput): Promise<InputSample> {
  const used = new Set(features.x), schema = table.schema, columns = schema.columns.filter((c) => used.has(c.name)).map((c) => (c.type === 'integer' ? { ...c, type: 'number' as const } : c));
  const own = await openTable(path, { schema: { ...schema, columns } }).read();
  checkRow(row, own.rows, path);
  const one = own.take([row]).with({ name: label, type: 'number', values: new Float64Array(1) }), gap = [...used].find((name) => one.row(0)[name] === null);
  if (gap !== undefined) throw new UsageError(`${path}, row ${row}: column '${gap}' has no value; the model needs one`);
  const { x } = one.toArrays(features);
  return { value: Float32Array.from(x.data), names: table.featureNames(features) };
}
function checkRow(row: number, rows: number, path: string): void { if (row >= rows) throw new UsageError(`--row ${row}: ${path} has ${rows} rows (0 to ${rows - 1})`); }
async function numericRow(path: string, row: number): Promise<InputSample> {
  const { values, names } = await readRows(path), value = values[row];
  checkRow(row, values.length, path);
  return { value, ...(names === undefined ? {} : { names }) };
}

/** Rows of numbers from a table or a JSON file; a first line of a CSV or TSV file that is all numbers is a row, not names. Throws FormatError where there is no number. */
export async function readRows(path: string): Promise<Rows> {
  if (extname(path).toLowerCase() === '.json') {
    const value = readJson(path);
    if (!Array.isArray(value) || !value.every((r) => Array.isArray(r))) throw new FormatError(`'${path}' must hold a list of rows: [[…], […]].`);
    return { values: value as number[][] };
  }
  const named = !(await beginsWithNumbers(path)), table = await (named ? openTable(path) : delimited(path, { header: false })).read(), columns = table.columns.map((column) => numbersOf(column, table, path));
  return { values: Array.from({ length: table.rows }, (_, r) => columns.map((c) => c[r] ?? 0)), ...(named ? { names: table.names } : {}) };
}
const delimited = (path: string, options: Parameters<typeof openCsv>[1]): ReturnType<typeof openCsv> => (/\.csv(\.gz)?$/i.test(path) ? openCsv(path, options) : openTsv(path, options));
async function beginsWithNumbers(path: string): Promise<boolean> {
  return DELIMITED.test(path) && (await delimited(path, { header: false, sampleRows: 1, strict: false }).schema()).columns.every(({ type }) => type === 'integer' || type === 'number');
}
function numbersOf(column: TableColumn, table: Table, path: string): Float64Array {
  if (column.type === 'category' || column.type === 'text') {
    const word = Array.from({ length: table.rows }, (_, r) => table.row(r)[column.name]).find((v) => v !== null);
    throw new FormatError(`'${path}': column '${column.name}' holds words ('${String(word)}'), and the model takes numbers. Give the data with which it is judged, --data FILE --label COLUMN: they say how words become numbers.`);
  }
  const gap = column.values.findIndex((v) => !Number.isFinite(v));
  if (gap >= 0) throw new FormatError(`'${path}': column '${column.name}' has no number in row ${gap}.`);
  return column.values;
}
