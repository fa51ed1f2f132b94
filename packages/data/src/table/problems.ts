/** What is wrong with a file while it is read: an error that names file and line, or (not strict) a count with examples. */
import { FormatError } from '@limelight/core';

export type ProblemKind = 'ragged row' | 'bad value' | 'broken line' | 'unknown column' | 'header';
export interface ReadProblem {
  readonly kind: ProblemKind;
  readonly count: number;
  /** the first few, with their lines */
  readonly examples: readonly string[];
}

const EXAMPLES = 5;

export class ProblemLog {
  readonly file: string;
  readonly strict: boolean;
  readonly #kinds = new Map<ProblemKind, { count: number; readonly examples: string[] }>();
  constructor(file: string, strict: boolean) {
    this.file = file;
    this.strict = strict;
  }
  /** @throws FormatError where the reading is strict */
  add(kind: ProblemKind, line: number, what: string, fix: string): void {
    if (this.strict) throw new FormatError(`${this.file}, line ${line}: ${what} ${fix}`);
    this.note(kind, line, what);
  }
  /** What is put right by itself is noted only. */
  note(kind: ProblemKind, line: number, what: string): void {
    const known = this.#kinds.get(kind) ?? { count: 0, examples: [] };
    known.count++;
    if (known.examples.length < EXAMPLES) known.examples.push(`line ${line}: ${what}`);
    this.#kinds.set(kind, known);
  }
  list(): ReadProblem[] { return [...this.#kinds].map(([kind, { count, examples }]) => ({ kind, count, examples })); }
}
