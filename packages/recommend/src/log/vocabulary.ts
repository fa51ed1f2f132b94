/**
 * Ids and their numbers: the first id that is seen is 0. Models and columns hold numbers; ids appear at the edges (requests, files, tables).
 * Promise: a number never changes its id; a vocabulary only grows.
 */
import { ValueError } from '@limelight/core';

export class Vocabulary {
  readonly #ids: string[] = [];
  readonly #places = new Map<string, number>();

  /** A vocabulary of these ids in this order; a double keeps its first place. */
  static of(ids: Iterable<string | number>): Vocabulary {
    const made = new Vocabulary();
    for (const id of ids) made.add(id);
    return made;
  }
  get size(): number { return this.#ids.length; }
  /** ids in the order of their numbers */
  get ids(): readonly string[] { return this.#ids; }
  /** The number of an id; -1 where it is unknown. */
  index(id: string | number): number { return this.#places.get(String(id)) ?? -1; }
  /** The id of a number. @throws ValueError where there is no such number */
  id(index: number): string {
    const id = this.#ids[index];
    if (id === undefined) throw new ValueError(`There are ${this.size} ids, so their numbers are 0 to ${this.size - 1}, not ${index}.`);
    return id;
  }
  /** The number of an id, which is added where it is new. */
  add(id: string | number): number {
    const name = String(id), known = this.#places.get(name);
    if (known !== undefined) return known;
    const index = this.#ids.push(name) - 1;
    this.#places.set(name, index);
    return index;
  }
  copy(): Vocabulary { return Vocabulary.of(this.#ids); }
  /** For each number of `other` the number here, -1 where this vocabulary lacks the id. */
  mapping(other: Vocabulary): Int32Array { return Int32Array.from(other.ids, (id) => this.index(id)); }
  /** This vocabulary with the ids of `other`: itself where they are all known, else a copy that has grown. */
  joined(other: Vocabulary): Vocabulary {
    if (other === this || other.ids.every((id) => this.#places.has(id))) return this;
    const grown = this.copy();
    for (const id of other.ids) grown.add(id);
    return grown;
  }
}
