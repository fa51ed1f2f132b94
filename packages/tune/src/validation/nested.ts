/**
 * Tuning inside cross-validation: each outer fold tunes on its own training part alone (by an inner cross-validation), trains the best on all of it, and tests on what neither
 * tuning nor training saw. The estimate is that of the whole procedure; the score with which a tuner found its best is always too good.
 */
import type { Model } from '@limelight/core';
import { seedOf } from '../random.ts';
import type { SamplerLike } from '../samplers/sampler.ts';
import type { Params, Space } from '../space/parameters.ts';
import { mean, type Summary } from '../stats/statistics.ts';
import type { ObjectiveLike } from '../study/objective.ts';
import { createStudy } from '../study/study.ts';
import { crossValidate, foldsFor, runFold, summarizeFolds, type BuildContext, type CrossValidateOptions, type FoldResult } from './crossValidate.ts';
import { checkData, takeData, type LabelledData } from './rows.ts';

export interface NestedOptions<S extends Space> extends CrossValidateOptions {
  readonly space: S;
  /** a quantity of the model ('accuracy', 'loss'): that by which the inner search chooses */ readonly objective: ObjectiveLike;
  /** trials of each inner search; default 10 */ readonly trials?: number;
  /** default 3 */ readonly innerFolds?: number;
  /** default 'random' */ readonly sampler?: SamplerLike;
}
export interface NestedResult<P> {
  readonly folds: readonly (FoldResult & { readonly params: P; /** mean over the inner folds of what was chosen */ readonly innerScore: number })[];
  readonly scores: Readonly<Record<string, Summary>>;
}

/** @param build makes a compiled model with these parameters */
export async function nestedCrossValidate<const S extends Space>(build: (params: Params<S>, context: BuildContext) => Model | Promise<Model>, data: LabelledData, options: NestedOptions<S>): Promise<NestedResult<Params<S>>> {
  const { space, objective, trials = 10, innerFolds = 3, sampler = 'random', groups, onFold, ...outer } = options;
  const samples = checkData(data, 'nestedCrossValidate'), folds = foldsFor(data, options, samples), results: (FoldResult & { params: Params<S>; innerScore: number })[] = [];
  for (const [i, fold] of folds.entries()) {
    const own = takeData(data, fold.train, samples), ownGroups = groups === undefined ? {} : { groups: Array.from(fold.train, (row) => groups[row] as number | string) };
    const study = createStudy({
      space, objective, sampler, seed: seedOf(options.seed ?? 0, i) >>> 1, name: `fold ${i}`,
      run: async (params) => {
        const inner = await crossValidate((context) => build(params, context), own, { ...outer, ...ownGroups, folds: innerFolds, curves: false, seed: seedOf(options.seed ?? 0, i, 1) >>> 1 });
        return Object.fromEntries(Object.entries(inner.scores).map(([name, s]) => [name, mean(s.values)]));
      },
    });
    await study.optimize({ trials, ...(options.signal === undefined ? {} : { signal: options.signal }) });
    const { params, values } = study.best, result = await runFold((context) => build(params, context), data, fold, i, samples, outer);
    results.push({ ...result, params, innerScore: values?.[0] ?? Number.NaN });
    onFold?.(result, results.length, folds.length);
  }
  return { folds: results, scores: summarizeFolds(results, options.metrics, options.confidence) };
}
