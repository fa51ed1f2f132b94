/**
 * From what was measured to what to do: findings in order of gravity, each with code that mends it where code can. The code speaks of `data` (what
 * was audited, a Table or { x, y }) and `report`.
 */
import type { AuditReport, CheckName, Finding, Severity } from './types.ts';

const ORDER = { high: 0, medium: 1, low: 2, info: 3 } as const satisfies Record<Severity, number>;
const MOST = 1000;

type Parts = Omit<AuditReport, 'findings' | 'seconds'>;
interface Draft { readonly check: CheckName; readonly severity: Severity; readonly title: string; readonly detail: string; readonly rows?: readonly number[]; readonly count?: number; readonly columns?: readonly string[]; readonly fix?: string | null }

const share = (part: number, whole: number): string => { const s = (100 * part) / Math.max(1, whole); return s > 0 && s < 0.1 ? 'under 0.1 %' : `${s < 10 ? s.toFixed(1) : s.toFixed(0)} %`; };
const many = (n: number, word: string): string => `${n.toLocaleString('en-US')} ${word}${n === 1 ? '' : 's'}`;
const quoted = (name: string): string => `'${name.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
const listed = (names: readonly string[]): string => (names.length <= 4 ? names.join(', ') : `${names.slice(0, 4).join(', ')} and ${names.length - 4} more`);

export function findingsOf(parts: Parts): Finding[] {
  const drafts = [...ofFile(parts), ...ofColumns(parts), ...ofDuplicates(parts), ...ofClasses(parts), ...ofOutliers(parts), ...ofLabels(parts), ...ofDrift(parts)];
  return drafts.map((draft): Finding => ({
    check: draft.check, severity: draft.severity, title: draft.title, detail: draft.detail, rows: (draft.rows ?? []).slice(0, MOST),
    count: draft.count ?? draft.rows?.length ?? draft.columns?.length ?? 0, columns: draft.columns ?? [], fix: draft.fix ?? null,
  })).sort((a, b) => ORDER[a.severity] - ORDER[b.severity]);
}

const MEND_FILE = { 'ragged row': 'Rows with too few cells were filled up, rows with too many cut.', 'bad value': 'They were read as missing.', 'broken line': 'These lines were left out.', 'unknown column': 'These columns were left out.', header: 'They were given names.' } as const;

function ofFile({ problems, rows }: Parts): Draft[] {
  return problems.map(({ kind, count, examples }): Draft => ({
    check: 'file', severity: kind === 'header' || kind === 'unknown column' ? 'low' : count > rows / 100 ? 'high' : 'medium', count,
    title: kind === 'header' ? `${many(count, 'column')} without a name of their own` : `${many(count, kind)} in the file`, detail: `${examples[0] ?? ''} ${MEND_FILE[kind]}`,
    fix: kind === 'bad value' ? `const words = ${JSON.stringify(wordsIn(examples))};\nconst again = await openTable(path, { missing: words }).read(); // if these mean "no value"` : null,
  }));
}
const wordsIn = (examples: readonly string[]): string[] => [...new Set(examples.flatMap((example) => /has '(.*)', which/.exec(example)?.[1] ?? []))];

function ofColumns({ columns, rows, label, kind }: Parts): Draft[] {
  if (kind !== 'table') return [];
  const out: Draft[] = [], named = (test: (c: Parts['columns'][number]) => boolean): string[] => columns.filter(test).map((c) => c.name);
  const empty = named((c) => c.missing === rows);
  if (empty.length > 0) out.push({ check: 'columns', severity: 'medium', title: `${many(empty.length, 'empty column')}: ${listed(empty)}`, detail: 'Not a single value stands there.', columns: empty, fix: `data = data.dropColumns([${empty.map(quoted).join(', ')}]);` });
  const constant = named((c) => c.constant);
  if (constant.length > 0) out.push({ check: 'columns', severity: 'medium', title: `${many(constant.length, 'constant column')}: ${listed(constant)}`, detail: 'The same value in every row tells nothing; a network only pays for it.', columns: constant, fix: `data = data.dropColumns([${constant.map(quoted).join(', ')}]);` });
  const copies = columns.filter((c) => c.copyOf !== null && !c.constant && c.missing < rows);
  if (copies.length > 0) out.push({ check: 'columns', severity: 'medium', title: `${many(copies.length, 'column')} hold${copies.length === 1 ? 's' : ''} what another holds: ${listed(copies.map((c) => `${c.name} = ${c.copyOf}`))}`, detail: 'A copy adds weight, not knowledge. Where one of them is the label, it gives the answer away.', columns: copies.map((c) => c.name), fix: `data = data.dropColumns([${copies.map((c) => quoted(c.name)).join(', ')}]);` });
  const ids = named((c) => c.identifier && c.name !== label);
  if (ids.length > 0) out.push({ check: 'columns', severity: 'low', title: `${many(ids.length, 'column')} only number${ids.length === 1 ? 's' : ''} the rows: ${listed(ids)}`, detail: 'Every value comes once. A network can learn such a column by heart, and learns nothing for new rows.', columns: ids, fix: `data = data.dropColumns([${ids.map(quoted).join(', ')}]);` });
  for (const c of columns) {
    if (c.missing > 0 && c.missing < rows) {
      const much = c.missing > 0.4 * rows, isLabel = c.name === label, fill = c.type === 'category' ? "'mode'" : c.type === 'text' ? "''" : "'median'";
      out.push({ check: 'missing', severity: isLabel ? 'high' : much ? 'medium' : 'low', count: c.missing, title: `${c.name}: ${many(c.missing, 'value')} missing (${share(c.missing, rows)})`, columns: [c.name],
        detail: isLabel ? 'Rows without a label cannot be learned from.' : much ? 'So much is missing that filling would invent a column; that a value is missing may itself tell something.' : 'Networks take no gaps: they are filled, or their rows left out.',
        fix: isLabel ? `data = data.dropMissing([${quoted(c.name)}]);` : much ? `data = data.dropColumns([${quoted(c.name)}]);` : `data = data.fill(${quoted(c.name)}, ${fill});` });
    }
    if (c.nonFinite > 0) out.push({ check: 'missing', severity: 'high', count: c.nonFinite, title: `${c.name}: ${many(c.nonFinite, 'infinite value')}`, detail: 'One infinite input makes every weight of a network NaN.', columns: [c.name], fix: `data = data.with({ ...data.column(${quoted(c.name)}), values: data.column(${quoted(c.name)}).values.map((v) => (Number.isFinite(v) ? v : NaN)) }).fill(${quoted(c.name)}, 'median');` });
    if ((c.tellsLabel ?? 0) > 0.98 && !c.identifier) out.push({ check: 'leakage', severity: 'high', title: `${c.name} alone tells ${label ?? 'the label'}`, detail: `Association ${(c.tellsLabel ?? 0).toFixed(3)} of 1. Will it be known when the model is used, or was it written down after the answer?`, columns: [c.name], count: 1, fix: `data = data.dropColumns([${quoted(c.name)}]); // unless it is known beforehand` });
  }
  return out;
}

function ofDuplicates({ duplicates, leakage, rows, testRows, kind }: Parts): Draft[] {
  const out: Draft[] = [], thing = kind === 'table' ? 'row' : kind;
  if (leakage !== null && leakage.testRows.length > 0) {
    const part = leakage.testRows.length / Math.max(1, testRows ?? 1);
    out.push({ check: 'leakage', severity: leakage.exact > 0 && part > 0.001 ? 'high' : leakage.exact > 0 || kind === 'text' ? 'medium' : 'low', count: leakage.testRows.length, rows: leakage.testRows,
      title: leakage.exact === 0 ? `${many(leakage.testRows.length, `test ${thing}`)} ${leakage.testRows.length === 1 ? 'is' : 'are'} nearly equal to one of the training data` : `${many(leakage.testRows.length, `test ${thing}`)} ${leakage.testRows.length === 1 ? 'is' : 'are'} in the training data too (${leakage.exact.toLocaleString('en-US')} exactly)`,
      detail: `${leakage.exact === 0 ? 'Copies, or things that look alike by nature: look at some.' : 'A test that the model has seen in training says nothing about new data.'} Numbers are of the test data.`, fix: 'test = dropRows(test, report.leakage.testRows);' });
  }
  if (duplicates === null) return out;
  if (duplicates.exact > 0) {
    out.push({ check: 'duplicates', severity: duplicates.exact > rows / 100 ? 'medium' : 'low', count: duplicates.exact, rows: duplicates.extra, title: `${many(duplicates.exact, thing)} repeat${duplicates.exact === 1 ? 's' : ''} an earlier one exactly (${share(duplicates.exact, rows)})`,
      detail: 'Repeats count double in training, and split between folds they make a validation look too good.', fix: 'data = dropRows(data, report.duplicates.extra);' });
  }
  if (duplicates.near > 0) {
    out.push({ check: 'duplicates', severity: duplicates.near > rows / 20 ? 'low' : 'info', count: duplicates.near, rows: duplicates.nearPairs.map(({ b }) => b), title: `${many(duplicates.near, 'pair')} of ${thing}s are nearly equal`,
      detail: 'The same thing copied, cropped, compressed or re-typed, or measured twice. Look at some before you drop them.', fix: 'data = dropRows(data, report.duplicates.nearPairs.map((pair) => pair.b));' });
  }
  if (duplicates.contradictions.length > 0) {
    out.push({ check: 'labels', severity: duplicates.contradictions.length > rows / 100 ? 'high' : 'medium', count: duplicates.contradictions.length, rows: duplicates.contradictions, title: `${many(duplicates.contradictions.length, `${thing}`)} of equal input carry different labels`,
      detail: 'No model can be right about both. One of the labels is wrong, or a column that tells them apart is not there.', fix: 'data = dropRows(data, report.duplicates.contradictions);' });
  }
  return out;
}

function ofClasses({ classes, rows }: Parts): Draft[] {
  if (classes === null) return [];
  const out: Draft[] = [], few = classes.names.filter((_, c) => (classes.counts[c] ?? 0) < 10);
  if (classes.ratio >= 3) {
    const most = classes.counts.indexOf(Math.max(...classes.counts)), present = classes.counts.map((n) => (n === 0 ? Infinity : n)), least = present.indexOf(Math.min(...present));
    out.push({ check: 'classes', severity: classes.ratio >= 20 ? 'high' : classes.ratio >= 5 ? 'medium' : 'low', count: classes.counts[least] ?? 0, title: `classes are unequal: ${classes.names[most]} has ${classes.ratio.toFixed(classes.ratio < 10 ? 1 : 0)} × as many as ${classes.names[least]}`,
      detail: `Always answering ${classes.names[most]} would be right in ${share(classes.counts[most] ?? 0, rows)}: compare accuracy with that, or look at each class.`, fix: 'await model.fit(x, y, { classWeight: { ...report.classes.weights } });' });
  }
  if (few.length > 0) out.push({ check: 'classes', severity: 'medium', count: few.length, columns: few, title: `${many(few.length, 'class').replace(/classs$/, 'classes')} with fewer than 10 samples: ${listed(few)}`, detail: 'Too few to learn from and to test on. Collect more, merge them, or leave them out.' });
  if (classes.missing > 0 && classes.missing < rows) out.push({ check: 'labels', severity: 'high', count: classes.missing, title: `${many(classes.missing, 'sample')} without a label`, detail: 'They cannot be learned from; the other checks left them out where they need a label.' });
  return out;
}

function ofOutliers({ outliers, rows, kind }: Parts): Draft[] {
  if (outliers === null) return [];
  const out: Draft[] = [], thing = kind === 'table' ? 'row' : kind;
  if (outliers.count > 0) out.push({ check: 'outliers', severity: outliers.count > rows / 20 ? 'info' : 'low', count: outliers.count, rows: outliers.samples.map((o) => o.row), title: `${many(outliers.count, `unusual ${thing}`)} (${share(outliers.count, rows)})`,
    detail: `The strangest: ${thing} ${outliers.samples[0]?.row ?? 0}, ${outliers.samples[0]?.reason ?? ''}. Errors of measurement, or the cases that matter most: look at them.`, fix: 'data = dropRows(data, report.outliers.samples.map((outlier) => outlier.row)); // after looking at them' });
  if (kind === 'table') {
    for (const column of outliers.columns) {
      if (column.count === 0) continue;
      const heavy = column.count > rows / 20;
      out.push({ check: 'outliers', severity: 'info', count: column.count, rows: column.rows, columns: [column.name], title: `${column.name}: ${many(column.count, 'value')} far from the median (${share(column.count, rows)})`,
        detail: heavy ? 'So many that this is a long tail and no error: a logarithm or quantiles make it easier to learn.' : 'More than 3.5 robust deviations away.',
        fix: `data = data.with({ ...data.column(${quoted(column.name)}), values: data.column(${quoted(column.name)}).values.map((v) => ${heavy ? 'Math.sign(v) * Math.log1p(Math.abs(v))' : `Math.min(${Number(column.high.toPrecision(6))}, Math.max(${Number(column.low.toPrecision(6))}, v))`}) });` });
    }
  }
  return out;
}

function ofLabels({ labels, classes, rows }: Parts): Draft[] {
  if (labels === null || labels.issues.length === 0) return [];
  const [first] = labels.issues, name = (c: number): string => classes?.names[c] ?? String(c), part = labels.issues.length / rows;
  return [{ check: 'labels', severity: part > 0.02 ? 'high' : part > 0.005 ? 'medium' : 'low', count: labels.issues.length, rows: labels.issues.map((issue) => issue.row),
    title: `${many(labels.issues.length, 'label')} look${labels.issues.length === 1 ? 's' : ''} wrong (${share(labels.issues.length, rows)})`,
    detail: `By models that had not seen them (${labels.folds} folds, ${share(labels.accuracy, 1)} of the labels predicted). The surest: sample ${first?.row ?? 0} is labelled ${name(first?.given ?? 0)} and looks like ${name(first?.suggested ?? 0)}. Look at the first ones; the end of the list is less sure.`,
    fix: 'data = dropRows(data, report.labels.issues.map((issue) => issue.row)); // or have them labelled again' }];
}

function ofDrift({ drift }: Parts): Draft[] {
  if (drift === null) return [];
  const out: Draft[] = [], moved = drift.columns.filter((c) => c.p < 0.01 && c.size > 0.1);
  if (moved.length > 0) out.push({ check: 'drift', severity: moved.some((c) => c.size > 0.3) ? 'high' : 'medium', count: moved.length, columns: moved.map((c) => c.name), title: `${many(moved.length, 'column')} differ${moved.length === 1 ? 's' : ''} between training and test: ${listed(moved.map((c) => c.name))}`,
    detail: `${moved[0]?.name ?? ''} most: distance ${(moved[0]?.size ?? 0).toFixed(2)} of 1 (${moved[0]?.test ?? ''}, p ${(moved[0]?.p ?? 0) < 1e-4 ? 'under 0.0001' : (moved[0]?.p ?? 0).toFixed(4)}). A model trained on one is a stranger to the other: split anew at random, or find out what changed.` });
  if (drift.classes !== null && drift.classes.p < 0.01 && drift.classes.size > 0.1) out.push({ check: 'drift', severity: 'medium', count: 1, title: 'the classes are mixed differently in training and test', detail: `Cramér's V ${drift.classes.size.toFixed(2)}. Split anew so that each part has the same shares of the classes.` });
  if (drift.auc !== null && drift.auc > 0.6 && (drift.aucP ?? 1) < 0.01) out.push({ check: 'drift', severity: drift.auc > 0.8 ? 'high' : drift.auc > 0.7 ? 'medium' : 'low', count: 1, title: `a network tells training from test samples (AUC ${drift.auc.toFixed(2)}, 0.5 is chance)`, detail: 'Taken together the two parts are not drawn alike, even where each column by itself looks so.' });
  return out;
}
