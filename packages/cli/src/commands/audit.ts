/** `limelight audit`: what is wrong with data, before a model learns from them: a table, a folder of images or texts with a subfolder for each class, or mnist. */
import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import pc from 'picocolors';
import { audit as auditData, auditHtml, formatAudit, openTable, type AuditData, type AuditProgress, type AuditReport, type Table } from '@limelight/data';
import { Interrupted, UsageError } from '../errors.ts';
import { onInterrupt } from '../interrupt.ts';
import { readSampleFolder, type SampleFolder } from '../folder.ts';
import { checkWritable } from '../output.ts';
import { loadData, tell, useThreads } from './shared.ts';

export interface AuditCommandOptions {
  readonly label?: string;
  readonly test?: string;
  readonly imageSize?: readonly [number, number];
  readonly html?: string;
  readonly json: boolean;
  readonly samples?: number;
  readonly missing?: readonly string[];
  readonly folds?: number;
  readonly seed: number;
  readonly threads?: number;
}

interface Loaded { readonly data: AuditData; readonly test?: AuditData; readonly name: string; /** of folders: the file of each sample */ readonly files?: readonly string[]; readonly testFiles?: readonly string[] }

async function load(source: string, options: AuditCommandOptions, signal: AbortSignal): Promise<Loaded> {
  if (source === 'mnist') {
    if (options.label !== undefined || options.test !== undefined) throw new UsageError('mnist has its labels and test images already; leave out --label and --test');
    const { train, test } = await loadData('mnist'), n = Math.min(options.samples ?? Infinity, train.y.data.length), m = Math.min(options.samples ?? Infinity, test.y.data.length);
    const part = (split: typeof train, rows: number): AuditData => ({ x: { data: split.x.data.subarray(0, rows * 784), shape: [rows, 28, 28] }, y: split.y.data.subarray(0, rows) });
    return { data: part(train, n), test: part(test, m), name: 'mnist' };
  }
  if (isFolder(source)) return loadFolders(source, options, signal);
  if (options.imageSize !== undefined) throw new UsageError('--image-size is for folders of images');
  if (options.test !== undefined && isFolder(options.test)) throw new UsageError(`--test ${options.test} is a folder, but ${source} is not; both must be of one kind`);
  const read = (path: string, schema?: Table['schema']): Promise<Table> => openTable(path, {
    strict: false, ...(options.missing === undefined ? {} : { missing: options.missing }), ...(schema === undefined ? {} : { schema }),
  }).read({ signal, ...(options.samples === undefined ? {} : { limit: options.samples }) });
  const data = await read(source);
  if (options.label !== undefined) data.column(options.label); // a name that is not there is told before the work
  // The test file keeps its own words; the checks compare words, not ids.
  return options.test === undefined ? { data, name: source } : { data, test: await read(options.test), name: source };
}

const isFolder = (path: string): boolean => existsSync(path) && statSync(path).isDirectory();

async function loadFolders(source: string, options: AuditCommandOptions, signal: AbortSignal): Promise<Loaded> {
  const { label, missing, test, samples, imageSize } = options;
  if (label !== undefined || missing !== undefined) throw new UsageError(`${source} is a folder: its subfolders are the labels; leave out ${label === undefined ? '--missing' : '--label'}`);
  if (test !== undefined && !isFolder(test)) throw new UsageError(`--test ${test}: ${source} is a folder, so the test data must be one too`);
  const given = { signal, ...(samples === undefined ? {} : { samples }), ...(imageSize === undefined ? {} : { imageSize }) }, own = await readSampleFolder(source, given);
  const other = test === undefined ? null : await readSampleFolder(test, { ...given, like: own });
  for (const { notes } of [own, other].filter((one): one is SampleFolder => one !== null)) for (const note of notes) tell(note);
  return { data: own.data, name: source, files: own.files, ...(other === null ? {} : { test: other.data, testFiles: other.files }) };
}

const FILES = 20;
/** The files of the samples that the findings name; test samples after the others. */
function filesOf({ findings, labels }: AuditReport, files: readonly string[], testFiles: readonly string[]): string[] {
  const named = (test: boolean): number[] => findings.filter((f) => (f.check === 'leakage') === test).flatMap((f) => f.rows.slice(0, 10));
  const first = (rows: readonly number[]): number[] => [...new Set(rows)].slice(0, FILES).sort((a, b) => a - b), own = first([...(labels?.issues.slice(0, 10).map((i) => i.row) ?? []), ...named(false)]), other = first(named(true));
  const list = [...own.map((row) => [String(row), files[row] ?? ''] as const), ...other.map((row) => [`test ${row}`, testFiles[row] ?? ''] as const)], width = Math.max(0, ...list.map(([row]) => row.length));
  return list.length === 0 ? [] : ['', pc.bold('Files'), ...list.map(([row, path]) => `  ${row.padStart(width)}  ${path}`)];
}

const STAGES = { columns: 'columns', duplicates: 'repeats', classes: 'classes', outliers: 'outliers', drift: 'training against test', labels: 'labels' } as const satisfies Record<AuditProgress['check'], string>;

/** A line that is written over on a terminal; elsewhere one line per check. */
function progressLine(): { show(progress: AuditProgress): void; end(): void } {
  const live = process.stderr.isTTY === true;
  let last = '';
  return {
    show: ({ check, done }) => {
      const text = `${STAGES[check]} ${live && done > 0 && done < 1 ? `${'━'.repeat(Math.round(24 * done)).padEnd(24, '╌')} ${Math.round(100 * done)} %` : '…'}`;
      if (live) process.stderr.write(`\r\x1b[2K${pc.dim(text)}`);
      else if (check !== last) tell(text);
      last = check;
    },
    end: () => { if (live) process.stderr.write('\r\x1b[2K'); },
  };
}

export async function audit(source: string, options: AuditCommandOptions): Promise<void> {
  if (options.html !== undefined) checkWritable(options.html, '--html');
  useThreads(options.threads);
  const interrupt = onInterrupt(tell), line = progressLine();
  try {
    const { data, test, name, files, testFiles = [] } = await load(source, options, interrupt.signal);
    const report = await auditData(data, {
      name, seed: options.seed, signal: interrupt.signal, onProgress: line.show, ...(test === undefined ? {} : { test }), ...(options.label === undefined ? {} : { label: options.label }), ...(options.folds === undefined ? {} : { folds: options.folds }),
    });
    line.end();
    console.log(options.json ? JSON.stringify(files === undefined ? report : { ...report, files }) : formatAudit(report, { style: pc }));
    if (!options.json && files !== undefined) for (const text of filesOf(report, files, testFiles)) console.log(text);
    if (options.html !== undefined) {
      mkdirSync(dirname(options.html), { recursive: true });
      writeFileSync(options.html, auditHtml(report, { data }));
      tell(`Page: ${options.html}`);
    }
  } catch (error) {
    line.end();
    if (interrupt.signal.aborted) throw new Interrupted('stopped; nothing was written.');
    throw error;
  } finally {
    interrupt.release();
  }
}
