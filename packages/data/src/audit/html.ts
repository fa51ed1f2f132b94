/** A report as a page of its own: no script, no other file, light and dark. Or as a part of another page (`fragment`). */
import { encode } from 'fast-png';
import { showNumber } from './outliers.ts';
import { STYLE } from './style.ts';
import type { AuditReport, ColumnProfile, Finding, Histogram } from './types.ts';
import type { AuditData } from './samples.ts';

export interface AuditHtmlOptions {
  /** the audited data: with them the page shows the suspects themselves */
  readonly data?: AuditData;
  /** true: only the inner part, for a page that has the style (`AUDIT_STYLE`) already */
  readonly fragment?: boolean;
}

const SUSPECTS = 40, ROWS = 60;
const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
const count = (n: number): string => n.toLocaleString('en-US');
const percent = (x: number, digits = 1): string => `${(100 * x).toFixed(digits)} %`;

/** The page, complete HTML. */
export function auditHtml(report: AuditReport, options: AuditHtmlOptions = {}): string {
  const body = `<div class="audit">${[head(report), findings(report), labels(report, options.data), columns(report), classes(report), pairs(report, options.data), outliers(report, options.data), drift(report)].join('')}<p class="foot">${report.skipped.length > 0 ? `Not done: ${escape(report.skipped.join('; '))}. ` : ''}Made by Limelight in ${report.seconds.toFixed(1)} s, seed ${report.seed}.</p></div>`;
  if (options.fragment === true) return body;
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Audit of ${escape(report.name)}</title><style>${STYLE}</style></head><body>${body}</body></html>`;
}

function head(r: AuditReport): string {
  const grave = r.findings.filter((f) => f.severity === 'high').length, medium = r.findings.filter((f) => f.severity === 'medium').length, things = r.kind === 'table' ? 'rows' : `${r.kind}s`;
  const tile = (value: string, what: string, look = ''): string => `<div class="tile ${look}"><b>${value}</b><span>${what}</span></div>`;
  const tiles = [
    tile(count(r.rows), things), r.testRows === null ? '' : tile(count(r.testRows), `${things} to test on`), r.kind === 'table' ? tile(count(r.columns.length), 'columns') : '',
    r.classes === null ? '' : tile(count(r.classes.names.length), 'classes'), tile(count(grave), 'grave findings', grave > 0 ? 'high' : 'good'), tile(count(medium), 'that matter', medium > 0 ? 'medium' : 'good'),
    r.labels === null ? '' : tile(percent(r.labels.issues.length / r.rows), 'of the labels look wrong', r.labels.issues.length > r.rows / 200 ? 'high' : 'good'),
  ];
  return `<h1>${escape(r.name)}</h1><p class="soft">What an audit of the data found${r.label === null ? '' : `; the label is ${escape(r.label)}`}.</p><div class="tiles">${tiles.join('')}</div>`;
}

function finding(f: Finding, r: AuditReport): string {
  const rows = f.rows.length === 0 ? '' : `<p class="rows">${f.check === 'leakage' ? 'test ' : ''}${r.kind === 'table' ? 'rows' : 'samples'} ${f.rows.slice(0, 16).join(', ')}${f.count > Math.min(16, f.rows.length) ? ' …' : ''}</p>`;
  return `<div class="finding ${f.severity}"><span class="tag">${f.check} · ${f.severity}</span><h3>${escape(f.title)}</h3><p>${escape(f.detail)}</p>${rows}${f.fix === null ? '' : `<pre>${escape(f.fix)}</pre>`}</div>`;
}
const findings = (r: AuditReport): string => `<h2>Findings</h2>${r.findings.length === 0 ? '<p class="soft">Nothing to mend was found.</p>' : r.findings.map((f) => finding(f, r)).join('')}`;

function bars({ counts }: Histogram): string {
  const most = Math.max(...counts, 1), width = 168 / counts.length;
  return `<svg class="bars" width="168" height="34" role="img">${counts.map((n, i) => { const h = n === 0 ? 0 : Math.max(1.5, (32 * n) / most); return `<rect x="${(i * width).toFixed(2)}" y="${(34 - h).toFixed(2)}" width="${Math.max(0.8, width - 1).toFixed(2)}" height="${h.toFixed(2)}" rx="1"/>`; }).join('')}</svg>`;
}
const track = (share: number): string => `<span class="track"><i style="width:${(100 * share).toFixed(1)}%"></i></span>`;
const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

function column(c: ColumnProfile, r: AuditReport): string {
  const n = c.numbers, values = c.histogram !== null ? bars(c.histogram) : `<span class="words">${(c.top ?? []).slice(0, 4).map((t) => `<b>${escape(t.value.length > 24 ? `${t.value.slice(0, 23)}…` : t.value)}</b> ${count(t.count)}`).join(', ')}</span>`;
  const range = n === null ? '' : c.type === 'date' ? `${day(n.min)} … ${day(n.max)}` : `${showNumber(n.min)} … ${showNumber(n.max)}`;
  return `<tr><td class="name">${escape(c.name)}</td><td><span class="type">${c.type}</span></td><td class="num${c.missing > 0 ? ' gap' : ' soft'}">${c.missing === 0 ? '·' : percent(c.missing / r.rows)}</td><td class="num">${count(c.distinct)}</td><td class="num">${n === null || c.type === 'date' ? '' : showNumber(n.median)}</td><td>${range}</td><td class="wide">${values}</td><td class="num soft">${c.tellsLabel === null ? '' : c.tellsLabel.toFixed(2)}</td></tr>`;
}
function columns(r: AuditReport): string {
  if (r.columns.length === 0) return '';
  const tells = r.columns.some((c) => c.tellsLabel !== null);
  return `<h2>Columns</h2><div class="card"><table><tr><th>name</th><th>type</th><th class="num">missing</th><th class="num">distinct</th><th class="num">median</th><th>from … to</th><th>values</th><th class="num">${tells ? 'tells the label' : ''}</th></tr>${r.columns.slice(0, 200).map((c) => column(c, r)).join('')}</table></div>`;
}

function classes(r: AuditReport): string {
  if (r.classes === null) return '';
  const { counts, names } = r.classes, most = Math.max(...counts, 1), total = counts.reduce((a, b) => a + b, 0), suspects = new Map<number, number>();
  for (const issue of r.labels?.issues ?? []) suspects.set(issue.given, (suspects.get(issue.given) ?? 0) + 1);
  const rows = names.slice(0, ROWS).map((name, c) => `<tr><td class="name">${escape(name)}</td><td class="num">${count(counts[c] ?? 0)}</td><td class="num">${percent((counts[c] ?? 0) / total)}</td><td>${track((counts[c] ?? 0) / most)}</td><td class="num">${r.labels === null ? '' : count(suspects.get(c) ?? 0)}</td></tr>`);
  return `<h2>Classes</h2><div class="card"><table><tr><th>class</th><th class="num">samples</th><th class="num">share</th><th></th><th class="num">${r.labels === null ? '' : 'labels that look wrong'}</th></tr>${rows.join('')}</table></div>${confusion(r)}`;
}
/** Which label is given for which: the estimated joint distribution off its diagonal. */
function confusion(r: AuditReport): string {
  const { labels: found, classes: all } = r;
  if (found === null || all === null || all.names.length > 20 || found.noise === 0) return '';
  const most = Math.max(1, ...found.joint.flatMap((row, i) => row.filter((_, j) => j !== i))), heads = all.names.map((name) => `<th>${escape(name)}</th>`).join('');
  const cell = (n: number, i: number, j: number): string => (i === j ? '<td class="soft">–</td>' : `<td style="background:color-mix(in srgb,var(--high) ${Math.round((55 * n) / most)}%,transparent)">${Math.round(n)}</td>`);
  return `<h2>Given for which true class</h2><p class="soft" style="margin-bottom:10px">Estimated numbers of wrong labels: rows are the labels as given, columns what the samples are. In all ${percent(found.noise)}.</p><div class="card grid"><table><tr><th></th>${heads}</tr>${found.joint.map((row, i) => `<tr><td class="name">${escape(all.names[i] ?? '')}</td>${row.map((n, j) => cell(n, i, j)).join('')}</tr>`).join('')}</table></div>`;
}

/** One image as a picture in the page; null where the data are no images. */
function picture(data: AuditData | undefined, row: number): string | null {
  if (data === undefined || !('x' in data) || Array.isArray(data.x)) return null;
  const { shape, data: all } = data.x as { readonly shape: readonly number[]; readonly data: ArrayLike<number> }, [, height = 0, width = 0, channels = 1] = shape, size = height * width * channels;
  let top = 255;
  if (!(all instanceof Uint8Array)) { top = 0; for (let i = 0; i < size; i++) top = Math.max(top, all[row * size + i] ?? 0); }
  const shown = channels >= 3 ? 3 : 1, pixels = new Uint8Array(height * width * shown);
  for (let p = 0; p < height * width; p++) for (let c = 0; c < shown; c++) pixels[p * shown + c] = Math.max(0, Math.min(255, ((all[row * size + p * channels + c] ?? 0) * 255) / (top || 1)));
  return `<img alt="sample ${row}" src="data:image/png;base64,${Buffer.from(encode({ data: pixels, width, height, channels: shown })).toString('base64')}">`;
}
/** The sample as a person would look at it: text, or the row of a table; null for images. */
function words(data: AuditData | undefined, row: number): string | null {
  if (data === undefined) return null;
  if ('x' in data) return Array.isArray(data.x) ? escape(String(data.x[row] ?? '').slice(0, 220)) : null;
  return 'rows' in data ? Object.entries(data.row(row)).slice(0, 8).map(([name, value]) => `<b>${escape(name)}</b> ${value === null ? '–' : escape(typeof value === 'number' ? showNumber(value) : String(value).slice(0, 40))}`).join(', ') : null;
}

function labels(r: AuditReport, data: AuditData | undefined): string {
  if (r.labels === null || r.labels.issues.length === 0) return '';
  const name = (c: number): string => escape(r.classes?.names[c] ?? String(c)), issues = r.labels.issues.slice(0, SUSPECTS), title = `<h2>Labels that look wrong</h2><p class="soft" style="margin-bottom:12px">${count(r.labels.issues.length)} in all; these are the surest. ${r.kind === 'image' ? 'Crossed out is the label as given' : 'Beside the label as given stands what the sample looks like'}${r.kind === 'image' ? '; below it how sure the models are, and the sample' : ''}.</p>`;
  if (r.kind === 'image' && data !== undefined) return `${title}<div class="gallery">${issues.map((i) => `<div class="shot">${picture(data, i.row) ?? ''}<b><s>${name(i.given)}</s> → ${name(i.suggested)}</b><br>${percent(i.suggestedP, 0)} · ${i.row}</div>`).join('')}</div>`;
  return `${title}<div class="card"><table><tr><th class="num">row</th><th>labelled</th><th>looks like</th><th class="num">surely</th><th class="most">sample</th></tr>${issues.slice(0, 20).map((i) => `<tr><td class="num">${i.row}</td><td>${name(i.given)}</td><td><b>${name(i.suggested)}</b></td><td class="num">${percent(i.suggestedP, 0)}</td><td class="wide words">${words(data, i.row) ?? ''}</td></tr>`).join('')}</table></div>`;
}

function pairs(r: AuditReport, data: AuditData | undefined): string {
  const near = r.duplicates?.nearPairs.slice(0, 12) ?? [];
  if (near.length === 0) return '';
  const title = '<h2>Nearly equal</h2>';
  if (r.kind === 'image' && data !== undefined) return `${title}<div class="gallery" style="grid-template-columns:repeat(auto-fill,minmax(164px,1fr))">${near.map((p) => `<div class="shot pair">${picture(data, p.a) ?? ''}${picture(data, p.b) ?? ''}<br>no. ${p.a} and ${p.b} · ${p.likeness.toFixed(3)}</div>`).join('')}</div>`;
  return `${title}<div class="card"><table><tr><th class="num">rows</th><th class="num">likeness</th><th>samples</th></tr>${near.map((p) => `<tr><td class="num">${p.a}<br>${p.b}</td><td class="num">${p.likeness.toFixed(3)}</td><td class="wide words">${words(data, p.a) ?? ''}<br>${words(data, p.b) ?? ''}</td></tr>`).join('')}</table></div>`;
}

function outliers(r: AuditReport, data: AuditData | undefined): string {
  const strange = r.outliers?.samples.slice(0, 12) ?? [];
  if (strange.length === 0) return '';
  if (r.kind === 'image' && data !== undefined) return `<h2>Unusual</h2><div class="gallery">${strange.map((o) => `<div class="shot">${picture(data, o.row) ?? ''}no. ${o.row}<br>${escape(o.reason.split(' ')[0] ?? '')}</div>`).join('')}</div>`;
  return `<h2>Unusual</h2><div class="card"><table><tr><th class="num">row</th><th class="num">score</th><th>why</th><th class="most">sample</th></tr>${strange.map((o) => `<tr><td class="num">${o.row}</td><td class="num">${o.score.toFixed(2)}</td><td class="wide">${escape(o.reason)}</td><td class="wide words">${words(data, o.row) ?? ''}</td></tr>`).join('')}</table></div>`;
}

function drift(r: AuditReport): string {
  if (r.drift === null) return '';
  const all = [...r.drift.columns, ...(r.drift.classes === null ? [] : [{ ...r.drift.classes, name: `${r.drift.classes.name} (classes)` }])];
  return `<h2>Training against test</h2>${r.drift.auc === null ? '' : `<p class="soft" style="margin-bottom:12px">A network that tries to tell the two apart reaches an AUC of ${r.drift.auc.toFixed(3)}; 0.5 would be chance.</p>`}<div class="card"><table><tr><th>column</th><th>test</th><th class="num">distance</th><th></th><th class="num">p, adjusted</th></tr>${all.slice(0, ROWS).map((c) => `<tr><td class="name">${escape(c.name)}</td><td>${c.test}</td><td class="num">${c.size.toFixed(3)}</td><td>${track(c.size)}</td><td class="num">${c.p < 1e-4 ? '&lt; 0.0001' : c.p.toFixed(4)}</td></tr>`).join('')}</table></div>`;
}

export { STYLE as AUDIT_STYLE };
