/** Drawings of the report as SVG, in the colours of the page (CSS variables), so that they fit light and dark. */

const escape = (text: string): string => text.replaceAll(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c] ?? c);
export { escape };

/** About `count` round numbers from least to most. */
function ticks(least: number, most: number, count: number): number[] {
  const rough = (most - least) / count || 1, power = 10 ** Math.floor(Math.log10(rough)), step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= rough) ?? rough, first = Math.ceil(least / step - 1e-9) * step;
  return Array.from({ length: Math.max(0, Math.floor((most - first) / step + 1e-9) + 1) }, (_, i) => Number((first + i * step).toPrecision(12)));
}
/** One line of a chart. */
export interface Line { readonly name: string; readonly values: readonly number[] }
/** Curves over epochs 1, 2, …; the first line in the accent, further ones dashed. */
export function curves(title: string, lines: readonly Line[]): string {
  const width = 420, height = 240, left = 52, right = 14, top = 14, bottom = 34, all = lines.flatMap((l) => l.values).filter(Number.isFinite), epochs = Math.max(...lines.map((l) => l.values.length));
  const low = Math.min(...all), high = Math.max(...all), room = (high - low || Math.abs(high) || 1) * 0.08, least = low - room, most = high + room;
  const x = (i: number): number => left + (epochs === 1 ? 0.5 : i / (epochs - 1)) * (width - left - right), y = (v: number): number => top + (1 - (v - least) / (most - least)) * (height - top - bottom), n = (v: number): string => v.toFixed(1);
  const across = ticks(least, most, 5).map((v) => `<line class="grid" x1="${left}" x2="${width - right}" y1="${n(y(v))}" y2="${n(y(v))}"/><text class="tick" text-anchor="end" x="${left - 8}" y="${n(y(v) + 4)}">${Number(v.toPrecision(4))}</text>`);
  const along = [...new Set(ticks(1, epochs, 6).map(Math.round))].filter((e) => e >= 1 && e <= epochs).map((e) => `<text class="tick" text-anchor="middle" x="${n(x(e - 1))}" y="${height - 14}">${e}</text>`);
  const drawn = lines.map((line, i) => {
    const points = line.values.map((v, e) => `${n(x(e))},${n(y(v))}`);
    return `<polyline class="line l${i}" points="${points.join(' ')}"/>${line.values.map((v, e) => `<circle class="dot l${i}" cx="${n(x(e))}" cy="${n(y(v))}" r="3"><title>epoch ${e + 1}: ${v.toPrecision(4)}</title></circle>`).join('')}`;
  });
  const legend = lines.length < 2 ? '' : `<p class="legend">${lines.map((l, i) => `<span class="l${i}"></span>${escape(l.name)}`).join(' ')}</p>`;
  return `<figure><figcaption>${escape(title)}</figcaption><svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escape(title)} by epoch">${across.join('')}${along.join('')}${drawn.join('')}</svg>${legend}</figure>`;
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
/** Grey pixels as squares of an SVG, light on dark. */
export function picture(pixels: ArrayLike<number>, height: number, width: number): string {
  const runs: string[] = [];
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) { const v = pixels[y * width + x] ?? 0; if (v > 8) runs.push(`<rect x="${x}" y="${y}" width="1.03" height="1.03" fill="rgb(${v},${v},${v})"/>`); }
  return `<svg class="pixels" viewBox="0 0 ${width} ${height}" shape-rendering="crispEdges"><rect width="${width}" height="${height}" fill="#111"/>${runs.join('')}</svg>`;
}
