/**
 * Which optimizer? Each is given the same number of epochs and the same number of trials to find its learning rate; then all run with the same seeds, and differences are tested in
 * pairs. The data on which rates are chosen are not those on which optimizers are compared.
 */
import { AbortedError, optimizers, StateError, ValueError, type Model } from '@limelight/core';
import type { Chart } from '../plot/chart.ts';
import { svgChart } from '../plot/svg.ts';
import { textChart } from '../plot/text.ts';
import { Random, seedOf } from '../random.ts';
import { holm, mean, pairedTest, summarize, type Summary } from '../stats/statistics.ts';
import { directionOf, find, signOf, type Direction } from '../study/objective.ts';
import { checkData, takeData, type LabelledData } from '../validation/rows.ts';

export interface OptimizerEntry {
  readonly make: (learningRate: number) => optimizers.Optimizer;
  /** range in which its learning rate is looked for */ readonly rates: readonly [low: number, high: number];
}
/** The optimizers by name, each with the range of its usual rates. */
export const OPTIMIZERS = {
  sgd: { make: (learningRate: number) => optimizers.sgd({ learningRate }), rates: [1e-3, 1] },
  momentum: { make: (learningRate: number) => optimizers.sgd({ learningRate, momentum: 0.9 }), rates: [1e-4, 0.3] },
  nesterov: { make: (learningRate: number) => optimizers.sgd({ learningRate, momentum: 0.9, nesterov: true }), rates: [1e-4, 0.3] },
  rmsprop: { make: (learningRate: number) => optimizers.rmsprop({ learningRate }), rates: [1e-4, 3e-2] },
  adagrad: { make: (learningRate: number) => optimizers.adagrad({ learningRate }), rates: [1e-3, 0.3] },
  adam: { make: (learningRate: number) => optimizers.adam({ learningRate }), rates: [1e-4, 3e-2] },
  nadam: { make: (learningRate: number) => optimizers.nadam({ learningRate }), rates: [1e-4, 3e-2] },
  adamW: { make: (learningRate: number) => optimizers.adamW({ learningRate }), rates: [1e-4, 3e-2] },
  lion: { make: (learningRate: number) => optimizers.lion({ learningRate }), rates: [1e-5, 3e-3] },
  muon: { make: (learningRate: number) => optimizers.muon({ learningRate }), rates: [1e-3, 0.1] },
} as const satisfies Readonly<Record<string, OptimizerEntry>>;
export type ComparedOptimizer = keyof typeof OPTIMIZERS;

export interface CompareOptions {
  /** names, or optimizers of your own by name; default: sgd, momentum, rmsprop, adam, adamW, lion, muon */ readonly optimizers?: readonly ComparedOptimizer[] | Readonly<Record<string, OptimizerEntry>>;
  /** of every run; default 5 */ readonly epochs?: number;
  /** default 32 */ readonly batchSize?: number;
  /** runs of each optimizer in the comparison; default 5 */ readonly seeds?: number;
  /** rates that each optimizer tries, evenly spread on a logarithmic scale; default 5 */ readonly rateTrials?: number;
  /** quantity that is compared; default 'loss' */ readonly metric?: string;
  /** share of the data that is kept from training, half to choose rates, half to compare; default 0.3 */ readonly holdout?: number;
  /** level of the test; default 0.05 */ readonly level?: number;
  /** default 0 */ readonly seed?: number;
  readonly signal?: AbortSignal;
  readonly onRun?: (run: { readonly optimizer: string; readonly learningRate: number; readonly phase: 'rate' | 'compare'; readonly score: number; readonly done: number; readonly total: number }) => void;
}
export interface ComparedRow {
  readonly name: string;
  readonly learningRate: number;
  /** the best rate is at the end of its range: a wider one may be better */ readonly atEdge: boolean;
  /** what each rate gave */ readonly tried: readonly { readonly learningRate: number; readonly score: number }[];
  readonly summary: Summary;
  /** mean over the seeds by epoch, on the data for the comparison */ readonly curve: readonly number[];
  readonly secondsPerRun: number;
  /** against the best: mean difference, and p (paired t-test, Holm); null for the best and for one that diverged */ readonly against: { readonly difference: number; readonly p: number } | null;
}
export interface OptimizerComparison {
  /** best first */ readonly rows: readonly ComparedRow[];
  readonly best: string;
  readonly metric: string;
  /** what may be said, with the test that says it */ readonly statement: string;
  readonly chart: Chart;
  text(): string;
  svg(): string;
}

/** @param build makes a model compiled with the given optimizer */
export async function compareOptimizers(build: (context: { readonly optimizer: optimizers.Optimizer; readonly seed: number }) => Model | Promise<Model>, data: LabelledData, options: CompareOptions = {}): Promise<OptimizerComparison> {
  const { epochs = 5, batchSize = 32, seeds = 5, rateTrials = 5, metric = 'loss', holdout = 0.3, level = 0.05, seed = 0, signal, onRun } = options;
  const samples = checkData(data, 'compareOptimizers'), table = tableOf(options.optimizers), names = Object.keys(table), direction = directionOf(metric);
  if (direction === null) throw new ValueError(`compareOptimizers: whether '${metric}' is better high or low cannot be told from its name; use loss, accuracy, …`);
  if (names.length < 2 || seeds < 2) throw new ValueError(`compareOptimizers: needs at least two optimizers and two seeds, not ${names.length} and ${seeds}.`);
  const kept = Math.round(samples * holdout), order = new Random(seed, 0xc0).shuffle(Int32Array.from({ length: samples }, (_, i) => i));
  if (kept < 2 || kept >= samples) throw new ValueError(`compareOptimizers: holdout ${holdout} of ${samples} samples leaves nothing to train on, or nothing to compare on.`);
  const part = (from: number, to: number): LabelledData => takeData(data, order.slice(from, to).sort(), samples), train = part(kept, samples), choose = part(0, kept >> 1), compare = part(kept >> 1, kept);
  let done = 0;
  const total = names.length * (rateTrials + seeds);
  const one = async (name: string, learningRate: number, own: number, on: LabelledData, phase: 'rate' | 'compare'): Promise<{ score: number; curve: number[]; seconds: number }> => {
    if (signal?.aborted === true) throw new AbortedError();
    const started = performance.now(), model = await build({ optimizer: (table[name] as OptimizerEntry).make(learningRate), seed: seedOf(seed, own) });
    if (!model.compiled) throw new StateError('compareOptimizers: build gave a model that is not compiled. Call model.compile({ optimizer, loss, metrics }) with the optimizer that it is given.');
    const { history } = await model.fit(train.x, train.y, { epochs, batchSize, verbose: 0, validationData: [on.x, on.y] as never, ...(signal === undefined ? {} : { signal }) });
    const last = Object.fromEntries(Object.entries(history).map(([key, list]) => [key, list.at(-1) ?? Number.NaN])), key = Object.keys(history).find((h) => find({ [h]: 1 }, `val_${metric}`) === 1);
    if (key === undefined) throw new ValueError(`compareOptimizers: there is no quantity '${metric}'; the model gives ${Object.keys(history).filter((h) => !h.startsWith('val_')).join(', ')}.`);
    const score = last[key] ?? Number.NaN;
    onRun?.({ optimizer: name, learningRate, phase, score, done: ++done, total });
    return { score, curve: history[key] ?? [], seconds: (performance.now() - started) / 1000 };
  };
  const worst = -signOf(direction) * Infinity, sign = signOf(direction), better = (a: number, b: number): boolean => sign * ((Number.isNaN(a) ? worst : a) - (Number.isNaN(b) ? worst : b)) > 0;
  const rows: (Omit<ComparedRow, 'against'> & { readonly scores: readonly number[] })[] = [];
  for (const name of names) {
    const { rates: [low, high] } = table[name] as OptimizerEntry, tried: { learningRate: number; score: number }[] = [];
    for (let i = 0; i < rateTrials; i++) {
      const learningRate = Number((rateTrials === 1 ? Math.sqrt(low * high) : low * (high / low) ** (i / (rateTrials - 1))).toPrecision(2));
      tried.push({ learningRate, score: (await one(name, learningRate, 0, choose, 'rate')).score });
    }
    const best = tried.reduce((a, b) => (better(b.score, a.score) ? b : a)), runs: Awaited<ReturnType<typeof one>>[] = [];
    for (let s = 1; s <= seeds; s++) runs.push(await one(name, best.learningRate, s, compare, 'compare'));
    const scores = runs.map((r) => r.score);
    rows.push({
      name, learningRate: best.learningRate, atEdge: rateTrials > 1 && (best === tried[0] || best === tried.at(-1)), tried, scores, summary: summarize(scores), secondsPerRun: mean(runs.map((r) => r.seconds)),
      curve: Array.from({ length: epochs }, (_, e) => mean(runs.map((r) => r.curve[e] ?? Number.NaN))),
    });
  }
  rows.sort((a, b) => (better(a.summary.mean, b.summary.mean) ? -1 : better(b.summary.mean, a.summary.mean) ? 1 : 0));
  const [first] = rows;
  if (first === undefined || Number.isNaN(first.summary.mean)) throw new ValueError('compareOptimizers: every optimizer diverged. Look at the data, or give lower rates.');
  const rest = rows.slice(1).filter((r) => r.scores.every(Number.isFinite)), tests = rest.map((r) => pairedTest(first.scores, r.scores)), corrected = holm(tests.map((t) => t.p));
  const full = rows.map(({ scores: _scores, ...row }): ComparedRow => {
    const k = rest.findIndex((r) => r.name === row.name);
    return { ...row, against: k < 0 ? null : { difference: tests[k]?.difference ?? Number.NaN, p: corrected[k] ?? 1 } };
  });
  const chart: Chart = {
    title: `${first.name} is ahead after ${epochs} epochs (mean of ${seeds} seeds, tuned rates)`, x: { label: 'epoch' }, y: { label: `${metric} on held-out data`, log: metric.endsWith('loss') },
    series: full.map((row) => ({ name: `${row.name} ${row.learningRate}`, x: row.curve.map((_, e) => e + 1), y: row.curve })),
  };
  return { rows: full, best: first.name, metric, statement: say(full, { direction, metric, seeds, level }), chart, text: () => textChart(chart), svg: () => svgChart(chart) };
}

function tableOf(given: CompareOptions['optimizers']): Readonly<Record<string, OptimizerEntry>> {
  const names = given ?? ['sgd', 'momentum', 'rmsprop', 'adam', 'adamW', 'lion', 'muon'];
  if (!isNames(names)) return names;
  return Object.fromEntries(names.map((name) => {
    if (!(name in OPTIMIZERS)) throw new ValueError(`compareOptimizers: unknown optimizer '${name}'. Known: ${Object.keys(OPTIMIZERS).join(', ')}; others as { name: { make, rates } }.`);
    return [name, OPTIMIZERS[name]];
  }));
}
const isNames = (given: NonNullable<CompareOptions['optimizers']>): given is readonly ComparedOptimizer[] => Array.isArray(given);

function say(rows: readonly ComparedRow[], o: { readonly direction: Direction; readonly metric: string; readonly seeds: number; readonly level: number }): string {
  const [best] = rows, worse = rows.filter((r) => r.against !== null && r.against.p < o.level), same = rows.filter((r) => r.against !== null && r.against.p >= o.level), diverged = rows.slice(1).filter((r) => r.against === null);
  const list = (some: readonly ComparedRow[]): string => some.map((r) => (r.against === null ? r.name : `${r.name} (p ${r.against.p < 0.001 ? '< 0.001' : `= ${r.against.p.toFixed(3)}`})`)).join(', ');
  return [
    `${best?.name} has the ${o.direction === 'minimize' ? 'lowest' : 'highest'} ${o.metric}: ${best?.summary.mean.toPrecision(4)} ± ${best?.summary.deviation.toPrecision(2)} over ${o.seeds} seeds.`,
    worse.length > 0 ? `Better than ${list(worse)} beyond chance at the ${100 * o.level} % level.` : '',
    same.length > 0 ? `Not told apart from ${list(same)}.` : '',
    diverged.length > 0 ? `Diverged: ${list(diverged)}.` : '',
    '(Paired t-test over the seeds, two-sided, corrected for several comparisons by Holm.)',
  ].filter((s) => s !== '').join(' ');
}
