/** Samples as vectors of numbers: for models (all kinds), for finding what is nearly equal, and for saying what is unusual. */
import type { HostArray } from '@limelight/core';
import { robustScale } from './statistics.ts';
import { isMissing, isNumeric } from '../table/column.ts';
import type { Images, Samples } from './samples.ts';

/** A zeroed array of the same type. Files give Buffers, whose constructor neither zeroes nor is to be used. */
export function arrayLike(array: HostArray, length: number): HostArray {
  if (array instanceof Uint8Array) return new Uint8Array(length);
  return new (array.constructor as new (length: number) => HostArray)(length);
}

export interface Vectors { readonly data: Float32Array; readonly rows: number; readonly width: number }

/** Images in grey, averaged over the areas of `side` × `side` cells (fewer where the image is smaller). Values as in the image. */
export function smallImages(images: Images, rows: number, side: number): Vectors & { readonly height: number; readonly across: number } {
  const { data, height, width, channels } = images, h = Math.min(side, height), w = Math.min(side, width), out = new Float32Array(rows * h * w);
  const axis = (from: number, to: number): { readonly start: number; readonly end: number }[] => Array.from({ length: to }, (_, i) => ({ start: Math.floor((i * from) / to), end: Math.ceil(((i + 1) * from) / to) }));
  const ys = axis(height, h), xs = axis(width, w);
  for (let row = 0, to = 0; row < rows; row++) {
    const base = row * height * width * channels;
    for (const y of ys) {
      for (const x of xs) {
        let sum = 0;
        for (let i = y.start; i < y.end; i++) for (let j = x.start * channels, end = x.end * channels; j < end; j++) sum += data[base + i * width * channels + j] ?? 0;
        out[to++] = sum / ((y.end - y.start) * (x.end - x.start) * channels);
      }
    }
  }
  return { data: out, rows, width: h * w, height: h, across: w };
}

/** Each row without its mean, of length 1; a row of equal values becomes 0. */
export function unitRows({ data, rows, width }: Vectors): Vectors {
  const out = new Float32Array(data.length);
  for (let row = 0; row < rows; row++) {
    let mean = 0, square = 0;
    for (let i = row * width; i < (row + 1) * width; i++) mean += data[i] ?? 0;
    mean /= width;
    for (let i = row * width; i < (row + 1) * width; i++) { const v = (data[i] ?? 0) - mean; out[i] = v; square += v * v; }
    const scale = square > 1e-12 ? 1 / Math.sqrt(square) : 0;
    for (let i = row * width; i < (row + 1) * width; i++) out[i] = (out[i] ?? 0) * scale;
  }
  return { data: out, rows, width };
}

/** Most words of a category that get a place of their own in a vector; the rarer ones share one. */
const MOST_WORDS = 32;

/**
 * A table for a network: numbers in robust deviations from the median (cut at ±8), 0 where missing with a flag beside it, categories one-hot (the
 * commonest words). Scales come from `like` where it is given. Identifiers and texts are left out.
 */
export function tableEncoder(samples: Samples, leaveOut: ReadonlySet<string>): { readonly width: number; encode(of: Samples): Vectors } {
  type Part = { readonly width: number; write(of: Samples, out: Float32Array, at: number, stride: number): void };
  const parts: Part[] = [];
  for (const column of samples.columns) {
    if (column.type === 'text' || leaveOut.has(column.name)) continue;
    const own = (of: Samples): Samples['columns'][number] | undefined => of.columns.find((c) => c.name === column.name);
    if (isNumeric(column)) {
      const finite = column.values.filter((v) => Number.isFinite(v));
      if (finite.length === 0) continue;
      const { median, scale } = robustScale(finite), anyMissing = finite.length < column.values.length, factor = scale > 0 ? 1 / scale : 0;
      parts.push({ width: anyMissing ? 2 : 1, write: (of, out, at, stride) => {
        const values = own(of);
        if (values === undefined || !isNumeric(values)) return;
        for (let row = 0; row < of.rows; row++) {
          const v = values.values[row] ?? Number.NaN, missing = Number.isNaN(v);
          out[row * stride + at] = missing ? 0 : Math.max(-8, Math.min(8, (v - median) * factor));
          if (anyMissing) out[row * stride + at + 1] = missing ? 1 : 0;
        }
      } });
    } else {
      const counts = new Map<string, number>();
      for (const id of column.ids) if (id >= 0) counts.set(column.categories[id] ?? '', (counts.get(column.categories[id] ?? '') ?? 0) + 1);
      const words = [...counts].sort((a, b) => b[1] - a[1]).slice(0, MOST_WORDS).map(([word]) => word), places = new Map(words.map((word, i) => [word, i])), width = words.length + 1;
      parts.push({ width, write: (of, out, at, stride) => {
        const ids = own(of);
        if (ids === undefined || ids.type !== 'category') return;
        const place = ids.categories.map((word) => places.get(word) ?? words.length);
        for (let row = 0; row < of.rows; row++) if (!isMissing(ids, row)) out[row * stride + at + (place[ids.ids[row] ?? 0] ?? words.length)] = 1;
      } });
    }
  }
  const width = parts.reduce((sum, part) => sum + part.width, 0);
  return { width, encode: (of) => {
    const data = new Float32Array(of.rows * width);
    let at = 0;
    for (const part of parts) { part.write(of, data, at, width); at += part.width; }
    return { data, rows: of.rows, width };
  } };
}

/** Words of a text: letters and digits, in lower case. */
export const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

/** FNV-1a of a text, 32 bits. */
export function hashText(text: string, seed = 0x811c_9dc5): number {
  let h = seed >>> 0;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x0100_0193) >>> 0;
  return h;
}

/** Features of samples with names that a person understands: of images brightness, contrast, edges; of texts their length and characters. */
export function describingFeatures(samples: Samples): { readonly name: string; readonly values: Float64Array }[] {
  if (samples.images !== null) return imageFeatures(samples.images, samples.rows);
  if (samples.texts !== null) return textFeatures(samples.texts);
  return samples.columns.flatMap((column) => (isNumeric(column) ? [{ name: column.name, values: column.values }] : []));
}

function imageFeatures({ data, height, width, channels }: Images, rows: number): { name: string; values: Float64Array }[] {
  const size = height * width * channels, brightness = new Float64Array(rows), contrast = new Float64Array(rows), edges = new Float64Array(rows), line = width * channels;
  for (let row = 0; row < rows; row++) {
    let sum = 0, square = 0, steps = 0;
    const base = row * size;
    for (let i = 0; i < size; i++) { const v = data[base + i] ?? 0; sum += v; square += v * v; }
    for (let i = 0; i + line < size; i++) steps += Math.abs((data[base + i] ?? 0) - (data[base + i + line] ?? 0));
    brightness[row] = sum / size;
    contrast[row] = Math.sqrt(Math.max(0, square / size - (sum / size) ** 2));
    edges[row] = steps / size;
  }
  return [{ name: 'brightness', values: brightness }, { name: 'contrast', values: contrast }, { name: 'edges', values: edges }];
}

function textFeatures(texts: readonly (string | null)[]): { name: string; values: Float64Array }[] {
  const length = new Float64Array(texts.length), letters = new Float64Array(texts.length), word = new Float64Array(texts.length), variety = new Float64Array(texts.length);
  texts.forEach((given, row) => {
    const text = given ?? '', words = wordsOf(text), count = text.match(/\p{L}/gu)?.length ?? 0;
    length[row] = Math.log1p(text.length);
    letters[row] = text.length === 0 ? 0 : count / text.length;
    word[row] = words.length === 0 ? 0 : words.reduce((sum, w) => sum + w.length, 0) / words.length;
    variety[row] = words.length === 0 ? 0 : new Set(words).size / words.length;
  });
  return [{ name: 'length (log of characters)', values: length }, { name: 'share of letters', values: letters }, { name: 'mean word length', values: word }, { name: 'share of different words', values: variety }];
}
