/**
 * The audit of data before anybody learns from them: types, gaps, constant and doubled columns, repeats, leakage, balance, outliers, wrong labels, drift. One call, one
 * typed report (types.ts) with findings and code that mends them; `formatAudit` and `auditHtml` show it.
 */
import { AbortedError, DataError } from '@limelight/core';
import { TableSource } from '../table/source.ts';
import { Table } from '../table/table.ts';
import { classBalance } from './classes.ts';
import { confidentLabels } from './confident.ts';
import { findDrift } from './drift.ts';
import { findDuplicates } from './duplicates.ts';
import { findingsOf } from './findings.ts';
import { outOfFold } from './outOfFold.ts';
import { findOutliers } from './outliers.ts';
import { profileColumns } from './profile.ts';
import { samplesOf, type AuditData, type Samples } from './samples.ts';
import type { AuditReport, Labels } from './types.ts';
import { arrayLike } from './vectors.ts';

export type AuditCheck = 'columns' | 'duplicates' | 'classes' | 'outliers' | 'labels' | 'drift';
export const AUDIT_CHECKS: readonly AuditCheck[] = ['columns', 'duplicates', 'classes', 'outliers', 'labels', 'drift'];

export interface AuditProgress { readonly check: AuditCheck; /** between 0 and 1 */ readonly done: number }
export interface AuditOptions {
  /** the column of a table that is to be predicted */
  readonly label?: string;
  /** test data of the same kind: looked at for leakage and drift */
  readonly test?: AuditData;
  /** what the data are called in the report */
  readonly name?: string;
  /** default all */
  readonly checks?: readonly AuditCheck[];
  /** of the label check; default 5, above 20,000 samples 3 */
  readonly folds?: number;
  /** the same seed gives the same report; default 0 */
  readonly seed?: number;
  readonly onProgress?: (progress: AuditProgress) => void;
  /** stops the audit with AbortedError */
  readonly signal?: AbortSignal;
}

/** Labels are checked from so many labelled samples on, with at least two classes that have `FOLDS` samples or more. */
const LEAST = 40;

/**
 * Audits a Table, a TableSource (read whole), images `{ x: [n, height, width(, channels)], y? }` or texts `{ x: string[], y? }`.
 * The label check trains small networks: seconds for thousands of samples, a minute or two for MNIST.
 * @throws DataError for empty data, labels that are no classes or do not fit; NameError for an unknown label column; AbortedError
 */
export async function audit(data: AuditData, options: AuditOptions = {}): Promise<AuditReport> {
  const started = Date.now(), seed = options.seed ?? 0, wants = (check: AuditCheck): boolean => (options.checks ?? AUDIT_CHECKS).includes(check);
  for (const check of options.checks ?? []) if (!AUDIT_CHECKS.includes(check)) throw new DataError(`audit: there is no check '${check}'; there are ${AUDIT_CHECKS.join(', ')}.`);
  const table = data instanceof TableSource ? await data.read() : data, samples = await samplesOf(table, options.label);
  const test = options.test === undefined ? null : await samplesOf(options.test, options.label, samples);
  if (test !== null) checkFits(samples, test);
  const skipped: string[] = [];
  const begin = async (check: AuditCheck): Promise<boolean> => {
    if (options.signal?.aborted === true) throw new AbortedError();
    if (!wants(check)) return false;
    options.onProgress?.({ check, done: 0 });
    // Lets the terminal and the signal have a turn between the checks.
    await new Promise<void>((resolve) => { setImmediate(resolve); });
    return true;
  };
  const end = (check: AuditCheck): void => options.onProgress?.({ check, done: 1 });

  let columns: AuditReport['columns'] = [];
  if (await begin('columns')) { columns = profileColumns(samples); end('columns'); }
  const leaveOut = new Set(columns.filter((c) => c.identifier).map((c) => c.name));

  let duplicates: AuditReport['duplicates'] = null, leakage: AuditReport['leakage'] = null;
  if (await begin('duplicates')) { ({ duplicates, leakage } = findDuplicates(samples, test, leaveOut, seed)); end('duplicates'); }
  let classes: AuditReport['classes'] = null;
  if (samples.labels !== null && (await begin('classes'))) { classes = classBalance(samples.labels); end('classes'); }
  let outliers: AuditReport['outliers'] = null;
  if (await begin('outliers')) { outliers = findOutliers(samples, seed, leaveOut); end('outliers'); }

  let drift: AuditReport['drift'] = null;
  if (test !== null && (await begin('drift'))) {
    drift = await findDrift(samples, test, leaveOut, { seed, leaveOut, signal: options.signal, onProgress: (done, total) => options.onProgress?.({ check: 'drift', done: done / total }) });
    end('drift');
  }
  let labels: Labels | null = null;
  const why = labelsUnfit(samples);
  if (wants('labels') && why !== null) skipped.push(`labels: ${why}`);
  else if (samples.labels !== null && (await begin('labels'))) {
    const { ids, names } = samples.labels;
    const { probabilities, folds, accuracy } = await outOfFold(samples, ids, names.length, {
      ...(options.folds === undefined ? {} : { folds: options.folds }), seed, leaveOut, signal: options.signal, onProgress: (done, total) => options.onProgress?.({ check: 'labels', done: done / total }),
    });
    const { joint, suspects, noise } = confidentLabels(probabilities, ids, names.length);
    labels = { folds, accuracy, noise, joint, issues: suspects };
    end('labels');
  }

  const name = options.name ?? (data instanceof TableSource ? data.name : samples.kind === 'table' ? 'table' : `${samples.kind}s`);
  const parts = {
    kind: samples.kind, name, rows: samples.rows, testRows: test?.rows ?? null, label: samples.labels?.name ?? samples.target?.name ?? null, seed,
    problems: samples.table?.problems ?? [], columns, duplicates, leakage, classes, outliers, labels, drift, skipped,
  };
  return { ...parts, findings: findingsOf(parts), seconds: (Date.now() - started) / 1000 };
}

function labelsUnfit(samples: Samples): string | null {
  if (samples.labels === null) return samples.target === null ? 'no label was given' : `'${samples.target.name}' is a quantity, not a class`;
  const counts = new Map<number, number>();
  for (const id of samples.labels.ids) if (id >= 0) counts.set(id, (counts.get(id) ?? 0) + 1);
  const labelled = [...counts.values()].reduce((a, b) => a + b, 0);
  if (labelled < LEAST) return `${labelled} labelled samples are too few to tell (at least ${LEAST})`;
  return counts.size < 2 ? 'there is only one class' : null;
}

function checkFits(train: Samples, test: Samples): void {
  if (train.kind !== test.kind) throw new DataError(`audit: the data are a ${train.kind}, the test data a ${test.kind}; both must be of one kind.`);
  if (train.images !== null && test.images !== null) {
    const show = (i: { readonly height: number; readonly width: number; readonly channels: number }): string => `${i.height} × ${i.width} × ${i.channels}`;
    if (show(train.images) !== show(test.images)) throw new DataError(`audit: images are ${show(train.images)}, test images ${show(test.images)}; resize one of them.`);
  }
  if (train.kind === 'table') {
    const missing = train.columns.filter((c) => !test.columns.some((o) => o.name === c.name)).map((c) => c.name);
    if (missing.length === train.columns.length) throw new DataError(`audit: the test table has none of the columns ${missing.join(', ')}.`);
  }
}

/**
 * The data without some rows, in the form in which they came: for the fixes of a report.
 * `data = dropRows(data, report.duplicates.extra)`
 */
export function dropRows<T extends Table | { readonly x: unknown; readonly y?: unknown }>(data: T, rows: Iterable<number>): T {
  if (data instanceof Table) return data.dropRows(rows) as unknown as T;
  const gone = new Set(rows);
  const without = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.filter((_, i) => !gone.has(i));
    const shaped = value as { readonly data?: unknown; readonly shape?: readonly number[] };
    const list = (ArrayBuffer.isView(shaped.data) ? shaped.data : value) as Float32Array, count = shaped.shape?.[0] ?? list.length, size = count === 0 ? 0 : list.length / count;
    const kept = Array.from({ length: count }, (_, i) => i).filter((i) => !gone.has(i)), out = arrayLike(list, kept.length * size);
    kept.forEach((row, i) => out.set(list.subarray(row * size, (row + 1) * size), i * size));
    return ArrayBuffer.isView(shaped.data) ? { ...shaped, data: out, shape: [kept.length, ...(shaped.shape ?? []).slice(1)] } : out;
  };
  return { ...data, x: without(data.x), ...(data.y === undefined ? {} : { y: without(data.y) }) };
}
