/** What the recommendation commands print: figures with their intervals, lists, and progress while a model trains. */
import type { Catalogue, EpochReport, Evaluation, Recommendation } from '@limelight/recommend';
import Table from 'cli-table3';
import pc from 'picocolors';
import { tell } from '../shared.ts';

export const KS = [1, 5, 10, 20] as const;
const MAIN = ['hr@10', 'ndcg@10', 'mrr'] as const;

/** Figures by name, and the bounds of the main ones. */
export function figuresOf(evaluation: Evaluation): { readonly figures: Record<string, number>; readonly intervals: Record<string, readonly [number, number]> } {
  return { figures: { ...evaluation.figures }, intervals: Object.fromEntries([...KS.flatMap((k) => [`hr@${k}`, `ndcg@${k}`]), 'mrr'].filter((name) => name in evaluation.perUser).map((name) => [name, evaluation.interval(name)])) };
}
/** A table with outer lines only, so that it fits into a terminal. */
export function makeTable(head: readonly string[], rows: readonly (readonly string[])[], right: readonly number[] = []): string {
  const table = new Table({
    head: [...head], colAligns: head.map((_, i) => (right.includes(i) ? 'right' : 'left')), style: { head: [], border: [], compact: true },
    chars: { middle: '', mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '', 'top-mid': '', 'bottom-mid': '' },
  });
  table.push(...rows.map((row) => [...row]));
  return table.toString();
}
export function figureTable(evaluation: Evaluation): string {
  const { figures, intervals } = figuresOf(evaluation), rows: string[][] = [];
  for (const [name, value] of Object.entries(figures)) {
    if (Number.isNaN(value)) continue;
    const bounds = intervals[name], main = (MAIN as readonly string[]).includes(name);
    if (!main && /@(?:1|5|20)\b/.test(name)) continue; // they are in the JSON
    const row = [name, value.toFixed(4), bounds === undefined ? '' : `${bounds[0].toFixed(4)} – ${bounds[1].toFixed(4)}`];
    rows.push(main ? row.map((cell) => pc.bold(cell)) : row);
  }
  return makeTable(['figure', 'value', '95 % interval'], rows, [1]);
}
export const because = (one: Recommendation, title: (id: string) => string): string => (one.reasons ?? []).map(({ item }) => title(item)).join(', ');
export function listTable(list: readonly Recommendation[], catalogue: Catalogue | undefined): string {
  const title = (id: string): string => catalogue?.title(id) ?? id, titled = catalogue !== undefined, reasons = list.some((one) => one.reasons !== undefined && one.reasons.length > 0);
  const head = ['', 'item', ...(titled ? ['title'] : []), 'score', ...(reasons ? ['because of'] : [])];
  return makeTable(head, list.map((one, i) => [`${i + 1}${one.explored === true ? '*' : ''}`, one.item, ...(titled ? [short(title(one.item), 44)] : []), one.score.toPrecision(4), ...(reasons ? [short(because(one, title), 70)] : [])]), [0, titled ? 3 : 2]);
}
const short = (text: string, most: number): string => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

/** One line for each epoch on standard error. */
export const epochLine = ({ epoch, loss, seconds, figures = {} }: EpochReport): void => {
  tell(`epoch ${epoch}  loss ${loss.toFixed(4)}${['hr@10', 'ndcg@10'].filter((name) => name in figures).map((name) => `  ${name} ${figures[name]?.toFixed(4)}`).join('')}  ${seconds.toFixed(1)} s`);
};
