/**
 * What a catalogue says of an item as a short list of numbers: attributes, franchise, numbers by tenths of the catalogue, words of title and text, each hashed into one of `buckets` rows of a table (Weinberger et al. 2009,
 * "Feature hashing for large scale multitask learning"). So a word that training never saw has a place too, and nothing grows.
 */
import type { Catalogue, CatalogueItem } from '../../log/catalogue.ts';
import type { Vocabulary } from '../../log/vocabulary.ts';

/** For each name of a number the bounds of its tenths. */
export type Bounds = Readonly<Record<string, readonly number[]>>;

/** FNV-1a, 32 bits, over UTF-16. */
function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  return (h ^ (h >>> 13)) >>> 0;
}
const words = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu)?.filter((word) => word.length > 1) ?? [];

export function boundsOf(catalogue: Catalogue): Bounds {
  const values = new Map<string, number[]>();
  for (const { numbers } of catalogue) {
    for (const [name, value] of Object.entries(numbers ?? {})) {
      if (!Number.isFinite(value)) continue;
      const list = values.get(name) ?? [];
      if (list.length === 0) values.set(name, list);
      list.push(value);
    }
  }
  return Object.fromEntries([...values].map(([name, list]) => {
    const sorted = Float64Array.from(list).sort();
    return [name, [...new Set(Array.from({ length: 9 }, (_, i) => sorted[Math.floor(((i + 1) * sorted.length) / 10)] ?? 0))]];
  }));
}

/** Features of one item, the telling ones first. */
function featuresOf({ attributes, franchise, numbers, title, text }: CatalogueItem, bounds: Bounds): string[] {
  const list: string[] = [];
  for (const [name, values] of Object.entries(attributes ?? {})) for (const value of values) list.push(`attribute ${name} ${value}`);
  if (franchise !== undefined) list.push(`franchise ${franchise}`);
  for (const [name, value] of Object.entries(numbers ?? {})) if (Number.isFinite(value)) list.push(`number ${name} ${(bounds[name] ?? []).filter((bound) => value >= bound).length}`);
  for (const word of words(title ?? '')) list.push(`title ${word}`);
  for (const word of words(text ?? '')) list.push(`text ${word}`);
  return [...new Set(list)];
}

/**
 * items x `most` numbers of the table's rows, 0 where an item has fewer features (rows of features are 1 to `buckets`).
 * @param before what was known of the first items; an item that the catalogue has is made anew
 */
export function featureTable(items: Vocabulary, catalogue: Catalogue | null, bounds: Bounds, most: number, buckets: number, before: Int32Array = new Int32Array(0)): Int32Array {
  const table = new Int32Array(items.size * most);
  table.set(before);
  items.ids.forEach((id, item) => {
    const found = catalogue?.get(id);
    if (found === undefined) return;
    const row = table.subarray(item * most, (item + 1) * most).fill(0);
    featuresOf(found, bounds).slice(0, most).forEach((feature, i) => { row[i] = 1 + (hash(feature) % buckets); });
  });
  return table;
}
