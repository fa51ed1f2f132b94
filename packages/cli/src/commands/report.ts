/** `limelight report RUN`: one HTML page about a trained model: learning curves, what it confuses, its worst mistakes with explanations, its layers. */
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { tensor, type Model } from '@limelight/core';
import { explain, toPng } from '@limelight/explain';
import type { Split } from '@limelight/data';
import { UsageError } from '../errors.ts';
import { checkWritable } from '../output.ts';
import { confusion, curves, escape, picture } from '../report/charts.ts';
import { reportPage, type Figure, type Section } from '../report/page.ts';
import { argMaxRows, worstMistakes, type Mistake } from '../terminal/classifier.ts';
import { confusionCounts } from '../terminal/confusion.ts';
import { version } from '../version.ts';
import { loadData, readModel, tell, useThreads } from './shared.ts';

export interface ReportOptions { readonly data: 'mnist'; readonly mistakes: number; readonly out?: string; readonly threads?: number }
const SHOWN_EXPLANATIONS = 6;

/** The model file of a run: the file itself, or the only one in the folder. */
export function modelOf(run: string): string {
  if (!existsSync(run)) throw new UsageError(`${run}: there is no such run; give the model file of limelight train, or its folder`);
  if (!statSync(run).isDirectory()) return run;
  const models = readdirSync(run).filter((name) => name.endsWith('.safetensors'));
  if (models.length !== 1) throw new UsageError(`${run}: ${models.length === 0 ? 'there is no .safetensors file in this folder' : `there are ${models.length} models in this folder (${models.join(', ')})`}; give the file of one`);
  return join(run, models[0] ?? '');
}
/** Columns of the history that `limelight train` wrote beside the model; null where there is none. */
export function readHistory(path: string): Map<string, number[]> | null {
  if (!existsSync(path)) return null;
  const [head = '', ...rows] = readFileSync(path, 'utf8').trim().split(/\r?\n/), cells = rows.map((row) => row.split(',').map(Number));
  return new Map(head.split(',').map((name, i) => [name, cells.map((row) => row[i] ?? NaN)]));
}

export async function report(run: string, options: ReportOptions): Promise<void> {
  const path = modelOf(run), out = options.out ?? `${path.replace(/\.safetensors$/, '')}.report.html`;
  checkWritable(out, '--out');
  useThreads(options.threads);
  const model = await readModel(path), { test } = await loadData(options.data), history = readHistory(`${path}.history.csv`);
  tell('predicting …');
  const probabilities = await model.predict(test.x, { batchSize: 256 }), classes = probabilities.shape[1] ?? 0;
  if (probabilities.shape.length !== 2 || classes < 2) throw new UsageError(`${path}: the model gives [${probabilities.shape.join(', ')}], not one probability for each class; reports are for classifiers`);
  const data = probabilities.dataSync(), labels = test.y.data, predicted = argMaxRows(data, classes), names = Array.from({ length: classes }, (_, c) => String(c)), counts = confusionCounts(labels, predicted, classes);
  const right = counts.reduce((sum, row, i) => sum + (row[i] ?? 0), 0) / labels.length, wrong = worstMistakes(labels, data, classes, labels.length), worst = wrong.slice(0, options.mistakes);
  tell('explaining …');
  const sections = [...curvesOf(history), confusionOf(counts, names), mistakesOf(worst, test), await explanationsOf(model, worst.slice(0, SHOWN_EXPLANATIONS), test), layersOf(model)].filter((s) => s !== null);
  const figures: Figure[] = [
    { name: 'accuracy on test data', value: `${(100 * right).toFixed(2)} %` }, { name: `mistakes of ${labels.length.toLocaleString('en')}`, value: String(wrong.length) }, { name: 'parameters', value: model.parameterCount.toLocaleString('en') },
    { name: 'model file', value: `${(statSync(path).size / 1000).toFixed(0)} kB` }, ...(history === null ? [] : [{ name: 'epochs', value: String([...history.values()][0]?.length ?? 0) }]),
  ];
  mkdirSync(dirname(out), { recursive: true });
  writeFileSync(out, reportPage(`Report: ${model.name}`, `${basename(path)} on ${options.data}`, figures, sections, `limelight ${version()}`));
  console.log(`Accuracy: ${right.toFixed(4)}`);
  console.log(`Report: ${out}`);
}

function curvesOf(history: Map<string, number[]> | null): Section[] {
  if (history === null) return [];
  const shown = [...history].filter(([name]) => name !== 'epoch' && name !== 'learning_rate' && !name.startsWith('val_')).map(([name, values]) => {
    const validation = history.get(`val_${name}`);
    return curves(name, [{ name: 'training', values }, ...(validation === undefined ? [] : [{ name: 'validation', values: validation }])]);
  });
  return [{ title: 'Learning curves', note: 'By epoch, over the training data as they were learned from.', html: `<div class="row">${shown.join('')}</div>` }];
}
const confusionOf = (counts: readonly (readonly number[])[], names: readonly string[]): Section => ({ title: 'What it confuses', note: 'A row for each true class, a column for what the model reads.', html: confusion(counts, names) });
const caption = (m: Mistake): string => `<p>reads <b>${m.predicted}</b>, is ${m.label}<br><small>${(100 * m.confidence).toFixed(1)} % sure · image ${m.index}</small></p>`;
function pixelsOf(x: Split['x'], index: number): { readonly pixels: ArrayLike<number>; readonly height: number; readonly width: number } {
  const [, height = 1, width = 1] = x.shape;
  return { pixels: x.data.subarray(index * height * width, (index + 1) * height * width), height, width };
}
function mistakesOf(worst: readonly Mistake[], { x }: Split): Section {
  const each = worst.map((m) => { const { pixels, height, width } = pixelsOf(x, m.index); return `<figure>${picture(pixels, height, width)}${caption(m)}</figure>`; });
  return { title: 'Worst mistakes', note: 'The test images on which the model is most surely wrong.', html: each.length === 0 ? '<p>None.</p>' : `<div class="gallery">${each.join('')}</div>` };
}
/** Why: integrated gradients of the class that the model reads. */
async function explanationsOf(model: Model, worst: readonly Mistake[], { x }: Split): Promise<Section | null> {
  const each: string[] = [];
  for (const m of worst) {
    const { pixels, height, width } = pixelsOf(x, m.index), found = await explain(model, tensor(Float32Array.from(pixels), [height, width]), { method: 'integratedGradients', target: m.predicted });
    each.push(`<figure><img alt="what speaks for ${m.predicted}" src="data:image/png;base64,${Buffer.from(toPng(found)).toString('base64')}">${caption(m)}</figure>`);
  }
  return each.length === 0 ? null : { title: 'Why', note: 'Integrated gradients: which pixels speak for the class that the model reads (red) and against it (blue).', html: `<div class="gallery">${each.join('')}</div>` };
}
function layersOf(model: Model): Section {
  const rows = model.layers.map((l) => `<tr><td>${escape(l.name)}</td><td>${escape(l.className)}</td><td>${l.parameterCount.toLocaleString('en')}</td></tr>`);
  return { title: 'The model', html: `<div class="wide"><table class="plain"><tr><th>layer</th><th>kind</th><th>parameters</th></tr>${rows.join('')}</table></div>` };
}
