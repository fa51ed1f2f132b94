/** `limelight report RUN`: one HTML page about a trained model: learning curves, how well it does on test data and where not, why, what is wrong with its data, how it was tuned. */
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Model } from '@limelight/core';
import { Interrupted, UsageError } from '../errors.ts';
import { onInterrupt } from '../interrupt.ts';
import { outputWidth, readLabelled, type Labelled } from '../labelled.ts';
import { checkWritable } from '../output.ts';
import { curves, escape } from '../report/charts.ts';
import { asClasses, classifierPart } from '../report/classes.ts';
import { columnsSection } from '../report/columns.ts';
import { dataSection } from '../report/data.ts';
import { reportPage, type Figure, type Section } from '../report/page.ts';
import { quantityPart } from '../report/quantity.ts';
import { tuningSections } from '../report/tuning.ts';
import { historyPath, readHistory, readRun, type RunRecord } from '../run.ts';
import { version } from '../version.ts';
import { readModel, tell, useThreads } from './shared.ts';

export interface ReportOptions {
  readonly data: string;
  readonly label?: string;
  readonly columns?: readonly string[];
  readonly journal?: string;
  /** of the training data that are audited; 0: none */ readonly auditSamples: number;
  readonly mistakes: number;
  readonly out?: string;
  readonly threads?: number;
}

/** The model file of a run: the file itself, or the only one in the folder. */
export function modelOf(run: string): string {
  if (!existsSync(run)) throw new UsageError(`${run}: there is no such run; give the model file of limelight train, or its folder`);
  if (!statSync(run).isDirectory()) return run;
  const models = readdirSync(run).filter((name) => name.endsWith('.safetensors'));
  if (models.length !== 1) throw new UsageError(`${run}: ${models.length === 0 ? 'there is no .safetensors file in this folder' : `there are ${models.length} models in this folder (${models.join(', ')})`}; give the file of one`);
  return join(run, models[0] ?? '');
}
const stem = (path: string): string => path.replace(/\.safetensors$/, '');
/** The journal that was given, or one beside the model: of its name, else the only one in the folder. */
export function journalOf(model: string, given: string | undefined): string | null {
  if (given !== undefined) {
    if (!existsSync(given)) throw new UsageError(`--journal ${given}: there is no such file; limelight tune --journal FILE writes it`);
    return given;
  }
  const own = [`${stem(model)}.journal`, `${model}.journal`].find((path) => existsSync(path)), all = readdirSync(dirname(model)).filter((name) => name.endsWith('.journal')), [only] = all;
  return own ?? (all.length === 1 && only !== undefined ? join(dirname(model), only) : null);
}

export async function report(run: string, options: ReportOptions): Promise<void> {
  const path = modelOf(run), out = options.out ?? `${stem(path)}.report.html`, journal = journalOf(path, options.journal);
  checkWritable(out, '--out');
  useThreads(options.threads);
  const tuning = journal === null ? [] : tuningSections(journal, basename(journal)), interrupt = onInterrupt(tell), { signal } = interrupt;
  try {
    const model = await readModel(path), width = outputWidth(model), data = await readLabelled(model, options.data, { ...given('label', options.label), ...given('columns', options.columns), signal }), history = readHistory(historyPath(path)), record = readRun(path);
    tell('predicting …');
    const outputs = (await model.predict(data.x, { batchSize: 256 })).dataSync() as Float32Array;
    tell('explaining …');
    const classes = data.classNames !== null, part = classes ? await classifierPart(model, data, asClasses(outputs, width), options.mistakes) : quantityPart(data, outputs, options.mistakes), missing = [...part.missing];
    const why = data.kind === 'table' ? [await columnsSection(model, data)] : [];
    const audited: Section[] = [];
    if (options.auditSamples === 0) missing.push('The data: left out by --audit-samples 0.');
    else { tell('auditing the data …'); audited.push(await auditOf(model, data, record, options.auditSamples, signal)); }
    if (history === null) missing.push(`Learning curves: there is no ${basename(historyPath(path))}. limelight train writes it; in a program, callbacks.CSVLogger.`);
    else if (![...history.keys()].some((name) => name.startsWith('val_'))) missing.push('Curves of validation: nothing was set aside to validate. limelight train --validation-split 0.1 does; in a program, validationSplit.');
    if (tuning.length === 0) missing.push('Tuning: no journal of trials was given or lies beside the model. limelight tune --journal FILE writes one; then --journal FILE here.');
    const sections = [...curvesOf(history), ...part.sections, ...why, ...audited, ...tuning, modelSection(model, record), ...leftOut(missing)], epochs = [...(history?.values() ?? [])][0]?.length;
    const figures: Figure[] = [...part.figures, { name: 'parameters', value: model.parameterCount.toLocaleString('en') }, { name: 'model file', value: `${(statSync(path).size / 1000).toFixed(0)} kB` }, ...(epochs === undefined ? [] : [{ name: 'epochs', value: String(epochs) }])];
    if (signal.aborted) throw new Interrupted('stopped; nothing was written');
    mkdirSync(dirname(out), { recursive: true });
    writeFileSync(out, reportPage(`Report: ${model.name}`, [`${basename(path)} on ${data.name}`, ...data.notes].join('; '), figures, sections, `limelight ${version()}`));
    for (const { name, value } of part.figures.slice(0, 1)) console.log(`${classes ? 'Accuracy' : name}: ${classes ? (Number.parseFloat(value) / 100).toFixed(4) : value}`);
    console.log(`Report: ${out}`);
    for (const line of missing) tell(`left out: ${line}`);
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new Interrupted('stopped; nothing was written');
  } finally {
    interrupt.release();
  }
}
const given = <K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } => (value === undefined ? {} : { [key]: value }) as { readonly [P in K]?: V };

const SHOWN_ELSEWHERE = new Set(['epoch', 'learning_rate']);
function curvesOf(history: Map<string, number[]> | null): Section[] {
  if (history === null) return [];
  const names = [...history.keys()].filter((name) => !SHOWN_ELSEWHERE.has(name) && !name.startsWith('val_')).toSorted((a, b) => Number(b === 'loss') - Number(a === 'loss')), validated = [...history.keys()].some((name) => name.startsWith('val_'));
  const shown = names.map((name) => {
    const validation = history.get(`val_${name}`);
    return curves(name, [{ name: 'training', values: history.get(name) ?? [] }, ...(validation === undefined ? [] : [{ name: 'validation', values: validation }])]);
  });
  return [{ title: 'Learning curves', note: `By epoch. Training: mean over the epoch, while it was learnt from${validated ? '; validation: after the epoch, on data set aside' : ''}.${bestEpoch(history)}`, html: `<div class="row">${shown.join('')}</div>` }];
}
function bestEpoch(history: Map<string, number[]>): string {
  const losses = history.get('val_loss') ?? [], best = losses.reduce((b, v, i) => (v < (losses[b] ?? Infinity) ? i : b), 0);
  return losses.length < 2 ? '' : ` The lowest validation loss, ${(losses[best] ?? Number.NaN).toPrecision(4)}, is that of epoch ${best + 1}${best === losses.length - 1 ? ', the last: more epochs may help' : ''}.`;
}
/** Of mnist: the training images that the run learnt from, and as many test images; of other data: what was given. Evenly from the start, bounded, and said so. */
async function auditOf(model: Model, data: Labelled, record: RunRecord | null, most: number, signal: AbortSignal): Promise<Section> {
  const seed = record?.seed ?? 0;
  if (data.name.startsWith('mnist')) {
    const all = record?.samples ?? 60_000, train = await readLabelled(model, 'mnist', { split: 'train', limit: Math.min(most, all) }), test = await readLabelled(model, 'mnist', { limit: Math.min(most, 10_000) });
    return dataSection({ data: train.audit, test: test.audit, label: null, seed, signal, what: `the first ${train.rows.toLocaleString('en')} of ${all.toLocaleString('en')} training images against the first ${test.rows.toLocaleString('en')} test images` });
  }
  const own = data.rows <= most ? data : await readLabelled(model, data.name, { limit: most, ...given('label', data.table?.label), ...given('columns', data.table?.features.x), signal });
  return dataSection({ data: own.audit, test: null, label: data.table?.label ?? null, seed, signal, what: own.rows < data.rows ? `${own.rows.toLocaleString('en')} of ${data.rows.toLocaleString('en')} ${data.kind === 'table' ? 'rows' : 'images'} of ${data.name}` : `${data.name}` });
}
function modelSection(model: Model, record: RunRecord | null): Section {
  const rows = model.layers.map((l) => `<tr><td>${escape(l.name)}</td><td>${escape(l.className)}</td><td>${l.parameterCount.toLocaleString('en')}</td></tr>`);
  const note = record === null ? {} : { note: `Trained on ${record.samples.toLocaleString('en')} samples of ${record.dataset}${record.validationSplit > 0 ? `, ${(100 * record.validationSplit).toFixed(0)} % of them set aside to validate` : ''}; ${record.epochs} epochs, batches of ${record.batchSize}, seed ${record.seed}.` };
  return { title: 'The model', ...note, html: `<div class="wide"><table class="plain numbers"><tr><th>layer</th><th>kind</th><th>parameters</th></tr>${rows.join('')}</table></div>` };
}
const leftOut = (missing: readonly string[]): Section[] => (missing.length === 0 ? [] : [{ title: 'Not on this page', html: `<ul class="missing">${missing.map((line) => `<li>${escape(line)}</li>`).join('')}</ul>` }]);
