/** A chart as text: curves in dots of Braille cells (2 × 4 to a character), axes labelled. */
import { axis, bounds, short, type Chart } from './chart.ts';

const DOTS = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]] as const;

/** @param size cells of the drawing; default 64 × 14 */
export function textChart(chart: Chart, size: { readonly columns?: number; readonly rows?: number } = {}): string {
  const { columns = 64, rows = 14 } = size, { xs, ys } = bounds(chart), ax = axis(xs, chart.x.log === true, 5), ay = axis(ys, chart.y.log === true, 4, chart.y.range);
  const cells = Array.from({ length: rows }, () => new Uint8Array(columns)), w = columns * 2 - 1, h = rows * 4 - 1;
  const dot = (x: number, y: number): void => {
    const row = cells[Math.floor(y / 4)], column = Math.floor(x / 2);
    if (row !== undefined && column >= 0 && column < columns) row[column] = (row[column] ?? 0) | (DOTS[y % 4]?.[x % 2] ?? 0);
  };
  const at = (x: number, y: number): [number, number] => [Math.round(ax.place(x) * w), Math.round((1 - ay.place(y)) * h)];
  for (const s of chart.series) {
    let before: [number, number] | null = null;
    s.x.forEach((x, i) => {
      const y = s.y[i] ?? Number.NaN;
      if (!Number.isFinite(y) || ay.place(y) < -0.001 || ay.place(y) > 1.001) { before = null; return; }
      const here = at(x, y), from = s.style === 'points' ? here : before ?? here, steps = Math.max(1, Math.abs(here[0] - from[0]), Math.abs(here[1] - from[1]));
      for (let k = 0; k <= steps; k++) dot(Math.round(from[0] + ((here[0] - from[0]) * k) / steps), Math.round(from[1] + ((here[1] - from[1]) * k) / steps));
      before = here;
    });
  }
  for (const { x } of chart.marks ?? []) for (let y = 0; y <= h; y += 2) dot(Math.round(ax.place(x) * w), y);
  const labels = new Map(ay.ticks.map((t) => [Math.min(rows - 1, Math.max(0, Math.round((1 - ay.place(t)) * (rows - 1)))), short(t)])), margin = Math.max(...[...labels.values()].map((t) => t.length));
  const lines = cells.map((row, r) => `${(labels.get(r) ?? '').padStart(margin)} ${labels.has(r) ? '┤' : '│'}${[...row].map((c) => String.fromCodePoint(0x2800 + c)).join('').replaceAll('\u2800', ' ').trimEnd()}`);
  const below = new Array<string>(columns + margin + 10).fill(' ');
  for (const t of ax.ticks) [...short(t)].forEach((c, k, all) => { const place = margin + 2 + Math.round(ax.place(t) * (columns - 1)) - Math.floor(all.length / 2) + k; if (place >= 0 && place < below.length) below[place] = c; });
  const marks = (chart.marks ?? []).map((m) => m.label).join(', ');
  return [chart.title, ...lines, `${' '.repeat(margin)} └${'─'.repeat(columns)}`, below.join('').trimEnd(), `${' '.repeat(margin + 2)}${chart.x.label}${marks === '' ? '' : `  (┊ ${marks})`}`].join('\n');
}
