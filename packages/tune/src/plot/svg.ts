/** A chart as SVG: light, for a page or a README. The same data give the same bytes. */
import { axis, bounds, PALETTE, short, type Chart } from './chart.ts';

const FONT = 'font-family="system-ui, -apple-system, Segoe UI, Helvetica, Arial, sans-serif"';
const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const n = (v: number): string => String(Number(v.toFixed(1)));

/** @param size default 720 × 400 */
export function svgChart(chart: Chart, size: { readonly width?: number; readonly height?: number } = {}): string {
  const { width = 720, height = 400 } = size, { xs, ys } = bounds(chart), named = chart.series.filter((s) => s.name !== '');
  const widest = Math.max(0, ...named.map((s) => s.name.length)), legend = named.length > 1 ? 44 + widest * 7 : 0;
  const left = 70, right = width - 24 - legend, top = 48, bottom = height - 54;
  const ax = axis(xs, chart.x.log === true, 8), ay = axis(ys, chart.y.log === true, 6, chart.y.range);
  const far = 20, px = (v: number): number => left + Math.min(far, Math.max(-far, ax.place(v))) * (right - left), py = (v: number): number => bottom - Math.min(far, Math.max(-far, ay.place(v))) * (bottom - top);
  const path = (x: readonly number[], y: readonly number[]): string => {
    let pen = 'M';
    return x.map((v, i) => { const w = y[i] ?? Number.NaN; if (!Number.isFinite(w)) { pen = 'M'; return ''; } const part = `${pen}${n(px(v))} ${n(py(w))}`; pen = 'L'; return part; }).join('');
  };
  const out: string[] = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" ${FONT} font-size="12" role="img">`,
    `<title>${escape(chart.title)}</title><rect width="${width}" height="${height}" rx="8" fill="#ffffff"/>`,
    `<text x="${left}" y="28" font-size="16" font-weight="600" fill="#1b1f24">${escape(chart.title)}</text>`,
  ];
  for (const t of ay.ticks) out.push(`<path d="M${left} ${n(py(t))}H${n(right)}" stroke="#e6e8eb"/><text x="${left - 8}" y="${n(py(t) + 4)}" text-anchor="end" fill="#57606a">${short(t)}</text>`);
  for (const t of ax.ticks) out.push(`<path d="M${n(px(t))} ${bottom}v5" stroke="#8c959f"/><text x="${n(px(t))}" y="${bottom + 19}" text-anchor="middle" fill="#57606a">${short(t)}</text>`);
  out.push(`<path d="M${left} ${bottom}H${n(right)}" stroke="#8c959f"/>`);
  out.push(`<text x="${n((left + right) / 2)}" y="${height - 14}" text-anchor="middle" fill="#1b1f24">${escape(chart.x.label)}</text>`);
  out.push(`<text transform="translate(18 ${n((top + bottom) / 2)}) rotate(-90)" text-anchor="middle" fill="#1b1f24">${escape(chart.y.label)}</text>`);
  // What leaves the axes is cut off, not bent along the edge.
  out.push(`<svg x="${left}" y="${top - 4}" width="${n(right - left + 4)}" height="${bottom - top + 6}" viewBox="${left} ${top - 4} ${n(right - left + 4)} ${bottom - top + 6}">`);
  chart.series.forEach((s, i) => {
    const colour = s.colour ?? PALETTE[i % PALETTE.length] ?? '#000';
    if (s.band !== undefined) {
      const up = s.x.map((v, k) => `${n(px(v))} ${n(py(s.band?.high[k] ?? 0))}`), down = s.x.map((v, k) => `${n(px(v))} ${n(py(s.band?.low[k] ?? 0))}`).reverse();
      out.push(`<path d="M${[...up, ...down].join('L')}Z" fill="${colour}" fill-opacity="0.15"/>`);
    }
    if (s.style === 'points') out.push(...s.x.map((v, k) => `<circle cx="${n(px(v))}" cy="${n(py(s.y[k] ?? 0))}" r="3.5" fill="${colour}" fill-opacity="0.8"/>`));
    else out.push(`<path d="${path(s.x, s.y)}" fill="none" stroke="${colour}" stroke-width="${s.style === 'faint' ? 1 : 2.2}" stroke-linejoin="round"${s.style === 'faint' ? ' stroke-opacity="0.35"' : ''}${s.style === 'dashed' ? ' stroke-dasharray="6 4"' : ''}/>`);
  });
  out.push('</svg>');
  for (const { x, label, colour = '#57606a' } of chart.marks ?? []) {
    const at = px(x), flip = at > (left + right) / 2;
    out.push(`<path d="M${n(at)} ${top - 6}V${bottom}" stroke="${colour}" stroke-dasharray="4 3" stroke-width="1.5"/><text x="${n(at + (flip ? -6 : 6))}" y="${top + 6}" text-anchor="${flip ? 'end' : 'start'}" fill="${colour}" font-weight="600" stroke="#fff" stroke-width="3" paint-order="stroke">${escape(label)}</text>`);
  }
  if (legend > 0) named.forEach((s, k) => {
    const i = chart.series.indexOf(s), colour = s.colour ?? PALETTE[i % PALETTE.length] ?? '#000', y = top + 8 + k * 20;
    out.push(`<path d="M${n(right + 16)} ${y - 4}h18" stroke="${colour}" stroke-width="${s.style === 'faint' ? 1 : 2.5}"${s.style === 'dashed' ? ' stroke-dasharray="6 4"' : ''}/><text x="${n(right + 40)}" y="${y}" fill="#1b1f24">${escape(s.name)}</text>`);
  });
  out.push('</svg>');
  return `${out.join('\n')}\n`;
}
