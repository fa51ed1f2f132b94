/**
 * Cross-validation: a new model for every fold, trained on the rest, tested on the fold. What it gives is an estimate with its uncertainty, not one lucky split.
 *
 * The scores of folds are not independent, because their training sets overlap. The confidence interval uses the variance that Nadeau and Bengio (2003) correct for it:
 * (1/k + test/train) instead of 1/k.
 */
import { AbortedError, DataError, StateError, ValueError, type FitOptions, type Logs, type Model } from '@limelight/core';
import { seedOf } from '../random.ts';
import { summarize, type Summary } from '../stats/statistics.ts';
import { groupKFold, kFold, stratifiedKFold, type Fold, type Keys } from './folds.ts';
import { checkData, classesOf, takeData, type LabelledData } from './rows.ts';

export interface BuildContext {
  /** give it to the model, so that the fold can be repeated */ readonly seed: number;
  /** counted from 0 */ readonly fold: number;
  /** what the fold is trained on: for normalization and other things that are learnt from data */ readonly data: LabelledData;
}
/** Makes a new, compiled model. */
export type Build = (context: BuildContext) => Model | Promise<Model>;

export interface CrossValidateOptions extends Omit<FitOptions, 'validationData' | 'validationSplit' | 'sampleWeight' | 'backup' | 'resume'> {
  /** number of folds (stratified where the labels are classes, by group where groups are given), or folds of your own; default 5 */ readonly folds?: number | readonly Fold[];
  /** names of quantities to summarize; default: loss and all metrics of the model */ readonly metrics?: readonly string[];
  /** samples of one group stay together */ readonly groups?: Keys;
  /** default true */ readonly shuffleFolds?: boolean;
  /** default 0 */ readonly seed?: number;
  /** default 0.95 */ readonly confidence?: number;
  /** watch the fold's test part after every epoch (every fold's curve); default true. It never chooses anything. */ readonly curves?: boolean;
  readonly onFold?: (result: FoldResult, done: number, folds: number) => void;
}
export interface FoldResult {
  readonly fold: number;
  /** loss and metrics on the test part */ readonly scores: Logs;
  /** loss, metrics and val_… by epoch */ readonly history: Readonly<Record<string, readonly number[]>>;
  readonly trainSize: number;
  readonly testSize: number;
}
export interface CrossValidation {
  readonly folds: readonly FoldResult[];
  /** mean, deviation, confidence interval and values, by name of the quantity */ readonly scores: Readonly<Record<string, Summary>>;
}

/** The folds that the options ask for. */
export function foldsFor(data: LabelledData, options: Pick<CrossValidateOptions, 'folds' | 'groups' | 'shuffleFolds' | 'seed'>, samples: number): readonly Fold[] {
  const { folds = 5, groups, shuffleFolds = true, seed = 0 } = options;
  if (typeof folds !== 'number') {
    if (folds.length === 0) throw new ValueError('crossValidate: folds is an empty list.');
    for (const [f, { train, test }] of folds.entries()) {
      const inTest = new Set(test);
      if (train.length === 0 || test.length === 0) throw new DataError(`crossValidate: fold ${f} has ${train.length} samples to train on and ${test.length} to test on; both need at least one.`);
      if ([...train, ...test].some((i) => i < 0 || i >= samples)) throw new DataError(`crossValidate: fold ${f} names samples that do not exist; there are ${samples}.`);
      if (train.some((i) => inTest.has(i))) throw new DataError(`crossValidate: fold ${f} trains on samples that it tests on.`);
    }
    return folds;
  }
  const wanted = { folds, shuffle: shuffleFolds, seed };
  if (groups !== undefined) {
    if (groups.length !== samples) throw new DataError(`crossValidate: there are ${groups.length} groups for ${samples} samples.`);
    return groupKFold(groups, wanted);
  }
  const classes = classesOf(data.y, samples);
  return classes === null || folds > samples ? kFold(samples, wanted) : stratifiedKFold(classes, wanted);
}

const OWN = ['folds', 'metrics', 'groups', 'shuffleFolds', 'seed', 'confidence', 'curves', 'onFold'] as const;
export function fitOptionsOf(options: CrossValidateOptions): FitOptions {
  return Object.fromEntries(Object.entries(options).filter(([key]) => !(OWN as readonly string[]).includes(key)));
}

/** Trains and tests one fold. */
export async function runFold(build: Build, data: LabelledData, fold: Fold, index: number, samples: number, options: CrossValidateOptions): Promise<FoldResult> {
  const train = takeData(data, fold.train, samples), test = takeData(data, fold.test, samples);
  const model = await build({ seed: seedOf(options.seed ?? 0, index), fold: index, data: train });
  if (!model.compiled) throw new StateError(`crossValidate: build gave a model that is not compiled. Call model.compile({ optimizer, loss, metrics }) before returning it.`);
  const { history } = await model.fit(train.x, train.y, { verbose: 0, ...fitOptionsOf(options), ...(options.curves === false ? {} : { validationData: [test.x, test.y] as never }) });
  const scores = await model.evaluate(test.x, test.y, { batchSize: options.batchSize ?? 32 });
  return { fold: index, scores, history, trainSize: fold.train.length, testSize: fold.test.length };
}

/**
 * @param build makes a new compiled model for every fold
 * @param data x and y in any form that `fit` takes
 * @throws DataError where there are more folds than samples
 */
export async function crossValidate(build: Build, data: LabelledData, options: CrossValidateOptions = {}): Promise<CrossValidation> {
  const samples = checkData(data, 'crossValidate'), folds = foldsFor(data, options, samples), results: FoldResult[] = [];
  for (const [i, fold] of folds.entries()) {
    if (options.signal?.aborted === true) throw new AbortedError();
    const result = await runFold(build, data, fold, i, samples, options);
    results.push(result);
    options.onFold?.(result, results.length, folds.length);
  }
  return { folds: results, scores: summarizeFolds(results, options.metrics, options.confidence) };
}

export function summarizeFolds(results: readonly FoldResult[], metrics: readonly string[] | undefined, confidence = 0.95): Record<string, Summary> {
  const there = Object.keys(results[0]?.scores ?? {}), ratio = results.reduce((sum, r) => sum + r.testSize / r.trainSize, 0) / results.length;
  return Object.fromEntries((metrics ?? there).map((name) => {
    if (!there.includes(name)) throw new ValueError(`crossValidate: there is no quantity '${name}'; the model gives ${there.join(', ')}. Name it in compile({ metrics }).`);
    return [name, summarize(results.map((r) => r.scores[name] ?? Number.NaN), confidence, 1 + results.length * ratio)];
  }));
}
