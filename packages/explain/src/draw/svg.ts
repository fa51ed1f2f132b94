/** Pieces of SVG as text. Text takes the colour of the page (currentColor); a file of its own gets a ground. */
export const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

export interface Drawing { readonly width: number; readonly height: number; readonly body: string; readonly title: string }

const number = (x: number): string => String(Math.round(x * 100) / 100);
/** Attributes; numbers are rounded to hundredths. */
export const attributes = (all: Readonly<Record<string, string | number | undefined>>): string =>
  Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [` ${name}="${typeof value === 'number' ? number(value) : escape(value)}"`])).join('');
export const tag = (name: string, all: Readonly<Record<string, string | number | undefined>>, inside = ''): string => `<${name}${attributes(all)}${inside === '' ? '/>' : `>${inside}</${name}>`}`;
export const label = (x: number, y: number, text: string, all: Readonly<Record<string, string | number | undefined>> = {}): string =>
  tag('text', { x, y, 'font-size': 12, fill: 'currentColor', ...all }, escape(text));

/** Part of a page. */
export const inline = ({ width, height, body, title }: Drawing): string =>
  tag('svg', { viewBox: `0 0 ${number(width)} ${number(height)}`, width, height, role: 'img', 'aria-label': title, 'font-family': 'system-ui, sans-serif' }, body);
/** A file of its own. */
export const standalone = ({ width, height, body, title }: Drawing): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n${tag('svg', { xmlns: 'http://www.w3.org/2000/svg', viewBox: `${-16} ${-16} ${number(width + 32)} ${number(height + 32)}`, width: width + 32, height: height + 32, color: '#1a202c', 'font-family': 'system-ui, sans-serif' },
    `${tag('title', {}, escape(title))}${tag('rect', { x: -16, y: -16, width: width + 32, height: height + 32, fill: '#ffffff' })}${body}`)}\n`;

/** A number in few characters. */
export function brief(x: number): string {
  if (x === 0) return '0';
  const size = Math.abs(x);
  if (size >= 1e5 || size < 1e-4) return x.toExponential(1).replace('e+', 'e');
  return String(Number(x.toPrecision(size >= 1000 ? 4 : 3)));
}
/** A few round numbers between two. */
export function ticks(low: number, high: number, about = 5): number[] {
  const range = high - low;
  if (!(range > 0)) return [low];
  const rough = range / about, power = 10 ** Math.floor(Math.log10(rough)), step = ([1, 2, 2.5, 5, 10].find((m) => m * power >= rough) ?? 10) * power;
  const first = Math.ceil(low / step - 1e-9) * step;
  return Array.from({ length: Math.floor((high - first) / step + 1e-9) + 1 }, (_, i) => Number((first + i * step).toPrecision(12)));
}
