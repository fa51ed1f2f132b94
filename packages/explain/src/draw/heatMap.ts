/** An attribution as one drawing: a picture under its heat map, a grid of steps and features, bars, or a coloured text. */
import type { Attribution } from '../types.ts';
import { barChart } from './charts.ts';
import { css, diverging, fullScale, glow, textOn, type Rgb } from './colours.ts';
import { dataUrl, enlarge, heatPixels, inputPixels, perPicture, pngOf, type Pixels } from './pixels.ts';
import { brief, label, standalone, tag, type Drawing } from './svg.ts';

/** The side that pictures are enlarged to, in pixels. */
const SIDE = 224;
const scaleFor = ({ width, height }: Pixels, side = SIDE): number => Math.max(1, Math.round(side / Math.max(width, height)));
const titleOf = (a: Attribution): string => `What counts${a.target === null ? '' : ` for ${className(a)}`}`;
/** The class that is explained, by name where there are names. */
export const className = ({ target, classNames }: Pick<Attribution, 'target' | 'classNames'>): string => (target === null ? 'the score' : classNames?.[target] ?? `class ${target}`);

const picture = (pixels: Pixels, x: number, y: number, width: number, height: number): string =>
  tag('image', { href: dataUrl(pixels), x, y, width, height, style: 'image-rendering: pixelated', preserveAspectRatio: 'none' });

/** From against to for, with the numbers at its ends. */
function legend(a: Attribution, scale: number, x: number, y: number, width: number): string {
  const cells = 40, colour = (t: number): Rgb => (a.signed ? diverging(2 * t - 1) : glow(t));
  const bar = Array.from({ length: cells }, (_, i) => tag('rect', { x: x + (i * width) / cells, y, width: width / cells + 0.3, height: 8, fill: css(colour((i + 0.5) / cells)) })).join('');
  return `${bar}${label(x, y + 21, a.signed ? `${brief(-scale)} against` : '0', { 'font-size': 11 })}${label(x + width, y + 21, a.signed ? `for ${brief(scale)}` : brief(scale), { 'font-size': 11, 'text-anchor': 'end' })}`;
}

function imageDrawing(a: Attribution): Drawing {
  const heat = heatPixels(a), scale = SIDE / Math.max(heat.width, heat.height), w = heat.width * scale, h = heat.height * scale, full = fullScale(perPicture(a.values.dataSync(), a));
  const body = picture(inputPixels(a), 0, 0, w, h) + picture(heat, w + 12, 0, w, h) + legend(a, full, w + 12, h + 10, w) + label(0, h + 31, `${a.kind} ${heat.width} × ${heat.height}`, { 'font-size': 11 });
  return { width: 2 * w + 12, height: h + 36, title: titleOf(a), body };
}
function sequenceDrawing(a: Attribution): Drawing {
  const heat = heatPixels(a), names = a.featureNames, left = names === null ? 76 : Math.max(...names.map((n) => n.length)) * 6.6 + 12, w = Math.max(320, Math.min(560, heat.width * 12)), row = Math.max(6, Math.min(20, 260 / heat.height)), h = row * heat.height;
  const labels = row < 11 ? [] : Array.from({ length: heat.height }, (_, i) => label(left - 6, i * row + row / 2 + 4, names?.[i] ?? `feature ${i}`, { 'text-anchor': 'end', 'font-size': 11 }));
  const steps = [0, heat.width - 1].map((s) => label(left + ((s + 0.5) * w) / heat.width, h + 14, `step ${s}`, { 'text-anchor': s === 0 ? 'start' : 'end', 'font-size': 11 }));
  return { width: left + w, height: h + 52, title: titleOf(a), body: picture(heat, left, 0, w, h) + labels.join('') + steps.join('') + legend(a, fullScale(perPicture(a.values.dataSync(), a)), left, h + 24, Math.min(w, 240)) };
}
function tableDrawing(a: Attribution): Drawing {
  const values = a.values.dataSync(), input = a.input.dataSync();
  return barChart(Array.from(values, (value, i) => ({ name: a.featureNames?.[i] ?? `feature ${i}`, value, note: brief(input[i] ?? 0) })), { title: titleOf(a) });
}
function textDrawing(a: Attribution): Drawing {
  const values = a.values.dataSync(), scale = fullScale(values), width = 456, parts: string[] = [];
  let x = 0, y = 0;
  tokensOf(a).forEach(({ text, index }) => {
    const w = text.length * 7.6 + 12;
    if (x > 0 && x + w > width) { x = 0; y += 40; }
    const number = brief(Number((values[index] ?? 0).toPrecision(2))), v = (values[index] ?? 0) / scale, colour = a.signed ? diverging(v) : glow(Math.abs(v));
    parts.push(tag('rect', { x, y, width: w, height: 24, rx: 3, fill: css(colour) }), label(x + w / 2, y + 16, text, { 'text-anchor': 'middle', 'font-family': 'ui-monospace, monospace', fill: textOn(colour) }), ...(number.length * 5 <= w ? [label(x + w / 2, y + 35, number, { 'text-anchor': 'middle', 'font-size': 9, 'fill-opacity': 0.65 })] : []));
    x += w + 4;
  });
  return { width, height: y + 76, title: titleOf(a), body: parts.join('') + legend(a, scale, 0, y + 46, 240) };
}
/** Tokens that stand for something, with their places; ids where there are no pieces of text. */
export function tokensOf(a: Attribution): { readonly text: string; readonly index: number }[] {
  const ids = a.input.dataSync();
  return Array.from(ids, (id, index) => ({ text: a.tokens === null ? `#${id}` : a.tokens[index] ?? '', index })).filter(({ text }) => text !== '');
}

const DRAWINGS = { image: imageDrawing, sequence: sequenceDrawing, table: tableDrawing, text: textDrawing } as const;
/** The attribution as a part of a page. */
export const drawAttribution = (a: Attribution): Drawing => DRAWINGS[a.kind](a);

/** The attribution as an SVG file. */
export const toSvg = (attribution: Attribution): string => standalone(drawAttribution(attribution));
/**
 * The heat map as the bytes of a PNG file: an image over its darkened input, steps by features, or one row of columns or tokens.
 * @param scale pixels of the file for each place; default so that the longer side has about 240
 */
export function toPng(attribution: Attribution, scale?: number): Uint8Array {
  const pixels = heatPixels(attribution);
  return pngOf(enlarge(pixels, scale ?? scaleFor(pixels)));
}
