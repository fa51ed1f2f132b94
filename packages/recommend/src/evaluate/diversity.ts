/** How different the items of a list are, by their attributes. */
import type { Catalogue } from '../log/catalogue.ts';
import type { Vocabulary } from '../log/vocabulary.ts';

/** Words of an item's attributes, sorted; empty where the catalogue does not know it. */
export const wordsOf = (catalogue: Catalogue, id: string): string[] => Object.entries(catalogue.get(id)?.attributes ?? {}).flatMap(([name, words]) => words.map((word) => `${name}=${word}`)).sort();

/** Shared words over all words, 0 to 1; 0 where both have none. */
export function jaccard(a: Int32Array, b: Int32Array): number {
  let i = 0, j = 0, both = 0;
  while (i < a.length && j < b.length) {
    const x = a[i] as number, y = b[j] as number;
    if (x === y) { both++; i++; j++; } else if (x < y) i++;
    else j++;
  }
  const all = a.length + b.length - both;
  return all === 0 ? 0 : both / all;
}

/** Attributes of each item as ascending numbers of words. */
export function attributeSets(catalogue: Catalogue, items: Vocabulary): Int32Array[] {
  const words = new Map<string, number>(), number = (word: string): number => { const known = words.get(word); if (known !== undefined) return known; words.set(word, words.size); return words.size - 1; };
  return items.ids.map((id) => Int32Array.from(wordsOf(catalogue, id), number).sort());
}

/** Mean of 1 - Jaccard similarity over the pairs of a list. */
export function diversityOf(catalogue: Catalogue, items: Vocabulary): (list: Int32Array) => number {
  const sets = attributeSets(catalogue, items);
  return (list) => {
    let sum = 0, pairs = 0;
    for (let a = 0; a < list.length; a++) for (let b = 0; b < a; b++, pairs++) sum += 1 - jaccard(sets[list[a] as number] as Int32Array, sets[list[b] as number] as Int32Array);
    return sum / pairs;
  };
}
