/** What a classifier confuses: counts of (true class, predicted class), drawn as a table. */
import Table from 'cli-table3';
import type { Colors } from 'picocolors/types.js';

/** counts[true][predicted] */
export function confusionCounts(labels: ArrayLike<number>, predicted: ArrayLike<number>, classes: number): number[][] {
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (let i = 0; i < labels.length; i++) {
    const row = counts[labels[i] ?? -1], column = predicted[i] ?? -1;
    if (row?.[column] === undefined) throw new RangeError(`sample ${i}: label ${labels[i]} or prediction ${predicted[i]} is outside 0..${classes - 1}`);
    row[column]++;
  }
  return counts;
}

/** The counts as a table: a row for each true class, a column for each predicted one, and the share of each row that is right. */
export function confusionTable(counts: readonly (readonly number[])[], names: readonly string[], colours: Colors): string {
  const table = new Table({
    head: ['is \\ read as', ...names, 'right'],
    colAligns: ['right', ...names.map(() => 'right' as const), 'right'],
    // Only outer lines: ten classes with counts in the thousands fit into 80 columns.
    style: { head: [], border: [], compact: true, 'padding-left': 1, 'padding-right': 0 },
    chars: { middle: '', mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '', 'top-mid': '', 'bottom-mid': '', right: ' │', 'top-right': '─┐', 'bottom-right': '─┘' },
  });
  counts.forEach((row, is) => {
    const total = row.reduce((sum, n) => sum + n, 0);
    const cells = row.map((n, read) => (n === 0 ? colours.dim('·') : read === is ? colours.green(String(n)) : n >= total / 200 ? colours.red(String(n)) : String(n)));
    table.push([names[is] ?? String(is), ...cells, total === 0 ? '–' : `${((100 * (row[is] ?? 0)) / total).toFixed(1)} %`]);
  });
  return table.toString();
}
