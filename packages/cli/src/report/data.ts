/** The report's data audit: what is grave first, the balance of classes, labels that look wrong, with the samples themselves. */
import { audit, AUDIT_CHECKS, type AuditData, type AuditReport, type Finding } from '@limelight/data';
import { bars, escape } from './charts.ts';
import type { Section } from './page.ts';
import { picture } from './picture.ts';

export interface Audited { readonly data: AuditData; readonly test: AuditData | null; readonly label: string | null; /** what was audited, of how much */ readonly what: string; readonly seed: number; readonly signal?: AbortSignal }
/** Of images, networks judge the labels in so many folds, and no network tells training from test: a report should not take minutes. `limelight audit` does all of it. */
const FOLDS = 3, QUICK = AUDIT_CHECKS.filter((check) => check !== 'drift');
const SUSPECTS = 12, FINDINGS = 8, CLASSES = 20;

export async function dataSection({ data, test, label, what, seed, signal }: Audited): Promise<Section> {
  const report = await audit(data, { name: what, seed, ...(test === null ? {} : { test }), ...(label === null ? {} : { label }), ...('x' in data ? { folds: FOLDS, checks: QUICK } : {}), ...(signal === undefined ? {} : { signal }) });
  const note = `Audited: ${what}, in ${report.seconds.toFixed(1)} s.${report.skipped.length === 0 ? '' : ` Not checked: ${report.skipped.join('; ')}.`} More in limelight audit${'x' in data && test !== null ? ', which also tells whether training and test data are drawn alike' : ''}.`;
  return { title: 'The data', note, html: [findings(report), await suspects(report, data), balance(report)].join('') };
}
function findings({ findings: all, kind }: AuditReport): string {
  if (all.length === 0) return '<p>Nothing to mend was found.</p>';
  const one = (f: Finding): string => `<li class="${f.severity}"><b>${escape(f.title)}</b><span>${escape(f.detail)}${f.rows.length === 0 ? '' : ` <small>${f.check === 'leakage' ? 'test ' : ''}${kind === 'table' ? 'rows' : 'samples'} ${f.rows.slice(0, 8).join(', ')}${f.count > Math.min(8, f.rows.length) ? ' …' : ''}</small>`}</span></li>`;
  return `<ul class="findings">${all.slice(0, FINDINGS).map(one).join('')}</ul>${all.length > FINDINGS ? `<p class="note">and ${all.length - FINDINGS} of less weight.</p>` : ''}`;
}
function balance({ classes, labels }: AuditReport): string {
  if (classes === null) return '';
  const suspects = new Map<number, number>();
  for (const issue of labels?.issues ?? []) suspects.set(issue.given, (suspects.get(issue.given) ?? 0) + 1);
  const list = classes.names.slice(0, CLASSES).map((name, c) => { const wrong = suspects.get(c) ?? 0; return { name, value: classes.counts[c] ?? 0, text: `${(classes.counts[c] ?? 0).toLocaleString('en')}${wrong === 0 ? '' : ` (${wrong} doubtful)`}` }; });
  return `<h3>Samples of each class</h3>${bars(list)}${classes.names.length > CLASSES ? `<p class="note">and ${classes.names.length - CLASSES} more</p>` : ''}`;
}
async function suspects({ labels, classes, kind }: AuditReport, data: AuditData): Promise<string> {
  if (labels === null || labels.issues.length === 0) return '';
  const name = (c: number): string => escape(classes?.names[c] ?? String(c)), shown = labels.issues.slice(0, SUSPECTS), title = `<h3>Labels that look wrong: ${labels.issues.length}${labels.issues.length > shown.length ? ', these are the surest' : ''}</h3>`;
  if (kind === 'image' && 'x' in data && 'shape' in data.x) {
    const { x } = data, each = await Promise.all(shown.map(async (i) => `<figure>${await picture(x, i.row, `sample ${i.row}`)}<p><s>${name(i.given)}</s> → ${name(i.suggested)}<br><small>${(100 * i.suggestedP).toFixed(0)} %<br>no. ${i.row}</small></p></figure>`));
    return `${title}<div class="gallery tight">${each.join('')}</div>`;
  }
  return `${title}<div class="wide"><table class="plain"><tr><th>row</th><th>labelled</th><th>looks like</th><th>surely</th></tr>${shown.map((i) => `<tr><td>${i.row}</td><td>${name(i.given)}</td><td>${name(i.suggested)}</td><td>${(100 * i.suggestedP).toFixed(0)} %</td></tr>`).join('')}</table></div>`;
}
