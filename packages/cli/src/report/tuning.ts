/** The report's tuning table: how the score went over the trials, against each parameter, and the best trials with their settings. */
import { readStudies, type Distribution, type StudySummary, type TrialRecord } from '@limelight/tune';
import { brief, dot, escape, plot, polyline, room } from './charts.ts';
import type { Section } from './page.ts';

const SHOWN = 10, MOST_PARAMETERS = 12;

/** A section for each study of a journal that has trials. Throws FormatError where it is no journal. */
export function tuningSections(journal: string, name: string): Section[] {
  return readStudies(journal).filter((s) => s.trials.length > 0).map((study) => section(study, name));
}
const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;

function section(study: StudySummary, journal: string): Section {
  const { ranked, trials, goals } = study, [goal] = goals, [best] = ranked, state = (s: TrialRecord['state']): number => trials.filter((t) => t.state === s).length;
  const others = [[state('pruned'), 'stopped early'], [state('failed'), 'failed'], [state('running') + state('waiting'), 'not finished']].filter(([n]) => n !== 0).map(([n, what]) => `${n} ${what}`);
  const note = `Study '${study.name}' of ${journal}: ${count(trials.length, 'trial')}${others.length === 0 ? '' : ` (${others.join(', ')})`}, ${goals.map((g) => `${g.direction} ${g.name}`).join(', ')}.`, rest = ' Percentages: how much of the variation of the ranks of the scores a parameter alone accounts for.';
  if (best === undefined || goal === undefined) return { title: 'Tuning', note, html: '<p>No trial has come to its end, so there is nothing to compare.</p>' };
  const drawn = [progress(study), ...parameterPlots(study)];
  return { title: 'Tuning', note: drawn.length > 1 ? note + rest : note, html: `<div class="row small">${drawn.join('')}</div>${table(study)}` };
}
const valueOf = (trial: TrialRecord): number => trial.values?.[0] ?? Number.NaN;

/** The scores that are worth telling apart: what is far below the middle (far above, where less is better) is drawn at the edge, so that the others do not lie on one line. */
export function scale({ ranked, goals }: Pick<StudySummary, 'ranked' | 'goals'>): { readonly low: number; readonly high: number; readonly within: (v: number) => number } {
  const values = ranked.map(valueOf), best = values[0] ?? 0, middle = values[Math.floor(values.length / 2)] ?? best, worst = values.at(-1) ?? best, reach = 3 * Math.abs(best - middle), up = goals[0]?.direction === 'maximize';
  const end = reach > 0 && Math.abs(worst - best) > 1.5 * reach ? (up ? best - reach : best + reach) : worst, { low, high } = room([best, end]);
  return { low, high, within: (v) => (up ? Math.max(v, end) : Math.min(v, end)) };
}
/** A trial at its place; hollow where its score lies beyond the edge. */
function trialDot(x: number, y: (v: number) => number, trial: TrialRecord, within: (v: number) => number, best: boolean, hint: string): string {
  const value = valueOf(trial), shown = within(value);
  return dot(x, y(shown), shown !== value ? 'edge' : best ? 'l0' : 'l1', best ? 4.5 : 3.2, hint);
}
/** Scores of complete trials with the best so far. */
function progress({ ranked, goals }: StudySummary): string {
  const [goal] = goals, { low, high, within } = scale({ ranked, goals }), inOrder = ranked.toSorted((a, b) => a.number - b.number), numbers = inOrder.map((t) => t.number), up = goal?.direction === 'maximize';
  let so = up ? -Infinity : Infinity;
  const best = inOrder.map((t) => (so = up ? Math.max(so, valueOf(t)) : Math.min(so, valueOf(t))));
  return plot({
    title: `${goal?.name ?? 'value'} by trial`, width: 300, height: 180, x: { ...room(numbers, 0.03), whole: true }, y: { low, high }, legend: [{ name: 'trial', look: 'l1 round' }, { name: 'best so far', look: 'l0' }, ...(inOrder.some((t) => within(valueOf(t)) !== valueOf(t)) ? [{ name: 'beyond the scale', look: 'hollow' }] : [])],
  }, (x, y) => polyline(inOrder.map((t, i) => [x(t.number), y(within(best[i] ?? 0))]), 'l0 solid') + inOrder.map((t) => trialDot(x(t.number), y, t, within, false, `trial ${t.number}: ${brief(valueOf(t))}`)).join(''));
}
/** Score against each parameter that varied, those first that tell most about it. */
function parameterPlots(study: StudySummary): string[] {
  const { ranked } = study, names = [...new Set(ranked.flatMap((t) => [...t.distributions.keys()]))];
  return names.map((name) => ({ name, tells: tellsScore(study, name) })).filter(({ tells }) => tells !== null).toSorted((a, b) => (b.tells ?? 0) - (a.tells ?? 0)).slice(0, MOST_PARAMETERS).map(({ name, tells }) => against(study, name, tells ?? 0));
}
const placeOf = (d: Distribution | undefined, inside: number): number => (d !== undefined && d.kind !== 'choice' && d.log ? Math.log(inside) : inside);
/**
 * How much of the variation of the ranks of the scores a parameter alone accounts for, 0 to 1: Spearman's correlation squared; of choices, the correlation ratio of
 * the ranks. Ranks, so that one trial that went wrong does not decide. null: it did not vary.
 */
export function tellsScore({ ranked }: Pick<StudySummary, 'ranked'>, name: string): number | null {
  const own = ranked.filter((t) => t.inside.has(name)), kind = own[0]?.distributions.get(name)?.kind, places = own.map((t) => t.inside.get(name) ?? 0), scores = ranksOf(own.map(valueOf));
  if (own.length < 3 || new Set(places).size < 2) return null;
  const mean = (own.length - 1) / 2, total = scores.reduce((s, r) => s + (r - mean) ** 2, 0);
  if (total === 0) return 0;
  if (kind === 'choice') {
    const groups = groupsOf(places, scores);
    return [...groups.values()].reduce((s, g) => s + g.length * (g.reduce((a, b) => a + b, 0) / g.length - mean) ** 2, 0) / total;
  }
  const order = ranksOf(places), spread = order.reduce((s, r) => s + (r - mean) ** 2, 0), together = order.reduce((s, r, i) => s + (r - mean) * ((scores[i] ?? 0) - mean), 0);
  return together ** 2 / (spread * total);
}
function groupsOf(keys: readonly number[], values: readonly number[]): Map<number, number[]> {
  const groups = new Map<number, number[]>();
  keys.forEach((key, i) => { const group = groups.get(key) ?? []; group.push(values[i] ?? 0); groups.set(key, group); });
  return groups;
}
/** Ranks from 0 on; equal values share the mean of theirs. */
function ranksOf(values: readonly number[]): number[] {
  return values.map((v) => { let below = 0, equal = 0; for (const w of values) { if (w < v) below++; else if (w === v) equal++; } return below + (equal - 1) / 2; });
}
function against({ ranked, goals }: StudySummary, name: string, tells: number): string {
  const { low, high, within } = scale({ ranked, goals }), own = ranked.filter((t) => t.inside.has(name)), d = own[0]?.distributions.get(name), inside = (t: TrialRecord): number => t.inside.get(name) ?? 0, values = own.map(inside);
  const words = d?.kind === 'choice' ? d.choices.map((c) => String(c)) : undefined, log = d !== undefined && d.kind !== 'choice' && d.log;
  const ends = log ? room(values.map((v) => placeOf(d, v)), 0.05) : room(values, 0.05), x = words !== undefined ? { low: -0.5, high: words.length - 0.5, words } : log ? { low: Math.exp(ends.low), high: Math.exp(ends.high), log } : { ...ends, whole: d?.kind === 'int' };
  return plot({ title: `${name} · accounts for ${(100 * tells).toFixed(0)} %`, width: 300, height: 180, x, y: { low, high } }, (px, py) => own.map((t) =>
    trialDot(px(inside(t)), py, t, within, t === ranked[0], `trial ${t.number}: ${name} ${String(t.params.get(name))}, ${goals[0]?.name ?? 'value'} ${brief(valueOf(t))}`)).join(''));
}
function table({ ranked, goals }: StudySummary): string {
  const top = ranked.slice(0, SHOWN), names = [...new Set(top.flatMap((t) => [...t.params.keys()]))], cell = (v: unknown): string => (typeof v === 'number' ? (Number.isInteger(v) ? String(v) : Number(v.toPrecision(3)).toString()) : v === undefined ? '' : escape(String(v)));
  const head = `<tr><th>trial</th>${goals.map((g) => `<th>${escape(g.name)}</th>`).join('')}${names.map((n) => `<th>${escape(n)}</th>`).join('')}<th>seconds</th></tr>`;
  const seconds = (t: TrialRecord): string => { const s = t.userAttributes.get('seconds') ?? (t.started === null || t.ended === null ? null : (t.ended.getTime() - t.started.getTime()) / 1000); return typeof s === 'number' ? s.toFixed(1) : ''; };
  const rows = top.map((t, i) => `<tr${i === 0 ? ' class="best"' : ''}><td>${t.number}</td>${goals.map((_, g) => `<td>${(t.values?.[g] ?? Number.NaN).toPrecision(4)}</td>`).join('')}${names.map((n) => `<td>${cell(t.params.get(n))}</td>`).join('')}<td>${seconds(t)}</td></tr>`);
  return `<div class="wide"><table class="plain numbers">${head}${rows.join('')}</table></div>${ranked.length > SHOWN ? `<p class="note">The best ${SHOWN} of ${ranked.length} complete trials${goals.length > 1 ? `, by ${escape(goals[0]?.name ?? '')}` : ''}.</p>` : ''}`;
}
