/** What a reader of tables gives: names of columns, then rows of cells, pushed into a sink piece by piece. */
import type { Cell } from '../table/cell.ts';
import type { ProblemLog } from '../table/problems.ts';

export interface RowSink {
  /** Names in order. Called before the first row, and again with a longer list where later rows bring more columns. */
  header(names: readonly string[]): void;
  /** One row; `line` counts from 1, as editors do. The array may be reused. */
  row(cells: readonly Cell[], line: number): void;
}

/** Pushes the rows of the next piece each time it is asked, so memory holds one piece. */
export type RowReader = (sink: RowSink, log: ProblemLog) => AsyncGenerator<undefined>;

/** Names without doubles and empty ones: what is changed is noted. */
export function uniqueNames(names: readonly string[], log: ProblemLog, line: number): string[] {
  const used = new Set<string>();
  return names.map((given, i) => {
    const plain = given.trim() === '' ? `column ${i + 1}` : given.trim();
    let name = plain;
    for (let k = 2; used.has(name); k++) name = `${plain} ${k}`;
    used.add(name);
    if (name !== given.trim()) log.note('header', line, given.trim() === '' ? `column ${i + 1} has no name; it is called '${name}'` : `there are two columns '${plain}'; the second is called '${name}'`);
    return name;
  });
}
