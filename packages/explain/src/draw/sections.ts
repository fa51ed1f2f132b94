/** Parts of a page for what is no attribution: importance, dependence, counterfactuals, neighbours, calibration. */
import type { Calibration } from '../calibration/calibrationCurve.ts';
import type { TemperatureScaling } from '../calibration/temperatureScaling.ts';
import type { NearestExamples } from '../global/nearestExamples.ts';
import type { PartialDependence } from '../global/partialDependence.ts';
import type { PermutationImportance } from '../global/permutationImportance.ts';
import type { Counterfactual } from '../perturbation/counterfactual.ts';
import type { Attribution, Explained } from '../types.ts';
import { barChart, lineChart } from './charts.ts';
import { diverging, INK } from './colours.ts';
import { className } from './heatMap.ts';
import { dataUrl, inputPixels, pixelsOf, type Pixels } from './pixels.ts';
import { attributionSection, humanName, page, type Section } from './page.ts';
import { brief, escape, inline, label, tag, type Drawing } from './svg.ts';

/** Everything that a page can show. */
export type Explanation = Attribution | Calibration | Counterfactual | NearestExamples | PartialDependence | PermutationImportance | TemperatureScaling;

function importanceSection(p: PermutationImportance): Section {
  const bars = barChart(p.columns.map((c) => ({ name: c.name, value: c.mean, interval: [c.low, c.high] as const })), { title: `Fall of ${p.metric} when shuffled`, most: 20 }), f = p.faithfulness;
  const curve = f === null ? [] : [inline(lineChart([
    { name: 'random', points: f.control.map((s, i) => [f.fractions[i] ?? 0, s] as const), colour: INK.chance, dashed: true }, { name: 'explained', points: f.scores.map((s, i) => [f.fractions[i] ?? 0, s] as const), colour: INK.against },
  ], { title: 'Shuffled together', x: 'part of columns shuffled', width: 330, height: 220 }))];
  return {
    title: 'Permutation importance', subtitle: `Model ${p.model}. Lines show where the mean lies with ${100 * p.confidence} % confidence.`, figures: [inline(bars), ...curve],
    facts: [[p.metric, brief(p.score)], ['shuffles of each column', String(p.repeats)], ['faithfulness', f === null ? 'not measured' : `${f.value.toFixed(2)} (beats ${f.beats} of ${f.orders} random orders)`]],
  };
}
/** Mean curve over a sample of the individual ones; two features as a grid of colours. */
export function drawDependence(p: PartialDependence): Drawing {
  const [first = new Float64Array(), second] = p.grid, [a, b] = p.features, title = `Score${p.target === null ? '' : ` of ${className(p)}`}`;
  if (second === undefined) {
    const n = first.length, rows = p.individual.length / n, step = Math.max(1, Math.floor(rows / 60));
    const faint = Array.from({ length: Math.min(60, rows) }, (_, k) => ({ name: '', points: Array.from(first, (x, i) => [x, p.individual[k * step * n + i] ?? 0] as const), colour: INK.against, faint: true }));
    return lineChart([...faint, { name: 'mean', points: Array.from(first, (x, i) => [x, p.average[i] ?? 0] as const), colour: INK.for }], { title, x: a?.name ?? '', width: 460, height: 280 });
  }
  const low = Math.min(...p.average), range = Math.max(...p.average) - low || 1, pixels: Pixels = pixelsOf(first.length, second.length, (x, y) => diverging((2 * ((p.average[x * second.length + second.length - 1 - y] ?? 0) - low)) / range - 1));
  const left = 60, top = 24, side = 300;
  return {
    width: left + side, height: top + side + 60, title, body: [
      label(0, 14, title, { 'font-size': 13, 'font-weight': 600 }), tag('image', { href: dataUrl(pixels), x: left, y: top, width: side, height: side, preserveAspectRatio: 'none', style: 'image-rendering: pixelated' }),
      ...[0, first.length - 1].map((i) => label(left + (i === 0 ? 0 : side), top + side + 14, brief(first[i] ?? 0), { 'font-size': 11, 'text-anchor': i === 0 ? 'start' : 'end' })), label(left + side / 2, top + side + 14, a?.name ?? '', { 'font-size': 11, 'text-anchor': 'middle' }),
      ...[0, second.length - 1].map((i) => label(left - 6, top + (i === 0 ? side : 10), brief(second[i] ?? 0), { 'font-size': 11, 'text-anchor': 'end' })), label(left - 6, top + side / 2, b?.name ?? '', { 'font-size': 11, 'text-anchor': 'end' }),
      label(left, top + side + 40, `blue ${brief(low)}, red ${brief(low + range)}`, { 'font-size': 11 }),
    ].join(''),
  };
}
const dependenceSection = (p: PartialDependence): Section => ({
  title: `Partial dependence on ${p.features.map((f) => f.name).join(' and ')}`, subtitle: `Model ${p.model}. What the score would be if all samples had this value.`, figures: [inline(drawDependence(p))],
  facts: [['samples', String(p.individual.length / Math.max(1, p.average.length))], ['spoken for', `${(100 * p.faithfulness.value).toFixed(0)} % of the variation of single samples (curve in random orders: ${(100 * p.faithfulness.control).toFixed(0)} %)`]],
});
const pictureOf = (explained: Explained, caption: string): string => `${tag('img', { src: dataUrl(inputPixels(explained)), width: 150, height: 150, alt: caption, style: 'image-rendering: pixelated; display: block; border-radius: 6px' })}<figcaption>${escape(caption)}</figcaption>`;
function counterfactualSection(c: Counterfactual): Section {
  const named = (target: number): string => className({ target, classNames: c.classNames }), after = { ...c, input: c.counterfactual };
  const table = `<table><tr><th>${c.kind === 'text' ? 'token' : 'feature'}</th><th>now</th><th>then</th></tr>${c.changes.slice(0, 20).map((change) => `<tr><td>${escape(change.name)}</td><td>${brief(change.from)}</td><td>${c.kind === 'text' ? 'taken away' : brief(change.to)}</td></tr>`).join('')}</table>${c.changes.length > 20 ? `<p>and ${c.changes.length - 20} more</p>` : ''}`;
  return {
    title: c.found ? `What would turn ${named(c.from)} into ${named(c.wanted)}?` : `Nothing found that turns ${named(c.from)} into ${named(c.wanted)}`, subtitle: `Model ${c.model} says ${named(c.from)} now.`,
    figures: c.kind === 'image' ? [pictureOf(c, `now: ${named(c.from)}`), pictureOf(after, `changed: ${named(c.to)}`)] : [table],
    facts: [['changes', `${c.changes.length} of ${c.input.size}`], ['distance', brief(c.distance)], ['random changes of equal size', `${c.faithfulness.flips} of ${c.faithfulness.tries} change the class`], ...Array.from(c.outputsAfter, (p, i) => [named(i), `${brief(c.outputs?.[i] ?? 0)} → ${brief(p)}`] as const).filter((_, i) => i === c.from || i === c.wanted)],
  };
}
function neighboursSection(n: NearestExamples): Section {
  const named = (target: number | null): string => (target === null ? '' : className({ target, classNames: n.classNames })), caption = (i: number, label_: number | null, predicted: number | null, d: number): string => `#${i}${label_ === null ? '' : `: ${named(label_)}`}${predicted === null ? '' : `, read as ${named(predicted)}`} (${brief(d)})`;
  const figures = n.kind === 'image' ? [pictureOf(n, 'this one'), ...n.neighbours.map((one) => pictureOf({ ...n, input: one.sample }, caption(one.index, one.label, one.predicted, one.distance)))]
    : [`<table><tr><th>example</th><th>label</th><th>distance</th></tr>${n.neighbours.map((one) => `<tr><td>#${one.index}</td><td>${escape(named(one.label) || '–')}</td><td>${brief(one.distance)}</td></tr>`).join('')}</table>`];
  return {
    title: 'Nearest examples', subtitle: `Model ${n.model}, by what layer ${n.layer} makes of them (${n.metric}).`, figures,
    facts: n.faithfulness === null ? [] : [['the model says the same of', `${(100 * n.faithfulness.value).toFixed(0)} % of them (of all examples: ${(100 * n.faithfulness.control).toFixed(0)} %)`]],
  };
}
/** Accuracy against probability, with the diagonal. */
export const drawCalibration = (c: Calibration, title = 'Reliability'): Drawing => lineChart([
  { name: 'perfect', points: [[0, 0], [1, 1]], colour: INK.chance, dashed: true }, { name: 'model', points: c.bins.map((b) => [b.confidence, b.accuracy] as const), colour: INK.for, dots: true },
], { title, x: 'probability', width: 330, height: 290, include: [[0, 0], [1, 1]] });
const calibrationFacts = (c: Calibration): (readonly [string, string])[] => [
  ['expected error (ECE)', `${(100 * c.expectedError).toFixed(1)} % (chance alone: ${(100 * c.control.mean).toFixed(1)} ± ${(100 * c.control.deviation).toFixed(1)} %)`], ['largest error', `${(100 * c.largestError).toFixed(1)} %`], ['Brier score', brief(c.brier)], ['samples', String(c.samples)],
];
const calibrationSection = (c: Calibration): Section => ({ title: 'Calibration', subtitle: 'Are things that the model gives 80 % right in 80 of 100 cases?', figures: [inline(drawCalibration(c))], facts: calibrationFacts(c) });
const temperatureSection = (t: TemperatureScaling): Section => ({
  title: `Temperature ${brief(t.temperature)}`, subtitle: `Model ${t.model} is ${t.temperature > 1 ? 'too sure' : 'not sure enough'}: its logits are divided by this.`, figures: [inline(drawCalibration(t.before, 'Before')), inline(drawCalibration(t.after, 'After'))],
  facts: [['loss', `${brief(t.lossBefore)} → ${brief(t.lossAfter)}`], ['expected error (ECE)', `${(100 * t.before.expectedError).toFixed(1)} % → ${(100 * t.after.expectedError).toFixed(1)} % (chance alone: ${(100 * t.after.control.mean).toFixed(1)} %)`], ['samples', String(t.before.samples)]],
});

function sectionOf(e: Explanation): Section {
  if ('values' in e) return attributionSection(e);
  switch (e.method) {
    case 'calibration': return calibrationSection(e);
    case 'counterfactual': return counterfactualSection(e);
    case 'nearestExamples': return neighboursSection(e);
    case 'partialDependence': return dependenceSection(e);
    case 'permutationImportance': return importanceSection(e);
    case 'temperatureScaling': return temperatureSection(e);
  }
}
/** Explanations as one HTML file that needs nothing else: no script, no font, no net. Light and dark as the reader has it. */
export function toHtml(explanations: Explanation | readonly Explanation[], options: { readonly title?: string; readonly lead?: string } = {}): string {
  const list = Array.isArray(explanations) ? (explanations as readonly Explanation[]) : [explanations as Explanation];
  return page(options.title ?? (list.length === 1 ? humanName(list[0]?.method ?? '') : 'Explanations'), options.lead ?? `${list.length === 1 ? 'One explanation' : `${list.length} explanations`} with the evidence for ${list.length === 1 ? 'it' : 'each'}.`, list.map(sectionOf));
}
