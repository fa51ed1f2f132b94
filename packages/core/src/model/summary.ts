/** The table that `model.summary()` prints, drawn as Keras draws it. */
import { formatBytes, formatCount } from './format.ts';

export interface SummaryRow {
  readonly name: string;
  readonly className: string;
  readonly outputShapes: readonly (readonly (number | null)[])[];
  readonly params: number;
  /** layers this one takes its inputs from; only for models that are not a plain chain */
  readonly connectedTo?: readonly string[];
  /** null where the layer is not built */
  readonly built: boolean;
}
export interface SummaryTotals { readonly trainable: number; readonly nonTrainable: number; readonly optimizer: number; readonly bytes: (kind: 'trainable' | 'nonTrainable' | 'optimizer') => number }

/** The table as text, without a line break at its end. */
export function formatSummary(modelName: string, rows: readonly SummaryRow[], totals: SummaryTotals): string {
  const connected = rows.some((row) => row.connectedTo !== undefined);
  const head = ['Layer (type)', 'Output Shape', 'Param #', ...(connected ? ['Connected to'] : [])];
  const right = [false, false, true, false];
  const showShape = (shape: readonly (number | null)[]) => `(${shape.map((d) => d ?? '?').join(', ')}${shape.length === 1 ? ',' : ''})`;
  const body = rows.map((row): string[][] => [
    [`${row.name} (${row.className})`],
    row.outputShapes.length === 0 ? ['?'] : row.outputShapes.map(showShape),
    [row.built ? formatCount(row.params) : '? (unbuilt)'],
    ...(connected ? [row.connectedTo === undefined || row.connectedTo.length === 0 ? ['-'] : [...row.connectedTo]] : []),
  ]);
  const widths = head.map((title, c) => Math.max(title.length, ...body.flatMap((cells) => (cells[c] ?? []).map((line) => line.length))));
  const pad = (text: string, c: number) => (right[c] === true ? text.padStart(widths[c] ?? 0) : text.padEnd(widths[c] ?? 0));
  const rule = (left: string, fill: string, mid: string, end: string) => left + widths.map((w) => fill.repeat(w + 2)).join(mid) + end;
  const line = (cells: readonly string[], bar: string) => bar + cells.map((text, c) => ` ${pad(text, c)} `).join(bar) + bar;
  const lines = [`Model: "${modelName}"`, rule('┏', '━', '┳', '┓'), line(head, '┃'), rule('┡', '━', '╇', '┩')];
  body.forEach((cells, i) => {
    const height = Math.max(...cells.map((cell) => cell.length));
    for (let k = 0; k < height; k++) lines.push(line(cells.map((cell) => cell[k] ?? ''), '│'));
    lines.push(i === body.length - 1 ? rule('└', '─', '┴', '┘') : rule('├', '─', '┼', '┤'));
  });
  const total = (title: string, count: number, bytes: number) => ` ${title}: ${formatCount(count)} (${formatBytes(bytes)})`;
  const { trainable, nonTrainable, optimizer, bytes } = totals;
  lines.push(total('Total params', trainable + nonTrainable + optimizer, bytes('trainable') + bytes('nonTrainable') + bytes('optimizer')));
  lines.push(total('Trainable params', trainable, bytes('trainable')));
  lines.push(total('Non-trainable params', nonTrainable, bytes('nonTrainable')));
  if (optimizer > 0) lines.push(total('Optimizer params', optimizer, bytes('optimizer')));
  return lines.join('\n');
}
