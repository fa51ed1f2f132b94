/** Samples that come twice, exactly or nearly; samples of the test data that are in the training data; equal inputs with different labels. */
import { isNumeric, type TableColumn } from '../table/column.ts';
import { nearDirections, nearPoints } from './nearVectors.ts';
import { nearTexts } from './nearTexts.ts';
import { robustScale } from './statistics.ts';
import type { Samples } from './samples.ts';
import type { Duplicates, Leakage, Pair } from './types.ts';
import { smallImages, unitRows, type Vectors } from './vectors.ts';

/** Likeness from which samples are nearly equal: correlation of images at 16 × 16, shared runs of words of texts, distance of numbers in deviations. */
const IMAGES = 0.995, TEXTS = 0.8, TOLERANCE = 0.01;
const MOST_PAIRS = 1000, MOST_GROUPS = 100;

/** The label's class of a sample; training and test samples in one row of numbers. */
interface Together { readonly samples: Samples; readonly test: Samples | null; readonly rows: number; readonly columns: readonly TableColumn[]; labelOf(row: number): number }

function together(samples: Samples, test: Samples | null, leaveOut: ReadonlySet<string>): Together {
  const columns = samples.columns.filter((column) => !leaveOut.has(column.name) && (test === null || test.columns.some((other) => other.name === column.name)));
  return { samples, test, columns, rows: samples.rows + (test?.rows ?? 0), labelOf: (row) => (row < samples.rows ? samples.labels?.ids[row] : test?.labels?.ids[row - samples.rows]) ?? -1 };
}

/** Each row's content as a key: equal keys are equal samples. */
function keysOf({ samples, test, rows, columns }: Together): string[] {
  const keys: string[] = [];
  for (const part of test === null ? [samples] : [samples, test]) {
    if (part.images !== null) {
      const { data, height, width, channels } = part.images, size = height * width * channels, bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength), per = size * data.BYTES_PER_ELEMENT;
      const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
      for (let row = 0; row < part.rows; row++) keys.push(text.toString('latin1', row * per, (row + 1) * per));
    } else if (part.texts !== null) {
      for (const text of part.texts) keys.push((text ?? '').trim().replaceAll(/\s+/g, ' '));
    } else {
      const own = columns.map((column) => part.columns.find((c) => c.name === column.name));
      for (let row = 0; row < part.rows; row++) keys.push(own.map((column) => textOf(column, row)).join('\u0001'));
    }
  }
  return keys.slice(0, rows);
}
function textOf(column: TableColumn | undefined, row: number): string {
  if (column === undefined) return '';
  return isNumeric(column) ? String(column.values[row]) : column.type === 'text' ? column.texts[row] ?? '\u0000' : column.categories[column.ids[row] ?? -1] ?? '\u0000';
}

function nearOf(all: Together, seed: number): Pair[] {
  const { samples, test, rows } = all;
  if (samples.texts !== null) return nearTexts([...samples.texts, ...test?.texts ?? []], TEXTS);
  if (samples.images !== null) {
    const small = (part: Samples): Float32Array => (part.images === null ? new Float32Array(0) : smallImages(part.images, part.rows, 16).data), own = small(samples), other = test === null ? new Float32Array(0) : small(test);
    const data = new Float32Array(own.length + other.length);
    data.set(own);
    data.set(other, own.length);
    return nearDirections(unitRows({ data, rows, width: data.length / Math.max(1, rows) }), IMAGES, seed);
  }
  return nearPoints(...pointsOf(all), TOLERANCE, seed);
}

/** Numbers in robust deviations, and all else (also which numbers are missing) as one text. */
function pointsOf({ samples, test, rows, columns }: Together): [Vectors, string[]] {
  const numbers = columns.filter(isNumeric), data = new Float32Array(rows * numbers.length), rest = new Array<string>(rows).fill('');
  for (const column of columns) {
    const other = test?.columns.find((c) => c.name === column.name), at = numbers.indexOf(column as (typeof numbers)[number]);
    const { median, scale } = isNumeric(column) ? robustScale(column.values.filter((v) => Number.isFinite(v))) : { median: 0, scale: 1 };
    for (let row = 0; row < rows; row++) {
      const own = row < samples.rows ? column : other, i = row < samples.rows ? row : row - samples.rows;
      if (at < 0) { rest[row] += `${textOf(own, i)}\u0001`; continue; }
      const v = own !== undefined && isNumeric(own) ? own.values[i] ?? Number.NaN : Number.NaN;
      if (Number.isFinite(v)) data[row * numbers.length + at] = (v - median) / (scale || 1); else rest[row] += `${at}:${v}\u0001`;
    }
  }
  return [{ data, rows, width: numbers.length }, rest];
}

export function findDuplicates(samples: Samples, test: Samples | null, leaveOut: ReadonlySet<string>, seed: number): { readonly duplicates: Duplicates; readonly leakage: Leakage | null } {
  const all = together(samples, test, leaveOut), n = samples.rows, keys = keysOf(all), first = new Map<string, number[]>();
  keys.forEach((key, row) => { const group = first.get(key); if (group === undefined) first.set(key, [row]); else group.push(row); });
  const groups = [...first.values()].filter((group) => group.length > 1), exactOf = (a: number, b: number): boolean => keys[a] === keys[b];
  const inTrain = groups.map((group) => group.filter((row) => row < n)).filter((group) => group.length > 1).sort((a, b) => b.length - a.length);
  const near = all.columns.length === 0 && samples.kind === 'table' ? [] : nearOf(all, seed).filter(({ a, b }) => !exactOf(a, b));

  const contradictions = new Set<number>();
  const differ = (a: number, b: number): boolean => all.labelOf(a) >= 0 && all.labelOf(b) >= 0 && all.labelOf(a) !== all.labelOf(b);
  for (const group of inTrain) if (group.some((row) => differ(row, group[0] ?? 0))) for (const row of group) contradictions.add(row);
  // Nearly equal numbers may well have different labels; nearly equal pictures and texts should not.
  if (samples.kind !== 'table') for (const { a, b } of near) if (b < n && differ(a, b)) { contradictions.add(a); contradictions.add(b); }

  const nearTrain = near.filter(({ b }) => b < n), exactRows = inTrain.flatMap((group) => group.slice(1)).sort((a, b) => a - b);
  const duplicates: Duplicates = {
    exact: exactRows.length, near: nearTrain.length, groups: inTrain.slice(0, MOST_GROUPS), nearPairs: nearTrain.slice(0, MOST_PAIRS), extra: exactRows,
    contradictions: [...contradictions].sort((a, b) => a - b), ignoredColumns: [...leaveOut],
  };
  if (test === null) return { duplicates, leakage: null };
  const exact = groups.flatMap((group) => { const [own] = group; return own !== undefined && own < n ? group.filter((row) => row >= n).map((row): Pair => ({ a: own, b: row - n, likeness: 1 })) : []; });
  const exactTest = new Set(exact.map(({ b }) => b));
  const nearTest = near.flatMap(({ a, b, likeness }) => (a < n && b >= n && !exactTest.has(b - n) ? [{ a, b: b - n, likeness }] : []));
  return { duplicates, leakage: {
    exact: exactTest.size, near: new Set(nearTest.map(({ b }) => b)).size, pairs: [...exact, ...nearTest].slice(0, MOST_PAIRS), testRows: [...new Set([...exactTest, ...nearTest.map(({ b }) => b)])].sort((a, b) => a - b),
  } };
}
