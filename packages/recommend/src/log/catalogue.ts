/** What is known of items besides who watched them: titles, texts, attributes, licences. Models with features, rules, reports and reasons read it; all of it may be missing. */
import { DataError } from '@limelight/core';

export interface CatalogueItem {
  readonly id: string;
  readonly title?: string;
  /** description */ readonly text?: string;
  /** for example { genre: ['Comedy', 'Drama'], director: ['…'] } */ readonly attributes?: Readonly<Record<string, readonly string[]>>;
  /** year of release, price, length, … */ readonly numbers?: Readonly<Record<string, number>>;
  /** name that parts of one series share */ readonly franchise?: string;
  /** lowest age in years that may watch */ readonly age?: number;
  /** seconds since 1970 from and until which it may be shown */ readonly from?: number;
  readonly until?: number;
}

export class Catalogue {
  readonly #items = new Map<string, CatalogueItem>();
  /** @throws DataError where two items have one id, or an id is empty */
  constructor(items: Iterable<CatalogueItem>) {
    for (const item of items) {
      if (item.id === '') throw new DataError(`Item ${this.#items.size + 1} of the catalogue has no id.`);
      if (this.#items.has(item.id)) throw new DataError(`The catalogue has the item '${item.id}' twice. Leave one out.`);
      this.#items.set(item.id, item);
    }
  }
  get size(): number { return this.#items.size; }
  get ids(): string[] { return [...this.#items.keys()]; }
  get(id: string): CatalogueItem | undefined { return this.#items.get(id); }
  has(id: string): boolean { return this.#items.has(id); }
  /** The title of an item, or its id where there is none. */
  title(id: string): string { return this.#items.get(id)?.title ?? id; }
  [Symbol.iterator](): IterableIterator<CatalogueItem> { return this.#items.values(); }
  /** Those of `ids` that the catalogue lacks. */
  missing(ids: Iterable<string>): string[] { return [...ids].filter((id) => !this.#items.has(id)); }
}
