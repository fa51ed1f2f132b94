/** Explanations in the terminal. */
import { factsOf, humanName, type Attribution, type Calibration, type Counterfactual, type Explanation, type NearestExamples, type PartialDependence, type PermutationImportance, type TemperatureScaling } from '@limelight/explain';
import { textChart } from '@limelight/tune';
import Table from 'cli-table3';
import pc from 'picocolors';
import { drawPicture } from '../terminal/picture.ts';

const SHOWN = 12;
const table = (head?: readonly string[]): Table.Table => new Table({ ...(head === undefined ? {} : { head: head.map((h) => pc.dim(h)) }), style: { head: [], border: [] }, chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' } });
const short = (x: number): string => String(Number(x.toPrecision(4)));
const percent = (x: number): string => `${(100 * x).toFixed(1)} %`;
function facts(title: string, list: readonly (readonly [string, string])[]): void {
  const rows = table();
  rows.push([pc.bold('method'), pc.bold(title)], ...list.map(([name, value]) => [name, value]));
  console.log(rows.toString());
}
const classOf = (names: readonly string[] | null) => (i: number | null): string => (i === null ? '–' : names?.[i] ?? `class ${i}`);
const barOf = (value: number, most: number): string => { const bar = '█'.repeat(Math.round((20 * Math.abs(value)) / (most || 1))); return value >= 0 ? pc.red(bar) : pc.blue(bar); };

/** @param classNames where the data have them */
export function printExplanation(e: Explanation, classNames: readonly string[] | null): void {
  if ('values' in e) { printAttribution(e); return; }
  switch (e.method) {
    case 'calibration': printCalibration(e); return;
    case 'counterfactual': printCounterfactual(e); return;
    case 'nearestExamples': printNeighbours(e, classNames); return;
    case 'partialDependence': printDependence(e); return;
    case 'permutationImportance': printImportance(e); return;
    case 'temperatureScaling': printTemperature(e);
  }
}
function printAttribution(a: Attribution): void {
  facts(humanName(a.method), factsOf(a));
  const values = a.values.dataSync(), [height = 1, width = 1] = a.values.shape;
  if (a.kind === 'image') {
    const each = values.length / (height * width), sums = Float64Array.from({ length: height * width }, (_, i) => values.subarray(i * each, (i + 1) * each).reduce((s, v) => s + v, 0)), most = sums.reduce((m, v) => Math.max(m, Math.abs(v)), 0) || 1;
    if (width <= 80) for (const line of drawPicture({ width, height, pixels: sums.map((v) => 255 * Math.sqrt(Math.abs(v) / most)) }, pc.isColorSupported)) console.log(line);
    return;
  }
  const parts = Array.from(values, (value, i) => ({ value, i })).toSorted((p, q) => Math.abs(q.value) - Math.abs(p.value)).slice(0, SHOWN), most = Math.abs(parts[0]?.value ?? 0);
  const rows = table([a.kind === 'text' ? 'token' : 'feature', 'value', 'counts', '']), input = a.input.dataSync(), columns = a.values.shape.at(-1) ?? 1;
  for (const { value, i } of parts) {
    const name = a.kind === 'text' ? a.tokens?.[i] ?? `place ${i}` : a.kind === 'sequence' ? `step ${Math.floor(i / columns)}, ${a.featureNames?.[i % columns] ?? `feature ${i % columns}`}` : a.featureNames?.[i] ?? `feature ${i}`;
    rows.push([name, short(input[i] ?? 0), value.toPrecision(3), barOf(value, most)]);
  }
  console.log(rows.toString());
}
function printCounterfactual(c: Counterfactual): void {
  const name = classOf(c.classNames);
  facts(humanName(c.method), [
    ['now', name(c.from)], [c.found ? 'would become' : 'wanted, not found', name(c.wanted)], ['changes', `${c.changes.length} of ${c.input.size}, distance ${c.distance.toPrecision(3)}`],
    ['random changes of equal size', `${c.faithfulness.flips} of ${c.faithfulness.tries} change the class`],
  ]);
  if (c.kind === 'image') return;
  const rows = table(['feature', 'now', 'then']);
  for (const change of c.changes.slice(0, SHOWN)) rows.push([change.name, short(change.from), short(change.to)]);
  console.log(rows.toString());
}
function printNeighbours(n: NearestExamples, classNames: readonly string[] | null): void {
  const name = classOf(n.classNames ?? classNames);
  facts(humanName(n.method), [['compared by', `layer ${n.layer}, ${n.metric}`], ...(n.faithfulness === null ? [] : [['the model says the same of', `${percent(n.faithfulness.value)} of them (of all examples: ${percent(n.faithfulness.control)})`] as const])]);
  const rows = table(['example', 'label', 'read as', 'distance']);
  for (const one of n.neighbours) rows.push([`no. ${one.index}`, name(one.label), name(one.predicted), one.distance.toPrecision(3)]);
  console.log(rows.toString());
}
function printDependence(p: PartialDependence): void {
  const [first = new Float64Array()] = p.grid, name = p.features.map((f) => f.name).join(' and ');
  facts(humanName(p.method), [['of', name], ...(p.target === null ? [] : [['score of', classOf(p.classNames)(p.target)] as const]), ['samples', String(p.individual.length / Math.max(1, p.average.length))], ['spoken for', `${percent(p.faithfulness.value)} of the variation of single samples (curve in random orders: ${percent(p.faithfulness.control)})`]]);
  if (p.grid.length === 1) console.log(textChart({ title: 'Mean score', x: { label: name }, y: { label: 'score' }, series: [{ name: 'mean', x: [...first], y: [...p.average] }] }));
  else console.log('The grid of both columns is drawn on the page.');
}
function printImportance(p: PermutationImportance): void {
  const f = p.faithfulness, listed = p.columns.toSorted((a, b) => b.mean - a.mean).slice(0, SHOWN), most = Math.max(...listed.map((c) => Math.abs(c.mean)));
  facts(humanName(p.method), [[p.metric, short(p.score)], ['shuffles of each column', String(p.repeats)], ['faithfulness', f === null ? 'not measured' : `${f.value.toFixed(2)} (beats ${f.beats} of ${f.orders} random orders)`]]);
  const rows = table(['column', 'fall when shuffled', `${(100 * p.confidence).toFixed(0)} % interval`, '']);
  for (const c of listed) rows.push([c.name, c.mean.toPrecision(3), `${c.low.toPrecision(2)} to ${c.high.toPrecision(2)}`, barOf(c.mean, most)]);
  console.log(rows.toString());
  if (p.columns.length > listed.length) console.log(pc.dim(`and ${p.columns.length - listed.length} more`));
}
const errorText = (c: Calibration): string => `${percent(c.expectedError)} (chance alone: ${percent(c.control.mean)})`;
function printCalibration(c: Calibration): void {
  facts(humanName(c.method), [['expected error (ECE)', errorText(c)], ['largest error', percent(c.largestError)], ['Brier score', short(c.brier)], ['samples', String(c.samples)]]);
  const rows = table(['says', 'is right', 'samples']);
  for (const b of c.bins) rows.push([percent(b.confidence), percent(b.accuracy), String(b.count)]);
  console.log(rows.toString());
}
const printTemperature = (t: TemperatureScaling): void => facts(humanName(t.method), [
  ['temperature', `${short(t.temperature)}: the model is ${t.temperature > 1 ? 'too sure' : 'not sure enough'}`], ['loss', `${short(t.lossBefore)} to ${short(t.lossAfter)}`], ['expected error (ECE)', `${percent(t.before.expectedError)} to ${percent(t.after.expectedError)}`], ['samples', String(t.before.samples)],
]);
