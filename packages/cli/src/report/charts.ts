/** Drawings of the report as SVG, in the colours of the page (CSS variables), so that they fit light and dark. */
export const escape = (text: string): string => text.replaceAll(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c] ?? c);

/** About `count` round numbers from least to most. */
function ticks(least: number, most: number, count: number): number[] {
  const rough = (most - least) / count || 1, power = 10 ** Math.floor(Math.log10(rough)), step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= rough) ?? rough, first = Math.ceil(least / step - 1e-9) * step;
  return Array.from({ length: Math.max(0, Math.floor((most - first) / step + 1e-9) + 1) }, (_, i) => Number((first + i * step).toPrecision(12)));
}
/** Powers of ten, with 2 and 5 between them where these are few. */
function powers(least: number, most: number): number[] {
  const from = Math.floor(Math.log10(least)), to = Math.ceil(Math.log10(most)), all = (digits: readonly number[]): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i).flatMap((e) => digits.map((d) => Number((d * 10 ** e).toPrecision(3)))).filter((t) => t >= least * (1 - 1e-9) && t <= most * (1 + 1e-9));
  return [[1], [1, 3], [1, 2, 5]].map(all).find((t) => t.length >= 3) ?? all([1, 2, 5]);
}
const num = (v: number): string => v.toFixed(1);
/** A number in few characters. */
export const brief = (v: number): string => (v !== 0 && (Math.abs(v) >= 1e5 || Math.abs(v) < 1e-3) ? v.toExponential(1).replace('.0e', 'e').replace('e+', 'e') : String(Number(v.toPrecision(4))));

export interface AxisOptions {
  readonly low: number;
  readonly high: number;
  readonly log?: boolean;
  /** places with words instead of numbers */ readonly words?: readonly string[];
  /** whole numbers only */ readonly whole?: boolean;
  readonly label?: string;
}
export interface PlotOptions { readonly title: string; readonly x: AxisOptions; readonly y: AxisOptions; readonly width?: number; readonly height?: number; readonly legend?: readonly { readonly name: string; readonly look: string }[] }

/** Axes with a drawing on them: `draw` gets the place of values. */
export function plot(options: PlotOptions, draw: (x: (v: number) => number, y: (v: number) => number) => string): string {
  const { title, width = 420, height = 240, legend = [] } = options, right = 14, top = 12, bottom = options.x.label === undefined ? 28 : 42;
  const yTicks = ticks(options.y.low, options.y.high, height < 200 ? 3 : 5).map((v) => [v, brief(v)] as const), left = 16 + 6.4 * Math.max(2, ...yTicks.map(([, text]) => text.length));
  const place = ({ low, high, log = false }: AxisOptions): ((v: number) => number) => (log ? (v) => Math.log(v / low) / Math.log(high / low || 1) : (v) => (v - low) / (high - low || 1));
  const px = place(options.x), py = place(options.y), x = (v: number): number => left + px(v) * (width - left - right), y = (v: number): number => top + (1 - py(v)) * (height - top - bottom);
  const { low, high, log = false, words, whole = false } = options.x, about = width < 300 ? 3 : 6;
  const xTicks = words !== undefined ? words.map((word, i) => [i, word.length > 10 ? `${word.slice(0, 9)}…` : word] as const) : (log ? powers(low, high) : [...new Set(ticks(low, high, about).map((v) => (whole ? Math.round(v) : v)))].filter((v) => v >= low && v <= high)).map((v) => [v, brief(v)] as const);
  const across = yTicks.map(([v, text]) => `<line class="grid" x1="${num(left)}" x2="${width - right}" y1="${num(y(v))}" y2="${num(y(v))}"/><text class="tick" text-anchor="end" x="${num(left - 7)}" y="${num(y(v) + 4)}">${text}</text>`);
  const along = xTicks.map(([v, text]) => `<text class="tick" text-anchor="middle" x="${num(x(v))}" y="${height - bottom + 17}">${escape(text)}</text>`);
  const below = options.x.label === undefined ? '' : `<text class="tick" text-anchor="middle" x="${num((left + width - right) / 2)}" y="${height - 6}">${escape(options.x.label)}</text>`;
  const names = legend.length === 0 ? '' : `<p class="legend">${legend.map(({ name, look }) => `<span class="${look}"></span>${escape(name)}`).join(' ')}</p>`;
  return `<figure><figcaption>${escape(title)}</figcaption><svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escape(title)}">${across.join('')}${along.join('')}${below}${draw(x, y)}</svg>${names}</figure>`;
}
/** From the least to the most of some numbers with a little room. */
export function room(values: readonly number[], part = 0.08): { readonly low: number; readonly high: number } {
  const all = values.filter(Number.isFinite), low = Math.min(...all), high = Math.max(...all), extra = (high - low || Math.abs(high) || 1) * part;
  return all.length === 0 ? { low: 0, high: 1 } : { low: low - extra, high: high + extra };
}
export const polyline = (points: readonly (readonly [number, number])[], look: string): string => `<polyline class="line ${look}" points="${points.map(([a, b]) => `${num(a)},${num(b)}`).join(' ')}"/>`;
export const dot = (x: number, y: number, look: string, radius: number, hint: string): string => `<circle class="dot ${look}" cx="${num(x)}" cy="${num(y)}" r="${radius}"><title>${escape(hint)}</title></circle>`;

/** One line of a chart. */
export interface Line { readonly name: string; readonly values: readonly number[] }
/** Curves over epochs 1, 2, …; the first line in the accent, further ones dashed. */
export function curves(title: string, lines: readonly Line[]): string {
  const epochs = Math.max(...lines.map((l) => l.values.length));
  return plot({
    title, x: { low: epochs === 1 ? 0 : 1, high: epochs === 1 ? 2 : epochs, whole: true, label: 'epoch' }, y: room(lines.flatMap((l) => l.values)), legend: lines.map(({ name }, i) => ({ name, look: `l${i}` })),
  }, (x, y) => lines.map((line, i) => {
    const points = line.values.map((v, e) => [x(e + 1), y(v), v] as const).filter(([, , v]) => Number.isFinite(v));
    return polyline(points.map(([a, b]) => [a, b]), `l${i}`) + line.values.map((v, e) => (Number.isFinite(v) ? dot(x(e + 1), y(v), `l${i}`, epochs > 40 ? 1.5 : 3, `epoch ${e + 1}: ${v.toPrecision(4)}`) : '')).join('');
  }).join(''));
}
export interface Bar { readonly name: string; readonly value: number; /** shown at the end of the bar */ readonly text: string; /** ends of a line of uncertainty */ readonly interval?: readonly [number, number]; readonly bad?: boolean }
/** Bars to the right as rows of a table, so that long names wrap. */
export function bars(list: readonly Bar[]): string {
  const most = Math.max(...list.flatMap((b) => [b.value, ...(b.interval ?? [])]), 1e-12), percent = (v: number): string => `${Math.min(100, Math.max(0, (100 * v) / most)).toFixed(1)}%`;
  const rows = list.map((b) => `<tr><th>${escape(b.name)}</th><td class="bar${b.bad === true ? ' bad' : ''}"><i style="width:${percent(b.value)}"></i>${b.interval === undefined ? '' : `<u style="left:${percent(b.interval[0])};right:calc(100% - ${percent(b.interval[1])})"></u>`}</td><td class="share">${escape(b.text)}</td></tr>`);
  return `<table class="bars">${rows.join('')}</table>`;
}
/** Counts [true][predicted] as a table whose cells are the darker the larger their share of the row. */
export function confusion(counts: readonly (readonly number[])[], names: readonly string[]): string {
  const head = `<tr><th class="corner">is \\ read as</th>${names.map((n) => `<th>${escape(n)}</th>`).join('')}<th>right</th></tr>`;
  const rows = counts.map((row, is) => {
    const total = row.reduce((a, b) => a + b, 0), cells = row.map((count, read) => {
      const share = total === 0 ? 0 : count / total, weight = is === read ? 0.12 + 0.6 * share : Math.min(0.85, 12 * share);
      return count === 0 ? '<td class="none">·</td>' : `<td class="${is === read ? 'yes' : 'no'}" style="--w:${(100 * weight).toFixed(0)}%">${count}</td>`;
    });
    return `<tr><th>${escape(names[is] ?? String(is))}</th>${cells.join('')}<td class="share">${total === 0 ? '–' : `${((100 * (row[is] ?? 0)) / total).toFixed(1)} %`}</td></tr>`;
  });
  return `<div class="wide"><table class="confusion">${head}${rows.join('')}</table></div>`;
}
