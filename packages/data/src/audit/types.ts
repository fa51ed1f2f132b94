/** What an audit finds out: one typed report. All row numbers count from 0 in the data as given; everything in it is plain JSON. */
import type { ReadProblem } from '../table/problems.ts';
import type { ColumnType } from '../table/column.ts';

export type AuditKind = 'table' | 'image' | 'text';
export type Severity = 'high' | 'medium' | 'low' | 'info';
export type CheckName = 'file' | 'columns' | 'missing' | 'duplicates' | 'leakage' | 'classes' | 'outliers' | 'labels' | 'drift';

/** One thing worth knowing, the gravest first in a report. */
export interface Finding {
  readonly check: CheckName;
  readonly severity: Severity;
  /** one line */
  readonly title: string;
  /** what it means, in a sentence or two */
  readonly detail: string;
  /** rows concerned, at most 1,000 of them; `count` has the full number */
  readonly rows: readonly number[];
  readonly count: number;
  readonly columns: readonly string[];
  /** code that mends it, with `data` the audited data and `report` this report; null where it needs a person */
  readonly fix: string | null;
}

export interface Histogram { readonly from: number; readonly to: number; readonly counts: readonly number[] }
export interface ColumnProfile {
  readonly name: string;
  readonly type: ColumnType;
  readonly missing: number;
  /** ±Infinity */
  readonly nonFinite: number;
  readonly distinct: number;
  /** of numbers (dates: milliseconds since 1970); null for words and where nothing is there */
  readonly numbers: { readonly min: number; readonly max: number; readonly mean: number; readonly deviation: number; readonly median: number; readonly quartiles: readonly [number, number] } | null;
  /** of the numbers; null for words */
  readonly histogram: Histogram | null;
  /** the commonest words with their counts; null for numbers */
  readonly top: readonly { readonly value: string; readonly count: number }[] | null;
  readonly constant: boolean;
  /** every value is there once, as in the numbers of rows: says nothing about a row */
  readonly identifier: boolean;
  /** the earlier column that holds the same */
  readonly copyOf: string | null;
  /** how well it tells the label alone, 0 to 1 (Cramér's V or the correlation ratio); null without label */
  readonly tellsLabel: number | null;
}

/** Two samples that are equal or nearly so. */
export interface Pair { readonly a: number; readonly b: number; /** 1 is equal */ readonly likeness: number }
export interface Duplicates {
  /** rows that repeat an earlier one exactly */
  readonly exact: number;
  readonly near: number;
  /** groups of equal rows, the largest first; at most 100 */
  readonly groups: readonly (readonly number[])[];
  /** the most alike first; at most 1,000 */
  readonly nearPairs: readonly Pair[];
  /** all rows that can go so that one of each group stays; exact repeats only */
  readonly extra: readonly number[];
  /** all rows of equal (or nearly equal) inputs with different labels */
  readonly contradictions: readonly number[];
  /** columns that were left out because they number the rows */
  readonly ignoredColumns: readonly string[];
}
/** Test samples that are in the training data too: `a` is a row of the training data, `b` of the test data. */
export interface Leakage { readonly exact: number; readonly near: number; readonly pairs: readonly Pair[]; /** all rows of the test data concerned */ readonly testRows: readonly number[] }

export interface Classes {
  readonly names: readonly string[];
  readonly counts: readonly number[];
  readonly missing: number;
  /** the largest class over the smallest */
  readonly ratio: number;
  /** entropy of the classes over its largest possible value: 1 is balance */
  readonly balance: number;
  /** for `fit`'s classWeight: total / (classes · count) */
  readonly weights: readonly number[];
}

export interface Outlier { readonly row: number; /** isolation score, 0.5 is usual and 1 alone */ readonly score: number; /** what stands out most */ readonly reason: string }
export interface Outliers {
  /** values further than 3.5 robust deviations from the median, per column (features of images and texts have names of their own) */
  readonly columns: readonly { readonly name: string; readonly count: number; readonly low: number; readonly high: number; readonly rows: readonly number[] }[];
  /** the strangest samples, at most 1,000 */
  readonly samples: readonly Outlier[];
  readonly count: number;
}

export interface LabelIssue { readonly row: number; readonly given: number; readonly suggested: number; /** of the given label, out of fold */ readonly givenP: number; readonly suggestedP: number }
export interface Labels {
  readonly folds: number;
  /** share of the given labels that the models predict, out of fold */
  readonly accuracy: number;
  /** estimated share of wrong labels */
  readonly noise: number;
  /** estimated counts [given][true] */
  readonly joint: readonly (readonly number[])[];
  /** all suspects, the surest first */
  readonly issues: readonly LabelIssue[];
}

export interface DriftColumn { readonly name: string; readonly test: 'KS' | 'chi-square'; /** KS distance or Cramér's V, 0 to 1 */ readonly size: number; /** adjusted for the number of columns (Holm) */ readonly p: number }
export interface Drift {
  readonly columns: readonly DriftColumn[];
  readonly classes: DriftColumn | null;
  /** how well a network tells the two parts apart: 0.5 is not at all; null where it was not asked */
  readonly auc: number | null;
  readonly aucP: number | null;
}

export interface AuditReport {
  readonly kind: AuditKind;
  readonly name: string;
  readonly rows: number;
  readonly testRows: number | null;
  readonly label: string | null;
  readonly seed: number;
  readonly seconds: number;
  /** what was wrong in the file itself */
  readonly problems: readonly ReadProblem[];
  readonly columns: readonly ColumnProfile[];
  readonly duplicates: Duplicates | null;
  readonly leakage: Leakage | null;
  readonly classes: Classes | null;
  readonly outliers: Outliers | null;
  readonly labels: Labels | null;
  readonly drift: Drift | null;
  /** checks that were not done, and why */
  readonly skipped: readonly string[];
  readonly findings: readonly Finding[];
}
