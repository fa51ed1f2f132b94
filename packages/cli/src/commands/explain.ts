/** `limelight explain MODEL INPUT`: why a saved model says what it says about an input: numbers in the terminal, heat maps as PNG and SVG, a page as HTML. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { counterfactual, explain as explainInput, factsOf, humanName, methodFor, methodNames, toHtml, toPng, toSvg, type Attribution, type Counterfactual, type MethodName } from '@limelight/explain';
import { isTensor, type Model } from '@limelight/core';
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
type Method = MethodName | 'counterfactual';
const METHODS: readonly string[] = [...methodNames, 'counterfactual'];

function methodsFrom(text: string | undefined, model: Model, background: unknown): Method[] {
  if (text === undefined) return [methodFor(model, background === undefined ? {} : { background })];
  const names = text.split(',').map((name) => name.trim()).filter((name) => name !== '');
  for (const name of names) if (!METHODS.includes(name)) throw new UsageError(`--method ${name}: there is no such method; there are ${METHODS.join(', ')}`);
  if (names.length === 0) throw new UsageError('--method: name at least one');
  return [...new Set(names)] as Method[];
}

export async function explain(modelPath: string, inputPath: string, options: ExplainCommandOptions): Promise<void> {
  const base = options.out.replace(/\.(png|svg|html)$/i, '');
  checkWritable(`${base}.html`, '--out');
  useThreads(options.threads);
  const model = await readModel(modelPath), input = await readInput(model, inputPath, options.row, tell), rows = options.background === undefined ? undefined : readRows(options.background);
  const names = input.names ?? rows?.names, methods = methodsFrom(options.method, model, rows?.values), found: (Attribution | Counterfactual)[] = [], interrupt = onInterrupt(tell);
  try {
    for (const method of methods) {
      const common = { signal: interrupt.signal, ...given({ background: rows?.values, featureNames: names, onProgress: progress(method) }) };
      found.push(method === 'counterfactual' ? await counterfactual(model, input.value, { ...common, ...given({ wanted: options.target }) })
        : await explainInput(model, input.value, { ...common, method, ...given({ target: options.target, steps: options.steps, samples: options.samples, layer: options.layer }) }));
      if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
    }
  } catch (error) {
    if (!interrupt.signal.aborted) throw error;
    throw new Interrupted('stopped; nothing was written');
  } finally {
    interrupt.release();
  }
  const files = writeFiles(base, found, `${inputPath}: what ${model.name} sees`);
  if (options.json) { console.log(JSON.stringify(found.map((one, i) => ({ ...one, files: { ...files.each[i], html: files.html } })), plain, 2)); return; }
  for (const one of found) { if ('values' in one) printAttribution(one); else printCounterfactual(one); }
  for (const path of files.all) console.log(`Written: ${path}`);
}
/** What of a record is given. */
const given = <T extends object>(record: T): { [K in keyof T]: Exclude<T[K], undefined> } => Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as { [K in keyof T]: Exclude<T[K], undefined> };
const progress = (method: string): ((done: number) => void) | undefined => (process.stderr.isTTY ? (done) => { process.stderr.write(`\r${humanName(method)} ${(100 * done).toFixed(0).padStart(3)} %`); } : undefined);
/** Tensors and typed arrays as JSON. */
const plain = (_key: string, value: unknown): unknown => (isTensor(value) ? value.array() : ArrayBuffer.isView(value) ? Array.from(value as Float32Array) : value);

interface Written { readonly png?: string; readonly svg?: string }
function writeFiles(base: string, found: readonly (Attribution | Counterfactual)[], title: string): { all: string[]; html: string; each: Written[] } {
  mkdirSync(dirname(base), { recursive: true });
  const all: string[] = [], put = (path: string, data: string | Uint8Array): string => { writeFileSync(path, data); all.push(path); return path; };
  const each = found.map((one): Written => {
    if (!('values' in one)) return {};
    const own = found.length === 1 ? base : `${base}-${one.method}`;
    return { png: put(`${own}.png`, toPng(one)), svg: put(`${own}.svg`, toSvg(one)) };
  });
  return { each, html: put(`${base}.html`, toHtml(found, { title })), all };
}
const table = (head?: readonly string[]): Table.Table => new Table({ ...(head === undefined ? {} : { head: head.map((h) => pc.dim(h)) }), style: { head: [], border: [] }, chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' } });
const printFacts = (title: string, facts: readonly (readonly [string, string])[]): void => {
  const rows = table();
  rows.push([pc.bold('method'), pc.bold(title)], ...facts.map(([name, value]) => [name, value]));
  console.log(rows.toString());
};

function printAttribution(a: Attribution): void {
  printFacts(humanName(a.method), factsOf(a));
  const values = a.values.dataSync(), [height = 1, width = 1] = a.values.shape;
  if (a.kind === 'image') {
    const each = values.length / (height * width), sums = Float64Array.from({ length: height * width }, (_, i) => values.subarray(i * each, (i + 1) * each).reduce((s, v) => s + v, 0)), most = sums.reduce((m, v) => Math.max(m, Math.abs(v)), 0) || 1;
    if (width <= 80) for (const line of drawPicture({ width, height, pixels: sums.map((v) => 255 * Math.sqrt(Math.abs(v) / most)) }, pc.isColorSupported)) console.log(line);
    return;
  }
  const parts = Array.from(values, (value, i) => ({ value, i })).toSorted((p, q) => Math.abs(q.value) - Math.abs(p.value)).slice(0, 12), most = Math.abs(parts[0]?.value ?? 0) || 1;
  const rows = table([a.kind === 'text' ? 'token' : 'feature', 'value', 'counts', '']), input = a.input.dataSync(), columns = a.values.shape.at(-1) ?? 1;
  for (const { value, i } of parts) {
    const bar = '█'.repeat(Math.round((20 * Math.abs(value)) / most));
    const name = a.kind === 'text' ? a.tokens?.[i] ?? `place ${i}` : a.kind === 'sequence' ? `step ${Math.floor(i / columns)}, ${a.featureNames?.[i % columns] ?? `feature ${i % columns}`}` : a.featureNames?.[i] ?? `feature ${i}`;
    rows.push([name, short(input[i] ?? 0), value.toPrecision(3), value >= 0 ? pc.red(bar) : pc.blue(bar)]);
  }
  console.log(rows.toString());
}
function printCounterfactual(c: Counterfactual): void {
  const name = (i: number): string => c.classNames?.[i] ?? `class ${i}`;
  printFacts(humanName(c.method), [
    ['now', name(c.from)], [c.found ? 'would become' : 'wanted, not found', name(c.wanted)], ['changes', `${c.changes.length} of ${c.input.size}, distance ${c.distance.toPrecision(3)}`],
    ['random changes of equal size', `${c.faithfulness.flips} of ${c.faithfulness.tries} change the class`],
  ]);
  if (c.kind === 'image') return;
  const rows = table(['feature', 'now', 'then']);
  for (const change of c.changes.slice(0, 12)) rows.push([change.name, short(change.from), short(change.to)]);
  console.log(rows.toString());
}
const short = (x: number): string => String(Number(x.toPrecision(5)));
