/** `limelight explain MODEL [INPUT]`: why a saved model says what it says about an input, or what it leans on over labelled data: numbers in the terminal, heat maps as PNG and SVG, a page as HTML. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { humanName, toHtml, toPng, toSvg, type Explanation } from '@limelight/explain';
import { isTensor, type Model } from '@limelight/core';
import { Interrupted, UsageError } from '../errors.ts';
import { methodsFrom, runMethod, suitingMethods, there, type Given, type MethodSettings } from '../explaining/methods.ts';
import { printExplanation } from '../explaining/print.ts';
import { onInterrupt } from '../interrupt.ts';
import { readLabelled, type Labelled } from '../labelled.ts';
import { checkWritable } from '../output.ts';
import { readInput, readRows } from '../samples.ts';
import { readModel, tell, useThreads } from './shared.ts';

export interface ExplainCommandOptions extends MethodSettings {
  readonly method?: string;
  readonly row: number;
  readonly background?: string;
  /** labelled data: a table, a folder of images or mnist */ readonly data?: string;
  readonly label?: string;
  readonly columns?: readonly string[];
  readonly out: string;
  readonly json: boolean;
  readonly threads?: number;
}

export async function explain(modelPath: string, inputPath: string | undefined, options: ExplainCommandOptions): Promise<void> {
  const base = options.out.replace(/\.(png|svg|html)$/i, ''), asked = methodsFrom(options.method, inputPath !== undefined, options.data !== undefined);
  if (options.data === undefined && (options.label !== undefined || options.columns !== undefined)) throw new UsageError(`--${options.label === undefined ? 'columns' : 'label'} goes with --data FILE`);
  checkWritable(`${base}.html`, '--out');
  useThreads(options.threads);
  const model = await readModel(modelPath), given = await read(model, inputPath, asked?.includes('nearestExamples') === true, options), methods = asked ?? suitingMethods(given), found: Explanation[] = [], interrupt = onInterrupt(tell);
  try {
    for (const method of methods) {
      found.push(await runMethod(method, given, options, { signal: interrupt.signal, ...there({ onProgress: progress(method) }) }));
      if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
    }
  } catch (error) {
    if (!interrupt.signal.aborted) throw error;
    throw new Interrupted('stopped; nothing was written');
  } finally {
    interrupt.release();
  }
  const files = writeFiles(base, found, inputPath === undefined ? `What ${model.name} leans on: ${given.data?.name ?? ''}` : `${inputPath}: what ${model.name} sees`);
  if (options.json) { console.log(JSON.stringify(found.map((one, i) => ({ ...one, files: { ...files.each[i], html: files.html } })), plain, 2)); return; }
  for (const one of found) printExplanation(one, given.data?.classNames ?? null);
  for (const path of files.all) console.log(`Written: ${path}`);
}
async function read(model: Model, inputPath: string | undefined, nearest: boolean, options: ExplainCommandOptions): Promise<Given> {
  const about = there({ label: options.label, columns: options.columns }), data: Labelled | null = options.data === undefined ? null : await readLabelled(model, options.data, about);
  for (const note of data?.notes ?? []) tell(note);
  const input = inputPath === undefined ? null : await readInput(model, inputPath, options.row, tell, data?.table ?? null), rows = options.background === undefined ? undefined : await readRows(options.background);
  // nearest are training examples; for what is measured, held-out images are honest
  const examples = nearest && options.data === 'mnist' ? await readLabelled(model, 'mnist', { split: 'train', ...there({ limit: options.rows }) }) : data;
  return { model, input, data, examples, background: rows?.values, names: input?.names ?? data?.featureNames ?? rows?.names };
}
const progress = (method: string): ((done: number) => void) | undefined => (process.stderr.isTTY ? (done) => { process.stderr.write(`\r${humanName(method)} ${(100 * done).toFixed(0).padStart(3)} %`); } : undefined);
/** Tensors and typed arrays as JSON. */
const plain = (_key: string, value: unknown): unknown => (isTensor(value) ? value.array() : ArrayBuffer.isView(value) ? Array.from(value as Float32Array) : value);

interface Written { readonly png?: string; readonly svg?: string }
function writeFiles(base: string, found: readonly Explanation[], title: string): { all: string[]; html: string; each: Written[] } {
  mkdirSync(dirname(base), { recursive: true });
  const all: string[] = [], put = (path: string, data: string | Uint8Array): string => { writeFileSync(path, data); all.push(path); return path; };
  const each = found.map((one): Written => {
    if (!('values' in one)) return {};
    const own = found.length === 1 ? base : `${base}-${one.method}`;
    return { png: put(`${own}.png`, toPng(one)), svg: put(`${own}.svg`, toSvg(one)) };
  });
  return { each, html: put(`${base}.html`, toHtml(found, { title })), all };
}
