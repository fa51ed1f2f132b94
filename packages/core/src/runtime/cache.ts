/**
 * Caches of compiled programs: one program for each signature. The least recently used one is released when a cache is full, so that inputs
 * of ever new shapes cannot fill the memory.
 */
import { showShape } from '../base/shape.ts';
import type { TensorType } from '../ir/types.ts';

/** Text that is equal for equal shapes and dtypes; `extra` tells programs apart that differ in more than their inputs (mode, options). */
export function signatureOf(types: readonly TensorType[], extra = ''): string {
  return `${extra}|${types.map((type) => `${type.dtype}${showShape(type.shape)}`).join(';')}`;
}

export class ProgramCache<C extends { release(): void }> {
  readonly limit: number;
  private readonly entries = new Map<string, C>();
  /** @param limit most programs kept, default 64 */
  constructor(limit = 64) { this.limit = limit; }

  get size(): number { return this.entries.size; }

  /** The program of this key, made at first use. */
  get(key: string, make: () => C): C {
    const known = this.entries.get(key);
    if (known !== undefined) {
      // A Map keeps insertion order: taken out and put back, the entry is the youngest.
      this.entries.delete(key);
      this.entries.set(key, known);
      return known;
    }
    const made = make();
    this.entries.set(key, made);
    for (const [oldKey, old] of this.entries) {
      if (this.entries.size <= this.limit) break;
      this.entries.delete(oldKey);
      old.release();
    }
    return made;
  }

  /** Releases the program of this key, if there is one. */
  drop(key: string): void {
    this.entries.get(key)?.release();
    this.entries.delete(key);
  }

  /** Releases all programs. */
  clear(): void {
    for (const program of this.entries.values()) program.release();
    this.entries.clear();
  }
}
