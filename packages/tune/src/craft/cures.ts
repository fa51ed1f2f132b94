/** The cures for over-fitting and under-fitting, and short trials that measure what each would do here. */
import { AbortedError, type Model } from '@limelight/core';
import { seedOf } from '../random.ts';
import { mean, pairedTest } from '../stats/statistics.ts';
import { Random } from '../random.ts';
import { takeData } from '../validation/rows.ts';
import type { DoctorData } from './diagnose.ts';
import type { Verdict } from './verdict.ts';
import { variantOf, type Change } from './variant.ts';

export interface MeasureOptions {
  /** runs of each trial; default 3 */ readonly seeds?: number;
  /** epochs of each run; default: those of the history */ readonly epochs?: number;
  /** default 32 */ readonly batchSize?: number;
  /** makes the model with a change; needed where it is not sequential */ readonly build?: (change: Change, seed: number) => Model | Promise<Model>;
  /** more, or changed, training data: what the cure 'augmentation' trains on */ readonly augment?: (data: { readonly x: DoctorData['x']; readonly y: DoctorData['y'] }, seed: number) => { readonly x: DoctorData['x']; readonly y: DoctorData['y'] };
  readonly seed?: number;
  readonly signal?: AbortSignal;
  readonly onRun?: (done: number, total: number, what: string) => void;
}
/** Validation loss without the cure and with it: means over the seeds, and the p of a paired t-test over them. */
export interface Effect { readonly before: number; readonly after: number; readonly p: number | null; readonly how: 'measured' | 'read from the history' | 'extrapolated' }
export interface Cure { readonly name: string; readonly code: string; readonly why: string; readonly effect: Effect | null }
export interface LearningCurve {
  readonly points: readonly { readonly samples: number; readonly loss: number }[];
  /** validation loss that a power law through the points gives for twice the data */ readonly doubled: number;
}

interface Case {
  readonly verdict: Verdict; readonly model: Model; readonly data: DoctorData; readonly samples: number; readonly best: number; readonly valLosses: readonly number[];
  readonly curves: Readonly<Record<string, readonly number[]>>; readonly options: MeasureOptions | null;
}
interface Trialled { readonly name: string; readonly code: string; readonly why: string; readonly change: Change }

const OVER: readonly Trialled[] = [
  { name: 'dropout', code: 'layers.dropout(0.3) before the last layer', why: 'no unit can rely on another one', change: { dropout: 0.3 } },
  { name: 'L2', code: "kernelRegularizer: regularizers.l2(1e-3) (or optimizer 'adamW')", why: 'keeps weights small', change: { l2: 1e-3 } },
  { name: 'L1', code: 'kernelRegularizer: regularizers.l1(1e-4)', why: 'makes weights that are not needed zero', change: { l1: 1e-4 } },
  { name: 'a smaller model', code: 'half as many hidden units', why: 'has less room to learn by heart', change: { width: 0.5 } },
];
const UNDER: readonly Trialled[] = [{ name: 'a larger model', code: 'twice as many hidden units', why: 'has more room', change: { width: 2 } }];

export async function measureCures(one: Case): Promise<{ readonly cures: readonly Cure[]; readonly learningCurve: LearningCurve | null }> {
  const { verdict, valLosses, best, options } = one, last = valLosses.at(-1) ?? Number.NaN, lowest = valLosses[best] ?? Number.NaN;
  if (verdict === 'diverged') return { cures: [{ name: 'a lower learning rate', code: 'findLearningRate(build, data)', why: 'steps are too long', effect: null }], learningCurve: null };
  const early: Cure = {
    name: 'early stopping', code: `callbacks: [new callbacks.EarlyStopping({ patience: ${Math.max(2, Math.round(valLosses.length / 10))}, restoreBestWeights: true })]`, why: `the best epoch was ${best + 1}`,
    effect: { before: last, after: lowest, p: null, how: 'read from the history' },
  };
  const data: Cure = { name: 'more data', code: 'more samples', why: 'what is seen often from many sides cannot be learnt by heart', effect: null };
  const augmentation: Cure = { name: 'augmentation', code: 'shifted, turned, noisy copies of the samples', why: 'the next best thing to more data', effect: null };
  const longer: Cure = { name: 'more epochs', code: `epochs: ${2 * valLosses.length}`, why: 'the loss still fell', effect: null };
  const plain = (list: readonly Trialled[]): Cure[] => list.map(({ change: _change, ...cure }) => ({ ...cure, effect: null }));
  if (verdict === 'fine' && options === null) return { cures: [], learningCurve: null };
  if (options === null) return { cures: verdict === 'under-fitting' ? [longer, ...plain(UNDER)] : [early, augmentation, data, ...plain(OVER)], learningCurve: null };
  return measured(one, options, verdict === 'under-fitting' ? { list: UNDER, others: [longer] } : { list: OVER, others: verdict === 'fine' ? [data] : [early, data] });
}

async function measured(one: Case, options: MeasureOptions, plan: { readonly list: readonly Trialled[]; readonly others: readonly Cure[] }): Promise<{ readonly cures: readonly Cure[]; readonly learningCurve: LearningCurve }> {
  const { seeds = 3, epochs = one.valLosses.length, batchSize = 32, seed = 0, build, augment, signal, onRun } = options, { validation } = one.data;
  const sizes = [0.25, 0.5, 1], total = seeds * (plan.list.length + sizes.length + (augment === undefined ? 0 : 1));
  let done = 0;
  const run = async (what: string, change: Change, rows: number, changeData?: MeasureOptions['augment']): Promise<number[]> => {
    const losses: number[] = [];
    for (let s = 0; s < seeds; s++) {
      if (signal?.aborted === true) throw new AbortedError();
      const own = seedOf(seed, s), model = await (build === undefined ? variantOf(one.model, change, own) : build(change, own));
      const chosen = rows === one.samples ? one.data : takeData(one.data, new Random(own, 0xd0).shuffle(Int32Array.from({ length: one.samples }, (_, i) => i)).slice(0, rows).sort(), one.samples);
      const { x, y } = changeData === undefined ? chosen : changeData(chosen, own);
      await model.fit(x, y, { epochs, batchSize, verbose: 0, ...(signal === undefined ? {} : { signal }) });
      // Without the penalty of the regularizer, which other variants do not pay.
      losses.push(await lossOf(model, validation));
      onRun?.(++done, total, what);
    }
    return losses;
  };
  const points: { samples: number; loss: number }[] = [];
  let base: number[] = [];
  for (const share of sizes) {
    const rows = Math.max(batchSize, Math.round(share * one.samples)), losses = await run(`${rows} samples`, {}, rows);
    points.push({ samples: rows, loss: mean(losses) });
    if (share === 1) base = losses;
  }
  const doubled = extrapolate(points), before = mean(base), cures: Cure[] = [];
  for (const { change, ...cure } of plan.list) {
    const losses = await run(cure.name, change, one.samples).catch((error: unknown) => { if (error instanceof Error && /^diagnose: (only sequential|the model has no hidden)/.test(error.message)) return null; throw error; });
    cures.push({ ...cure, effect: losses === null ? null : { before, after: mean(losses), p: seeds < 2 ? null : pairedTest(losses, base).p, how: 'measured' } });
  }
  if (augment !== undefined) {
    const losses = await run('augmentation', {}, one.samples, augment);
    cures.push({ name: 'augmentation', code: 'as given', why: 'the next best thing to more data', effect: { before, after: mean(losses), p: seeds < 2 ? null : pairedTest(losses, base).p, how: 'measured' } });
  }
  const others = plan.others.map((cure): Cure => (cure.name === 'more data' ? { ...cure, code: 'twice as many samples', effect: { before, after: doubled, p: null, how: 'extrapolated' } } : cure));
  const gain = ({ effect }: Cure): number => (effect === null ? 0 : effect.before - effect.after);
  return { cures: [...cures, ...others].sort((a, b) => gain(b) - gain(a)), learningCurve: { points, doubled } };
}
async function lossOf(model: Model, { x, y }: { readonly x: DoctorData['x']; readonly y: DoctorData['y'] }): Promise<number> {
  const { loss = Number.NaN } = await model.evaluate(x, y, { batchSize: 256 }), penalty = model.regularizationLoss();
  return loss - (penalty === null ? 0 : penalty.dataSync()[0] as number);
}
/** A line through the logarithms of the last two points, continued to twice the data; never a rise. */
function extrapolate(points: readonly { readonly samples: number; readonly loss: number }[]): number {
  const [a, b] = [points.at(-2), points.at(-1)];
  if (a === undefined || b === undefined || a.samples === b.samples) return b?.loss ?? Number.NaN;
  const slope = Math.min(0, Math.log(b.loss / a.loss) / Math.log(b.samples / a.samples));
  return b.loss * 2 ** slope;
}
