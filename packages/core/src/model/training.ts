/**
 * The work behind fit, evaluate, trainOnBatch, testOnBatch and predict: data are read and checked, feeds are made, loops run. Model loads this
 * module with the first of these calls, so a page that only shows or runs a model at once (predictSync) does without it.
 */
import { ValueError } from '../base/errors.ts';
import { at } from '../base/shape.ts';
import { BackupAndRestore } from './callbacks/backupAndRestore.ts';
import type { Logs } from './callbacks/callback.ts';
import type { History } from './callbacks/history.ts';
import type { DataLike } from './columns.ts';
import type { Compiled } from './compiled.ts';
import { wholeBatch, type BatchStream, type Feed } from './feed.ts';
import { ArrayFeed, isStream, StreamFeed } from './feeds.ts';
import { runAlone, runFit } from './fit.ts';
import type { BatchElement, Batches, ClassWeight, EvaluateOptions, FitOptions } from './options.ts';
import type { FitModel } from './trainee.ts';
import { checkBatchSize, checkCount, splitPoint } from './trainChecks.ts';
import { readColumns, readElement, rowsOf, takeApart, withClassWeight, type ReadData } from './trainData.ts';
import { trainerOf, type Trainer } from './trainer.ts';

export { predict } from './predict.ts';

/** See Model.fit. */
export async function fit(model: FitModel, compiled: Compiled, x: unknown, second: unknown, third: FitOptions | undefined): Promise<History> {
  const trainer = trainerOf(model, compiled);
  const stream = isStream(x), options = (stream ? second : third) as FitOptions | undefined ?? {};
  const { epochs = 1, batchSize = 32, initialEpoch = 0, shuffle = true, classWeight, sampleWeight, stepsPerEpoch, validationData, validationSplit, validationFreq = 1, signal, verbose = 'auto' } = options;
  checkBatchSize(batchSize, 'fit');
  checkCount(epochs, 'epochs', 'fit');
  checkCount(initialEpoch, 'initialEpoch', 'fit', 0);
  checkCount(stepsPerEpoch, 'stepsPerEpoch', 'fit');
  checkCount(validationFreq, 'validationFreq', 'fit');
  let feed: Feed, validation: Feed | null = null;
  const validationSize = options.validationBatchSize ?? batchSize;
  checkBatchSize(validationSize, 'fit: validationBatchSize');
  if (stream) {
    if (validationSplit !== undefined) throw new ValueError('fit: validationSplit works for arrays only; give validationData.');
    if (sampleWeight !== undefined) throw new ValueError('fit: with batches of a stream, sampleWeight belongs into each batch: { x, y, sampleWeight }.');
    feed = streamFeed(model, x, trainer, { batchSize, stepsPerEpoch, classWeight, who: 'fit' });
  } else {
    const all = readColumns(model, trainer, x, second, sampleWeight, 'fit');
    let data: ReadData = all;
    if (validationSplit !== undefined) {
      const { rows } = at(all.columns, 0), split = splitPoint(rows, validationSplit);
      data = rowsOf(all, 0, split);
      if (validationData === undefined) validation = arrayFeed(rowsOf(all, split, rows), validationSize, options.validationSteps);
    }
    data = withClassWeight(model, trainer, data, classWeight, 'fit');
    prepare(trainer, data);
    feed = new ArrayFeed(data.columns, data.roles, { batchSize, shuffle, seed: model.runSeed, stepsPerEpoch, epochs: epochs - initialEpoch });
  }
  if (validationData !== undefined) validation = validationFeed(model, validationData, trainer, validationSize, options.validationSteps);
  const { backup, resume } = options;
  const backups = backup === undefined ? [] : [new BackupAndRestore(typeof backup === 'string' ? backup : backup.path, { ...(typeof backup === 'string' ? {} : backup), ...(resume === undefined ? {} : { resume }) })];
  return runFit(model, trainer, feed, {
    epochs, initialEpoch, callbacks: [...(options.callbacks ?? []), ...backups], verbose: verbose === 'auto' ? 1 : verbose, signal,
    validation: validation === null ? null : { feed: validation, every: validationFreq },
  });
}

/** See Model.evaluate. */
export async function evaluate(model: FitModel, compiled: Compiled, x: unknown, second: unknown, third: EvaluateOptions | undefined): Promise<Logs> {
  const trainer = trainerOf(model, compiled);
  const stream = isStream(x), options = ((stream ? second : third) as EvaluateOptions | undefined) ?? {};
  const { batchSize = 32, steps, sampleWeight, callbacks = [], signal } = options;
  checkBatchSize(batchSize, 'evaluate');
  checkCount(steps, 'steps', 'evaluate');
  let feed: Feed;
  if (stream) feed = streamFeed(model, x, trainer, { batchSize, stepsPerEpoch: steps, who: 'evaluate' });
  else {
    const data = readColumns(model, trainer, x, second, sampleWeight, 'evaluate');
    prepare(trainer, data);
    feed = arrayFeed(data, batchSize, steps);
  }
  return runAlone(model, trainer, feed, callbacks, signal);
}

/** See Model.trainOnBatch. */
export async function trainOnBatch(model: FitModel, compiled: Compiled, x: unknown, y: unknown, options: { readonly sampleWeight?: DataLike; readonly classWeight?: ClassWeight }): Promise<number> {
  const trainer = trainerOf(model, compiled);
  const data = withClassWeight(model, trainer, readColumns(model, trainer, x, y, options.sampleWeight, 'trainOnBatch'), options.classWeight, 'trainOnBatch');
  prepare(trainer, data);
  await trainer.iterations();
  return trainer.train(wholeBatch(data.columns, data.roles));
}
/** See Model.testOnBatch. */
export async function testOnBatch(model: FitModel, compiled: Compiled, x: unknown, y: unknown, options: { readonly sampleWeight?: DataLike }): Promise<number> {
  const trainer = trainerOf(model, compiled);
  const data = readColumns(model, trainer, x, y, options.sampleWeight, 'testOnBatch');
  prepare(trainer, data);
  return trainer.evaluate(wholeBatch(data.columns, data.roles));
}

function arrayFeed(data: ReadData, batchSize: number, steps: number | undefined): Feed {
  return new ArrayFeed(data.columns, data.roles, { batchSize, shuffle: false, seed: 0, stepsPerEpoch: steps });
}
function streamFeed(model: FitModel, batches: BatchStream<unknown>, trainer: Trainer, o: { readonly batchSize: number; readonly stepsPerEpoch?: number | undefined; readonly classWeight?: ClassWeight | undefined; readonly who: string }): Feed {
  return new StreamFeed(batches, { batchSize: o.batchSize, stepsPerEpoch: o.stepsPerEpoch, who: o.who, read: (element, step) => readElement(model, trainer, element, step, o.classWeight, o.who) });
}
function validationFeed(model: FitModel, given: BatchElement | Batches, trainer: Trainer, batchSize: number, steps: number | undefined): Feed {
  checkCount(steps, 'validationSteps', 'fit');
  if (isStream(given)) return streamFeed(model, given, trainer, { batchSize, stepsPerEpoch: steps, who: 'fit: validationData' });
  const { x, y, sampleWeight } = takeApart(given, 'fit: validationData');
  return arrayFeed(readColumns(model, trainer, x, y, sampleWeight, 'fit: validationData'), batchSize, steps);
}
const prepare = (trainer: Trainer, data: ReadData): void => { trainer.prepare(data.columns.slice(data.roles.inputs, data.roles.inputs + data.roles.targets)); };
