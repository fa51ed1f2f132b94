/** The table that `model.summary()` prints, drawn as Keras draws it. */
import type { BatchShape, Layer } from '../nn/layer.ts';
import { formatBytes, formatCount } from './format.ts';

export interface SummaryRow {
  readonly layer: Layer;
  readonly outputShapes: readonly BatchShape[];
  /** results this one takes, as layer[index]; only for models that are not a plain chain */
  readonly connectedTo?: readonly string[];
  /** how deep the layer lies in nested models; default 0 */
  readonly depth?: number;
}
export interface SummaryTotals { readonly trainable: number; readonly nonTrainable: number; readonly optimizer: number; readonly bytes: (kind: 'trainable' | 'nonTrainable' | 'optimizer') => number }

/** (?, 28, 28) */
export const showBatchShape = (shape: BatchShape): string => `(${shape.map((d) => d ?? '?').join(', ')}${shape.length === 1 ? ',' : ''})`;

/** The table as text, without a line break at its end. */
export function formatSummary(modelName: string, rows: readonly SummaryRow[], totals: SummaryTotals, showTrainable = false): string {
  const connected = rows.some((row) => row.connectedTo !== undefined);
  const head = ['Layer (type)', 'Output Shape', 'Param #', ...(connected ? ['Connected to'] : []), ...(showTrainable ? ['Trainable'] : [])];
  const body = rows.map(({ layer, outputShapes, connectedTo = [], depth = 0 }): string[][] => [
    [`${depth === 0 ? '' : `${'   '.repeat(depth)}└ `}${layer.name} (${layer.className})`],
    outputShapes.length === 0 ? ['?'] : outputShapes.map(showBatchShape),
    [layer.built ? formatCount(layer.parameterCount) : '? (unbuilt)'],
    ...(connected ? [connectedTo.length === 0 ? ['-'] : [...connectedTo]] : []),
    ...(showTrainable ? [[layer.parameterCount === 0 ? '-' : layer.trainable ? 'Y' : 'N']] : []),
  ]);
  const widths = head.map((title, c) => Math.max(title.length, ...body.flatMap((cells) => (cells[c] ?? []).map((line) => line.length))));
  const pad = (text: string, c: number) => (c === 2 ? text.padStart(widths[c] ?? 0) : text.padEnd(widths[c] ?? 0));
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
