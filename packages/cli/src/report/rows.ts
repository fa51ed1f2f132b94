/** Rows of tables for the report. */
import type { TableInput } from '../labelled.ts';
import { brief, escape } from './charts.ts';

/** Some columns of a row as a person would write them. */
export function rowText(input: TableInput | null, row: number): string {
  if (input === null) return '';
  const { [input.label]: _label, ...cells } = input.table.row(row), list = Object.entries(cells);
  return `<span class="cells">${list.slice(0, 12).map(([name, value]) => `<i>${escape(name)}</i> ${value === null ? '–' : escape(typeof value === 'number' ? brief(value) : String(value).slice(0, 40))}`).join(', ')}${list.length > 12 ? ', …' : ''}</span>`;
}
/** @param rows cells as HTML */
export const rowTable = (heads: readonly string[], rows: readonly (readonly string[])[]): string =>
  `<div class="wide"><table class="plain">${`<tr>${heads.map((h) => `<th>${escape(h)}</th>`).join('')}</tr>`}${rows.map((cells) => `<tr>${cells.map((c) => `<td>${c}</td>`).join('')}</tr>`).join('')}</table></div>`;
