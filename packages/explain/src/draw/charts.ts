/** Charts: lines and bars. */
import { INK } from './colours.ts';
import { brief, label, tag, ticks, type Drawing } from './svg.ts';

export interface Series {
  readonly name: string;
  readonly points: readonly (readonly [number, number])[];
  readonly colour: string;
  readonly dashed?: boolean;
  /** thin and pale, without a name in the legend */
  readonly faint?: boolean;
  readonly dots?: boolean;
}
export interface LineChartOptions {
  readonly title: string;
  readonly x: string;
  readonly width?: number;
  readonly height?: number;
  /** extents that must be seen */
  readonly include?: readonly (readonly [number, number])[];
}

/** Lines over two axes. */
export function lineChart(series: readonly Series[], options: LineChartOptions): Drawing {
  const { width = 360, height = 230, title } = options, left = 50, right = 12, top = 30, bottom = 38;
  const all = [...series.flatMap((s) => s.points), ...(options.include ?? [])], xs = all.map(([x]) => x), ys = all.map(([, y]) => y);
  const [x0, x1] = range(xs, 0), [y0, y1] = range(ys, 0.04), w = width - left - right, h = height - top - bottom;
  const px = (x: number): number => left + ((x - x0) / (x1 - x0)) * w, py = (y: number): number => top + h - ((y - y0) / (y1 - y0)) * h;
  const parts = [label(0, 14, title, { 'font-size': 13, 'font-weight': 600 })];
  for (const y of ticks(y0, y1, 4)) parts.push(tag('line', { x1: left, x2: left + w, y1: py(y), y2: py(y), stroke: 'currentColor', 'stroke-opacity': 0.12 }), label(left - 6, py(y) + 4, exact(y), { 'text-anchor': 'end', 'font-size': 11, 'fill-opacity': 0.75 }));
  for (const x of ticks(x0, x1, width < 300 ? 3 : 5)) parts.push(label(px(x), top + h + 15, exact(x), { 'text-anchor': 'middle', 'font-size': 11, 'fill-opacity': 0.75 }));
  parts.push(tag('line', { x1: left, x2: left + w, y1: top + h, y2: top + h, stroke: 'currentColor', 'stroke-opacity': 0.5 }));
  parts.push(label(left + w / 2, height - 6, options.x, { 'text-anchor': 'middle', 'font-size': 11, 'fill-opacity': 0.75 }));
  for (const s of series) {
    parts.push(tag('polyline', {
      points: s.points.map(([x, y]) => `${round(px(x))},${round(py(y))}`).join(' '), fill: 'none', stroke: s.colour, 'stroke-width': s.faint === true ? 0.8 : 2, 'stroke-opacity': s.faint === true ? 0.25 : 1,
      'stroke-linejoin': 'round', 'stroke-dasharray': s.dashed === true ? '5 4' : undefined,
    }));
    if (s.dots === true) parts.push(...s.points.map(([x, y]) => tag('circle', { cx: px(x), cy: py(y), r: 3, fill: s.colour })));
  }
  // the legend stands where the title ends, from the right
  let at = width - right;
  for (const s of series.filter((one) => one.faint !== true).toReversed()) {
    at -= s.name.length * 6.4 + 28;
    parts.push(tag('line', { x1: at, x2: at + 14, y1: 10, y2: 10, stroke: s.colour, 'stroke-width': 2, 'stroke-dasharray': s.dashed === true ? '4 3' : undefined }), label(at + 18, 14, s.name, { 'font-size': 11 }));
  }
  return { width, height, title, body: parts.join('') };
}
/** A round number as it is: ticks that lie near each other must not look the same. */
const exact = (x: number): string => (Math.abs(x) >= 1e5 || (x !== 0 && Math.abs(x) < 1e-4) ? brief(x) : String(Number(x.toPrecision(6))));
const round = (x: number): number => Math.round(x * 10) / 10;
function range(values: readonly number[], margin: number): [number, number] {
  const low = Math.min(...values), high = Math.max(...values), extra = (high - low) * margin || (high === low ? Math.abs(high) * 0.1 || 1 : 0);
  return [low - extra, high + extra];
}

export interface Bar { readonly name: string; readonly value: number; readonly note?: string; readonly interval?: readonly [number, number] }
/** Bars to the right (for) and to the left (against), the longest first; what does not fit is added up in the last. */
export function barChart(bars: readonly Bar[], options: { readonly title: string; readonly most?: number; readonly width?: number; readonly sort?: boolean }): Drawing {
  const { title, most = 16, width = 460 } = options, sorted = options.sort === false ? [...bars] : bars.toSorted((a, b) => Math.abs(b.value) - Math.abs(a.value));
  const shown = sorted.length <= most ? sorted : [...sorted.slice(0, most - 1), { name: `${sorted.length - most + 1} others`, value: sorted.slice(most - 1).reduce((s, b) => s + b.value, 0) }];
  const names = Math.min(190, Math.max(40, ...shown.map((b) => nameOf(b).length * 6.6 + 10))), numbers = 58, line = 22, top = 26;
  const ends = shown.flatMap((b) => [b.value, ...(b.interval ?? [])]), low = Math.min(0, ...ends), high = Math.max(0, ...ends), extent = high - low || 1;
  const inner = width - names - 2 * numbers, px = (v: number): number => names + numbers + ((v - low) / extent) * inner;
  const parts = [label(0, 14, title, { 'font-size': 13, 'font-weight': 600 })];
  shown.forEach((bar, i) => {
    const y = top + i * line, x = Math.min(px(0), px(bar.value)), w = Math.abs(px(bar.value) - px(0)), right = bar.value >= 0;
    parts.push(label(names - 6, y + 14, nameOf(bar), { 'text-anchor': 'end' }));
    parts.push(tag('rect', { x, y: y + 3, width: Math.max(w, 0.5), height: line - 7, rx: 2, fill: right ? INK.for : INK.against }));
    const [from, to] = bar.interval ?? [];
    if (from !== undefined && to !== undefined) parts.push(tag('line', { x1: px(from), x2: px(to), y1: y + line / 2 - 0.5, y2: y + line / 2 - 0.5, stroke: 'currentColor', 'stroke-width': 1.5 }));
    const edge = right ? Math.max(px(bar.value), px(to ?? bar.value)) + 5 : Math.min(px(bar.value), px(from ?? bar.value)) - 5;
    parts.push(label(edge, y + 14, brief(bar.value), { 'text-anchor': right ? 'start' : 'end', 'font-size': 11, 'fill-opacity': 0.8 }));
  });
  const height = top + shown.length * line + 6;
  parts.push(tag('line', { x1: px(0), x2: px(0), y1: top, y2: height - 6, stroke: 'currentColor', 'stroke-opacity': 0.4 }));
  return { width, height, title, body: parts.join('') };
}
const nameOf = (bar: Bar): string => { const full = bar.note === undefined ? bar.name : `${bar.name} = ${bar.note}`; return full.length > 27 ? `${full.slice(0, 26)}…` : full; };
