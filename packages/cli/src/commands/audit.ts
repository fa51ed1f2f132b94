/** `limelight audit FILE|mnist`: what is wrong with data, before a model learns from them. Also folders with one subfolder of images for each class. */
import { writeFileSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import pc from 'picocolors';
import { audit as auditData, auditHtml, formatAudit, openTable, type AuditData, type AuditProgress, type Table } from '@limelight/data';
import { Interrupted, UsageError } from '../errors.ts';
import { onInterrupt } from '../interrupt.ts';
import { checkWritable } from '../output.ts';
import { loadData, tell, useThreads } from './shared.ts';

export interface AuditCommandOptions {
  readonly label?: string;
  readonly test?: string;
  readonly html?: string;
  readonly json: boolean;
  readonly samples?: number;
  readonly missing?: readonly string[];
  readonly folds?: number;
  readonly seed: number;
  readonly threads?: number;
}

interface Loaded { readonly data: AuditData; readonly test?: AuditData; readonly name: string }

async function load(source: string, options: AuditCommandOptions, signal: AbortSignal): Promise<Loaded> {
  if (source === 'mnist') {
    if (options.label !== undefined || options.test !== undefined) throw new UsageError('mnist has its labels and test images already; leave out --label and --test');
    const { train, test } = await loadData('mnist'), n = Math.min(options.samples ?? Infinity, train.y.data.length), m = Math.min(options.samples ?? Infinity, test.y.data.length);
    const part = (split: typeof train, rows: number): AuditData => ({ x: { data: split.x.data.subarray(0, rows * 784), shape: [rows, 28, 28] }, y: split.y.data.subarray(0, rows) });
    return { data: part(train, n), test: part(test, m), name: 'mnist' };
  }
  const read = (path: string, schema?: Table['schema']): Promise<Table> => openTable(path, {
    strict: false, ...(options.missing === undefined ? {} : { missing: options.missing }), ...(schema === undefined ? {} : { schema }),
  }).read({ signal, ...(options.samples === undefined ? {} : { limit: options.samples }) });
  const data = await read(source);
  if (options.label !== undefined) data.column(options.label); // a name that is not there is told before the work
  // The test file keeps its own words; the checks compare words, not ids.
  return options.test === undefined ? { data, name: source } : { data, test: await read(options.test), name: source };
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
    const { data, test, name } = await load(source, options, interrupt.signal);
    const report = await auditData(data, {
      name, seed: options.seed, signal: interrupt.signal, onProgress: line.show, ...(test === undefined ? {} : { test }), ...(options.label === undefined ? {} : { label: options.label }), ...(options.folds === undefined ? {} : { folds: options.folds }),
    });
    line.end();
    console.log(options.json ? JSON.stringify(report) : formatAudit(report, { style: pc }));
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
