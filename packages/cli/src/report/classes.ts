/** The report's part on a classifier: what it confuses, how sure it is, its worst mistakes, and why. */
import { tensor, type Model } from '@limelight/core';
import { calibrationCurve, explain, faithfulnessText, toPng, type Attribution } from '@limelight/explain';
import type { Labelled } from '../labelled.ts';
import { worstMistakes, type Mistake } from '../terminal/classifier.ts';
import { confusionCounts } from '../terminal/confusion.ts';
import { confusion, dot, escape, plot, polyline } from './charts.ts';
import type { Figure, Section } from './page.ts';
import { picture, pngImage } from './picture.ts';
import { rowTable, rowText } from './rows.ts';

const EXPLAINED = 6;
export interface Predicted { readonly probabilities: Float32Array; readonly classes: number }
export interface Part { readonly figures: readonly Figure[]; readonly sections: readonly Section[]; readonly missing: readonly string[] }

/** Outputs [rows, 1] of a sigmoid as probabilities of two classes; others as they are. */
export function asClasses(outputs: Float32Array, width: number): Predicted {
  if (width > 1) return { probabilities: outputs, classes: width };
  return { classes: 2, probabilities: Float32Array.from({ length: 2 * outputs.length }, (_, i) => { const p = outputs[i >> 1] ?? 0; return i % 2 === 1 ? p : 1 - p; }) };
}
export async function classifierPart(model: Model, data: Labelled, { probabilities, classes }: Predicted, mistakes: number): Promise<Part> {
  const names = data.classNames ?? [], wrong = worstMistakes(data.y, probabilities, classes, data.rows), worst = wrong.slice(0, mistakes), predicted = new Int32Array(data.rows), missing: string[] = [];
  for (let r = 0; r < data.rows; r++) { let best = 0; for (let c = 1; c < classes; c++) if ((probabilities[r * classes + c] ?? 0) > (probabilities[r * classes + best] ?? 0)) best = c; predicted[r] = best; }
  const sections: Section[] = [{ title: 'What it confuses', note: `A row for each true class, a column for what the model reads. ${data.name}.`, html: confusion(confusionCounts(data.y, predicted, classes), names) }];
  const sure = sureness(data, probabilities, classes);
  if (sure === null) missing.push('How sure it is: the outputs are no probabilities (a softmax or sigmoid at the end gives them).'); else sections.push(sure);
  sections.push(await mistakesSection(worst, wrong.length, data, names));
  if (data.kind === 'image' && worst.length > 0) sections.push(await whySection(model, worst.slice(0, EXPLAINED), data, names));
  return { sections, missing, figures: [{ name: 'accuracy', value: `${(100 * (1 - wrong.length / data.rows)).toFixed(2)} %` }, { name: `mistakes of ${data.rows.toLocaleString('en')}`, value: wrong.length.toLocaleString('en') }] };
}
function sureness(data: Labelled, probabilities: Float32Array, classes: number): Section | null {
  let found: ReturnType<typeof calibrationCurve>;
  try {
    found = calibrationCurve(tensor(probabilities, [data.rows, classes]), Array.from(data.y));
  } catch {
    return null;
  }
  const drawn = plot({ title: 'Right, by how sure it is', width: 300, height: 230, x: { low: 0, high: 1, label: 'probability' }, y: { low: 0, high: 1 }, legend: [{ name: 'the model', look: 'l0' }, { name: 'perfect', look: 'l1' }] }, (x, y) =>
    polyline([[x(0), y(0)], [x(1), y(1)]], 'l1') + polyline(found.bins.map((b) => [x(b.confidence), y(b.accuracy)]), 'l0') + found.bins.map((b) => dot(x(b.confidence), y(b.accuracy), 'l0', 2.5 + 4 * Math.sqrt(b.count / data.rows), `${b.count} samples: ${(100 * b.confidence).toFixed(1)} % sure, ${(100 * b.accuracy).toFixed(1)} % right`)).join(''));
  const { expectedError, control, largestError, brier } = found, more = expectedError > control.mean + 2 * control.deviation;
  return {
    title: 'How sure it is', note: 'Of the answers that it gives 80 %, are 80 in 100 right? Larger dots stand for more samples.',
    html: `<div class="row small">${drawn}<dl class="facts"><div><dt>off on average (ECE)</dt><dd>${(100 * expectedError).toFixed(2)} %</dd></div><div><dt>by chance alone</dt><dd>${(100 * control.mean).toFixed(2)} ± ${(100 * control.deviation).toFixed(2)} %${more ? '' : ': no more than that'}</dd></div><div><dt>off at most</dt><dd>${(100 * largestError).toFixed(1)} %</dd></div><div><dt>Brier score</dt><dd>${brier.toPrecision(3)}</dd></div></dl></div>`,
  };
}
const named = (names: readonly string[], c: number): string => escape(names[c] ?? String(c));
const caption = (m: Mistake, names: readonly string[]): string => `<p>reads <b>${named(names, m.predicted)}</b>, is ${named(names, m.label)}<br><small>${(100 * m.confidence).toFixed(1)} % sure<br>no. ${m.index}</small></p>`;

async function mistakesSection(worst: readonly Mistake[], all: number, data: Labelled, names: readonly string[]): Promise<Section> {
  const title = 'Worst mistakes', note = `Of ${all.toLocaleString('en')} mistakes, those on which the model is most surely wrong.`;
  if (worst.length === 0) return { title, html: `<p>${all === 0 ? 'None.' : 'None are shown.'}</p>` };
  if (data.table !== null) return { title, note, html: rowTable(['reads', 'is', 'sure', 'row'], worst.map((m) => [`<b class="wrong">${named(names, m.predicted)}</b>`, named(names, m.label), `${(100 * m.confidence).toFixed(1)} %`, rowText(data.table, m.index)])) };
  const each = await Promise.all(worst.map(async (m) => `<figure>${await picture(data.x, m.index, `no. ${m.index}, ${names[m.label] ?? m.label}`)}${caption(m, names)}</figure>`));
  return { title, note, html: `<div class="gallery">${each.join('')}</div>` };
}
/** Integrated gradients of the class that the model reads, with their faithfulness. */
async function whySection(model: Model, worst: readonly Mistake[], data: Labelled, names: readonly string[]): Promise<Section> {
  const each: string[] = [], size = data.x.data.length / data.rows, binary = model.outputPorts[0]?.shape[0] === 1;
  for (const m of worst) {
    const own = Float32Array.from(data.x.data.subarray(m.index * size, (m.index + 1) * size)), found: Attribution = await explain(model, tensor(own, data.x.shape.slice(1)), { method: 'integratedGradients', target: binary ? 0 : m.predicted });
    each.push(`<figure>${pngImage(toPng(found), `what speaks for ${names[m.predicted] ?? m.predicted}`)}${caption(m, names)}<p><small>faithful ${faithfulnessText(found)}</small></p></figure>`);
  }
  return {
    title: 'Why', note: `Integrated gradients: which pixels speak for ${binary ? 'the second class' : 'the class that the model reads'} (red) and against it (blue). Faithful: 0 is chance, 1 the most there can be; hiding parts in the order of the explanation, against random orders.`, html: `<div class="gallery wider">${each.join('')}</div>`,
  };
}
