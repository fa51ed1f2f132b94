/** The file of CSVLogger; loaded when one is used. */
import { fileSystem } from '../files.ts';
import type { Logs } from './callback.ts';

/** The columns of a file that is to be gone on with; `fresh` where there is none. */
export async function readColumns(path: string, separator: string, append: boolean): Promise<{ readonly columns: string[] | null; readonly fresh: boolean }> {
  const fs = await fileSystem('CSVLogger');
  if (!append || !fs.existsSync(path)) return { columns: null, fresh: true };
  const first = fs.readFileSync(path, 'utf8').split('\n')[0] ?? '';
  return { columns: first === '' ? null : first.split(separator).slice(1), fresh: false };
}

/** Writes the row of an epoch, and before the first the names of the columns; returns the columns. */
export async function appendRow(path: string, separator: string, fresh: boolean, known: string[] | null, epoch: number, logs: Logs): Promise<string[]> {
  const fs = await fileSystem('CSVLogger'), columns = known ?? Object.keys(logs).sort();
  const cell = (text: string): string => (text.includes(separator) || /["\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  let text = known === null ? `${['epoch', ...columns].map(cell).join(separator)}\n` : '';
  text += `${[String(epoch), ...columns.map((name) => cell(logs[name] === undefined ? 'NA' : String(logs[name])))].join(separator)}\n`;
  if (fresh) fs.writeFileSync(path, text);
  else fs.appendFileSync(path, text);
  return columns;
}
