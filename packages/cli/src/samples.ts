/** One sample from what a command line names: an image file, a row of a CSV or JSON file, or an image of the MNIST test data (mnist:7). */
import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { FormatError, type Model } from '@limelight/core';
import { datasets } from '@limelight/data';
import { UsageError } from './errors.ts';
import { loadColours, loadImage } from './image.ts';

export interface InputSample { readonly value: unknown; readonly names?: readonly string[] }
export interface Rows { readonly values: readonly (readonly number[])[]; readonly names?: readonly string[] }

const show = (shape: readonly (number | null)[]): string => `[${shape.map((d) => d ?? '?').join(', ')}]`;

/** The sample that `path` names, in the shape that the model's input wants. */
export async function readInput(model: Model, path: string, row: number, tell: (line: string) => void): Promise<InputSample> {
  const ports = model.inputPorts ?? [], [port] = ports;
  if (ports.length !== 1 || port === undefined) throw new UsageError(`the model has ${ports.length} inputs (${ports.map((p) => p.name).join(', ')}); only models with one can be explained from the command line`);
  const known = /^mnist:(\d+)$/.exec(path);
  if (known !== null) return { value: await mnistImage(Number(known[1])) };
  const kind = extname(path).toLowerCase();
  if (kind === '.json') return { value: readJson(path) };
  if (kind === '.csv' || kind === '.tsv') {
    const { values, names } = readRows(path), value = values[row];
    if (value === undefined) throw new UsageError(`--row ${row}: ${path} has ${values.length} rows (0 to ${values.length - 1})`);
    return { value, ...(names === undefined ? {} : { names }) };
  }
  const [height, width, channels] = port.shape;
  if (typeof height !== 'number' || typeof width !== 'number' || ![undefined, 1, 3].includes(channels ?? undefined)) {
    throw new UsageError(`the model takes ${show(port.shape)}, which is no image; give a .csv, .tsv or .json file`);
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
function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    throw new FormatError(`cannot read '${path}': ${(error as Error).message}`, { cause: error });
  }
}
function readJson(path: string): unknown {
  try {
    return JSON.parse(readText(path)) as unknown;
  } catch (error) {
    if (error instanceof FormatError) throw error;
    throw new FormatError(`'${path}' is no JSON: ${(error as Error).message}`, { cause: error });
  }
}
/** Rows of numbers from a CSV, TSV or JSON file; a first line that is no numbers names the columns. Throws FormatError for what is no number, with its line. */
export function readRows(path: string): Rows {
  if (extname(path).toLowerCase() === '.json') {
    const value = readJson(path);
    if (!Array.isArray(value) || !value.every((r) => Array.isArray(r))) throw new FormatError(`'${path}' must hold a list of rows: [[…], […]].`);
    return { values: value as number[][] };
  }
  const lines = readText(path).split(/\r?\n/).map((text, i) => ({ text, line: i + 1 })).filter(({ text }) => text.trim() !== ''), between = extname(path).toLowerCase() === '.tsv' ? '\t' : ',';
  const cells = (text: string): string[] => text.split(between).map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));
  const first = cells(lines[0]?.text ?? ''), named = first.some((cell) => cell === '' || !Number.isFinite(Number(cell))), body = named ? lines.slice(1) : lines;
  if (body.length === 0) throw new FormatError(`'${path}' has no rows of numbers.`);
  const values = body.map(({ text, line }) => {
    const own = cells(text);
    if (own.length !== first.length) throw new FormatError(`'${path}', line ${line}: ${own.length} cells, but the first line has ${first.length}.`);
    return own.map((cell, c) => {
      const value = Number(cell);
      if (cell === '' || !Number.isFinite(value)) throw new FormatError(`'${path}', line ${line}, column ${named ? first[c] : c}: '${cell}' is no number.`);
      return value;
    });
  });
  return { values, ...(named ? { names: first } : {}) };
}
