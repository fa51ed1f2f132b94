/** The report's part on a model that predicts a quantity: predicted against true, how the errors lie, the largest of them. */
import type { Labelled } from '../labelled.ts';
import type { Part } from './classes.ts';
import { brief, dot, plot, polyline, room } from './charts.ts';
import { rowTable, rowText } from './rows.ts';

const DOTS = 800, BINS = 24;

export function quantityPart(data: Labelled, outputs: Float32Array, mistakes: number): Part {
  const n = data.rows, errors = Float64Array.from({ length: n }, (_, i) => (outputs[i] ?? 0) - (data.y[i] ?? 0)), y = Array.from(data.y), mean = y.reduce((s, v) => s + v, 0) / n;
  const absolute = errors.reduce((s, e) => s + Math.abs(e), 0) / n, square = errors.reduce((s, e) => s + e * e, 0) / n, variance = y.reduce((s, v) => s + (v - mean) ** 2, 0) / n;
  const order = Array.from({ length: n }, (_, i) => i).sort((a, b) => Math.abs(errors[b] ?? 0) - Math.abs(errors[a] ?? 0));
  return {
    missing: ['What it confuses: the model predicts a quantity, not classes.'],
    figures: [{ name: 'off on average', value: brief(absolute) }, { name: 'root mean square', value: brief(Math.sqrt(square)) }, ...(variance > 0 ? [{ name: 'R²', value: (1 - square / variance).toFixed(3) }] : [])],
    sections: [
      { title: 'Predicted and true', note: `${data.table?.label ?? 'The quantity'} in ${n.toLocaleString('en')} rows of ${data.name}.`, html: `<div class="row">${scatter(y, outputs)}${histogram(errors)}</div>` },
      { title: 'Worst mistakes', note: 'The rows on which the model is furthest off.', html: rowTable(['says', 'is', 'off by', 'row'], order.slice(0, mistakes).map((i) => [`<b class="wrong">${brief(outputs[i] ?? 0)}</b>`, brief(y[i] ?? 0), brief(errors[i] ?? 0), rowText(data.table, i)])) },
    ],
  };
}
function scatter(y: readonly number[], outputs: Float32Array): string {
  const step = Math.max(1, Math.ceil(y.length / DOTS)), shown = y.map((_, i) => i).filter((i) => i % step === 0), both = room([...y, ...outputs], 0.04);
  return plot({ title: 'Predicted against true', x: { ...both, label: 'true' }, y: both, height: 300, legend: [{ name: step === 1 ? 'row' : `row (one in ${step})`, look: 'l1 round' }, { name: 'equal', look: 'l0' }] }, (px, py) =>
    shown.map((i) => dot(px(y[i] ?? 0), py(outputs[i] ?? 0), 'l1 faint', 2.6, `row ${i}: ${brief(outputs[i] ?? 0)} for ${brief(y[i] ?? 0)}`)).join('') + polyline([[px(both.low), py(both.low)], [px(both.high), py(both.high)]], 'l0 solid'));
}
function histogram(errors: Float64Array): string {
  const { low, high } = room([...errors], 0), counts = new Array<number>(BINS).fill(0), width = (high - low) / BINS || 1;
  for (const e of errors) { const b = Math.min(BINS - 1, Math.max(0, Math.floor((e - low) / width))); counts[b] = (counts[b] ?? 0) + 1; }
  return plot({ title: 'Errors: predicted less true', x: { low, high, label: 'error' }, y: { low: 0, high: 1.08 * Math.max(...counts) }, height: 300 }, (px, py) => counts.map((c, b) => `<rect class="column" x="${(px(low + b * width) + 0.5).toFixed(1)}" y="${py(c).toFixed(1)}" width="${Math.max(0.5, px(low + (b + 1) * width) - px(low + b * width) - 1).toFixed(1)}" height="${(py(0) - py(c)).toFixed(1)}"><title>${c} rows</title></rect>`).join(''));
}
