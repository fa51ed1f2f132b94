/** A report as text for a terminal, at most 100 columns wide. */
import { showNumber } from './outliers.ts';
import type { AuditReport, ColumnProfile, Severity } from './types.ts';

/** How parts of the text look; picocolors fits. */
export interface Style { bold(text: string): string; dim(text: string): string; red(text: string): string; yellow(text: string): string; green(text: string): string; cyan(text: string): string }
const PLAIN: Style = { bold: String, dim: String, red: String, yellow: String, green: String, cyan: String };

const BARS = ' ▁▂▃▄▅▆▇█';
/** Counts as a line of bars, one character each. */
export function sparkline(counts: readonly number[]): string {
  const most = Math.max(...counts, 1);
  return counts.map((n) => BARS[n === 0 ? 0 : Math.max(1, Math.round((8 * n) / most))] ?? '').join('');
}

/** Rows of cells under heads, padded; numbers to the right. */
export function textTable(heads: readonly string[], rows: readonly (readonly string[])[], right: ReadonlySet<number>, style: Style): string[] {
  const widths = heads.map((head, i) => Math.max(head.length, ...rows.map((row) => row[i]?.length ?? 0)));
  const line = (cells: readonly string[]): string => cells.map((cell, i) => (right.has(i) ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0))).join('  ').trimEnd();
  return [style.dim(line(heads)), ...rows.map(line)].map((text) => `  ${text}`);
}

const cut = (text: string, length: number): string => (text.length > length ? `${text.slice(0, length - 1)}…` : text);
const count = (n: number): string => n.toLocaleString('en-US');
const percent = (x: number): string => `${(100 * x).toFixed(1)} %`;

function wrap(text: string, width: number, indent: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + word.length + 1 > width) { lines.push(line); line = word; } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].map((one) => indent + one);
}

/** The short form of a column's values: a histogram, or the commonest words. */
const spread = (c: ColumnProfile): string => (c.histogram !== null ? sparkline(c.histogram.counts) : (c.top ?? []).slice(0, 3).map((t) => `${cut(t.value, 14)} ${count(t.count)}`).join(', '));

/** @param rows columns of a table, classes and suspects that are listed at most; default 20 */
export function formatAudit(report: AuditReport, options: { readonly style?: Style; readonly rows?: number } = {}): string {
  const style = options.style ?? PLAIN, most = options.rows ?? 20, out: string[] = [];
  const title = (text: string): void => { out.push('', style.bold(text)); };
  const mark = { high: style.red('●'), medium: style.yellow('●'), low: style.cyan('●'), info: style.dim('○') } as const satisfies Record<Severity, string>;
  const { findings } = report, grave = findings.filter((f) => f.severity === 'high' || f.severity === 'medium').length;

  out.push(style.bold(`${report.name}: ${count(report.rows)} ${report.kind === 'table' ? 'rows' : `${report.kind}s`}${report.kind === 'table' ? `, ${report.columns.length} columns` : ''}${report.testRows === null ? '' : `, ${count(report.testRows)} to test on`}${report.label === null ? '' : `, label ${report.label}`}`));

  if (report.columns.length > 0) {
    title('Columns');
    out.push(...textTable(['name', 'type', 'missing', 'distinct', 'median', 'from … to', 'values'], report.columns.slice(0, most).map((c) => [
      cut(c.name, 20), c.type, c.missing === 0 ? '·' : percent(c.missing / report.rows), count(c.distinct), c.numbers === null || c.type === 'date' ? '' : showNumber(c.numbers.median),
      c.numbers === null ? '' : c.type === 'date' ? `${new Date(c.numbers.min).toISOString().slice(0, 10)} … ${new Date(c.numbers.max).toISOString().slice(0, 10)}` : `${showNumber(c.numbers.min)} … ${showNumber(c.numbers.max)}`, cut(spread(c), 44),
    ]), new Set([2, 3, 4]), style));
    if (report.columns.length > most) out.push(style.dim(`  and ${report.columns.length - most} more`));
  }
  if (report.classes !== null) {
    const { counts, names } = report.classes, largest = Math.max(...counts, 1), total = counts.reduce((a, b) => a + b, 0);
    const suspects = new Map<number, number>();
    for (const issue of report.labels?.issues ?? []) suspects.set(issue.given, (suspects.get(issue.given) ?? 0) + 1);
    title('Classes');
    out.push(...textTable(['class', 'samples', 'share', 'labels that look wrong', ''], names.slice(0, most).map((name, c) => [cut(name, 20), count(counts[c] ?? 0), percent((counts[c] ?? 0) / total), report.labels === null ? '' : count(suspects.get(c) ?? 0), '█'.repeat(Math.round((24 * (counts[c] ?? 0)) / largest))]), new Set([1, 2, 3]), style));
    if (names.length > most) out.push(style.dim(`  and ${names.length - most} more`));
  }
  if (report.labels !== null && report.labels.issues.length > 0) {
    const name = (c: number): string => cut(report.classes?.names[c] ?? String(c), 20);
    title(`Labels that look wrong: ${count(report.labels.issues.length)}, the surest first`);
    out.push(...textTable(['sample', 'labelled', 'p', 'looks like', 'p'], report.labels.issues.slice(0, Math.min(most, 10)).map((i) => [String(i.row), name(i.given), i.givenP.toFixed(3), name(i.suggested), i.suggestedP.toFixed(3)]), new Set([0, 2, 4]), style));
  }
  if (report.drift !== null) {
    title('Training against test');
    const rows = [...report.drift.columns, ...(report.drift.classes === null ? [] : [{ ...report.drift.classes, name: `${report.drift.classes.name} (classes)` }])];
    out.push(...textTable(['column', 'test', 'distance', 'p (adjusted)'], rows.slice(0, most).map((c) => [cut(c.name, 28), c.test, c.size.toFixed(3), c.p < 1e-4 ? '< 0.0001' : c.p.toFixed(4)]), new Set([2, 3]), style));
    if (report.drift.auc !== null) out.push(`  a network tells them apart with AUC ${report.drift.auc.toFixed(3)} ${style.dim('(0.5 is not at all)')}`);
  }

  title(findings.length === 0 ? 'Nothing to mend was found.' : `Findings: ${findings.length}, of these ${grave} that matter`);
  for (const f of findings) {
    out.push('', `${mark[f.severity]} ${style.bold(f.title)}`, ...wrap(f.detail, 92, '  '));
    if (f.rows.length > 0) out.push(style.dim(`  ${report.kind === 'table' ? 'rows' : 'samples'} ${f.rows.slice(0, 10).join(', ')}${f.count > Math.min(10, f.rows.length) ? ', …' : ''}`));
    if (f.fix !== null) out.push(...f.fix.split('\n').map((line) => `  ${style.green('fix')} ${line}`));
  }
  out.push('', style.dim(`${report.skipped.length > 0 ? `Not done: ${report.skipped.join('; ')}. ` : ''}${report.seconds.toFixed(1)} s, seed ${report.seed}.`));
  return out.join('\n');
}
