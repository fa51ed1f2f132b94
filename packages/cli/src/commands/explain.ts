/** `limelight explain MODEL INPUT`: why a saved model says what it says about an input: numbers in the terminal, heat maps as PNG and SVG, a page as HTML. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { explain as explainInput, factsOf, methodFor, methodNames, toHtml, toPng, toSvg, type Attribution, type MethodName } from '@limelight/explain';
import type { Model } from '@limelight/core';
import Table from 'cli-table3';
import pc from 'picocolors';
import { Interrupted, UsageError } from '../errors.ts';
import { onInterrupt } from '../interrupt.ts';
import { checkWritable } from '../output.ts';
import { readInput, readRows } from '../samples.ts';
import { drawPicture } from '../terminal/picture.ts';
import { readModel, tell, useThreads } from './shared.ts';

export interface ExplainCommandOptions {
  readonly method?: string;
  readonly target?: number;
  readonly steps?: number;
  readonly samples?: number;
  readonly layer?: string;
  readonly row: number;
  readonly background?: string;
  readonly out: string;
  readonly json: boolean;
  readonly threads?: number;
}

function methodsFrom(text: string | undefined, model: Model, background: unknown): MethodName[] {
  if (text === undefined) return [methodFor(model, background === undefined ? {} : { background })];
  const names = text.split(',').map((name) => name.trim()).filter((name) => name !== '');
  for (const name of names) if (!(methodNames as readonly string[]).includes(name)) throw new UsageError(`--method ${name}: there is no such method; there are ${methodNames.join(', ')}`);
  if (names.length === 0) throw new UsageError('--method: name at least one');
  return [...new Set(names)] as MethodName[];
}

export async function explain(modelPath: string, inputPath: string, options: ExplainCommandOptions): Promise<void> {
  const base = options.out.replace(/\.(png|svg|html)$/i, '');
  checkWritable(`${base}.html`, '--out');
  useThreads(options.threads);
  const model = await readModel(modelPath), input = await readInput(model, inputPath, options.row, tell);
  const rows = options.background === undefined ? undefined : readRows(options.background), background = rows?.values;
  const names = input.names ?? rows?.names, methods = methodsFrom(options.method, model, background), attributions: Attribution[] = [], interrupt = onInterrupt(tell);
  try {
    for (const method of methods) {
      const show = process.stderr.isTTY ? (done: number): void => { process.stderr.write(`\r${method} ${(100 * done).toFixed(0).padStart(3)} %`); } : undefined;
      attributions.push(await explainInput(model, input.value, {
        method, signal: interrupt.signal, ...(background === undefined ? {} : { background }), ...(names === undefined ? {} : { featureNames: names }), ...(show === undefined ? {} : { onProgress: show }),
        ...(options.target === undefined ? {} : { target: options.target }), ...(options.steps === undefined ? {} : { steps: options.steps }), ...(options.samples === undefined ? {} : { samples: options.samples }), ...(options.layer === undefined ? {} : { layer: options.layer }),
      }));
      if (show !== undefined) process.stderr.write('\r\u001b[K');
    }
  } catch (error) {
    if (!interrupt.signal.aborted) throw error;
    throw new Interrupted('stopped; nothing was written');
  } finally {
    interrupt.release();
  }
  const files = writeFiles(base, attributions, `${inputPath}: what ${model.name} sees`);
  if (options.json) { console.log(JSON.stringify(attributions.map((a, i) => asJson(a, files.each[i] ?? {}, files.html)), null, 2)); return; }
  for (const attribution of attributions) print(attribution);
  for (const path of files.all) console.log(`Written: ${path}`);
}

interface Written { readonly png?: string; readonly svg?: string }
function writeFiles(base: string, attributions: readonly Attribution[], title: string): { all: string[]; html: string; each: Written[] } {
  mkdirSync(dirname(base) || '.', { recursive: true });
  const all: string[] = [], put = (path: string, data: string | Uint8Array): string => { writeFileSync(path, data); all.push(path); return path; };
  const each = attributions.map((a) => {
    const own = attributions.length === 1 ? base : `${base}-${a.method}`;
    return { png: put(`${own}.png`, toPng(a)), svg: put(`${own}.svg`, toSvg(a)) };
  });
  return { each, html: put(`${base}.html`, toHtml(attributions, { title })), all };
}
const asJson = ({ input, values, outputs, ...rest }: Attribution, files: Written, html: string): object => ({ ...rest, outputs: outputs === null ? null : [...outputs], input: input.array(), values: values.array(), files: { ...files, html } });

function print(a: Attribution): void {
  const table = new Table({ style: { head: [], border: [] }, colWidths: [] });
  table.push([pc.bold('method'), pc.bold(a.method)], ...factsOf(a).map(([name, value]) => [name, value]));
  console.log(table.toString());
  const values = a.values.dataSync(), [height = 1, width = 1] = a.values.shape;
  if (a.kind === 'image') {
    const each = values.length / (height * width), sums = Float64Array.from({ length: height * width }, (_, i) => values.subarray(i * each, (i + 1) * each).reduce((s, v) => s + v, 0)), most = sums.reduce((m, v) => Math.max(m, Math.abs(v)), 0) || 1;
    if (width <= 80) for (const line of drawPicture({ width, height, pixels: sums.map((v) => 255 * Math.sqrt(Math.abs(v) / most)) }, pc.isColorSupported)) console.log(line);
    return;
  }
  const parts = Array.from(values, (value, i) => ({ value, i })).toSorted((p, q) => Math.abs(q.value) - Math.abs(p.value)).slice(0, 12), most = Math.abs(parts[0]?.value ?? 0) || 1;
  const rows = new Table({ head: [a.kind === 'text' ? 'token' : 'feature', 'value', 'counts', ''].map((h) => pc.dim(h)), style: { head: [], border: [] } }), input = a.input.dataSync(), columns = a.values.shape.at(-1) ?? 1;
  for (const { value, i } of parts) {
    const bar = '█'.repeat(Math.max(1, Math.round((20 * Math.abs(value)) / most)));
    const name = a.kind === 'text' ? a.tokens?.[i] ?? `place ${i}` : a.kind === 'sequence' ? `step ${Math.floor(i / columns)}, ${a.featureNames?.[i % columns] ?? `feature ${i % columns}`}` : a.featureNames?.[i] ?? `feature ${i}`;
    rows.push([name, String(Number((input[i] ?? 0).toPrecision(6))), value.toPrecision(3), value >= 0 ? pc.red(bar) : pc.blue(bar)]);
  }
  console.log(rows.toString());
}
