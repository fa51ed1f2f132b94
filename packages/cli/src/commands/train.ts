/** `limelight train mnist`: trains the MNIST program's network, shows how it does and saves it. Can be stopped and resumed. */
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { callbacks, input, layers, readSafetensors, sequential, type Sequential } from '@limelight/core';
import type { HostTensor, Split } from '@limelight/data';
import { Interrupted, UsageError } from '../errors.ts';
import { onInterrupt } from '../interrupt.ts';
import { showClassifier } from '../terminal/classifier.ts';
import { checkWritable } from '../output.ts';
import { historyPath, writeRun } from '../run.ts';
import { loadData, tell, useThreads } from './shared.ts';

export interface TrainOptions {
  readonly epochs: number;
  readonly batchSize: number;
  readonly seed: number;
  readonly samples?: number;
  /** share of the training data, from their end, that is set aside to validate; 0: none */
  readonly validationSplit: number;
  readonly out: string;
  readonly resume: boolean;
  readonly threads?: number;
}

/** The network of the MNIST program. Images stay u8 and are scaled within the graph. Named layers: equal runs write equal files. */
export function mnistModel(seed: number): Sequential {
  const model = sequential([
    input({ shape: [28, 28], dtype: 'u8', name: 'image' }),
    layers.rescaling(1 / 255, 0, { name: 'scale' }),
    layers.flatten({ name: 'flatten' }),
    layers.dense(128, { activation: 'relu', name: 'hidden' }),
    layers.dropout(0.2, { name: 'dropout' }),
    layers.dense(10, { activation: 'softmax', name: 'digit' }),
  ], { name: 'mnist', seed });
  model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
  return model;
}

const firstRows = (part: HostTensor, rows: number): HostTensor => {
  const size = part.data.length / (part.shape[0] ?? 1);
  return { dtype: part.dtype, shape: [rows, ...part.shape.slice(1)], data: part.data.subarray(0, rows * size) };
};

function chosen(train: Split, samples: number | undefined): Split {
  const all = train.x.shape[0] ?? 0;
  if (samples === undefined) return train;
  if (samples > all) throw new UsageError(`--samples ${samples}: the dataset has only ${all} training images`);
  return { x: firstRows(train.x, samples), y: firstRows(train.y, samples) };
}

/** A checkpoint goes on with its own seed and batches; others on the command line are a mistake. */
function checkSameRun(checkpoint: string, options: TrainOptions): void {
  const { metadata } = readSafetensors(readFileSync(checkpoint), `'${checkpoint}'`), run = JSON.parse(metadata['run'] ?? '{}') as { readonly seed?: number; readonly batchSize?: number };
  for (const [option, then, now] of [['--seed', run.seed, options.seed], ['--batch-size', run.batchSize, options.batchSize]] as const) {
    if (then !== undefined && then !== now) throw new UsageError(`--resume: ${checkpoint} is of a run with ${option} ${then}, not ${now}; give ${option} ${then}, or start anew without --resume`);
  }
}

export async function train(options: TrainOptions): Promise<void> {
  const checkpoint = `${options.out}.checkpoint`;
  if (options.resume && !existsSync(checkpoint)) throw new UsageError(`--resume: there is no checkpoint ${checkpoint}; start without --resume, or give the --out of the stopped run`);
  if (options.resume) checkSameRun(checkpoint, options);
  checkWritable(options.out, '--out');
  useThreads(options.threads);
  const { train: all, test } = await loadData('mnist');
  const data = chosen(all, options.samples);
  const { validationSplit } = options, rows = data.x.shape[0] ?? 0;
  if (Math.floor(rows * (1 - validationSplit)) === 0) throw new UsageError(`--validation-split ${validationSplit} of ${rows} images leaves none to learn from`);
  const model = mnistModel(options.seed);

  mkdirSync(dirname(options.out), { recursive: true }); // the history is written from the first epoch on
  const interrupt = onInterrupt(tell);
  try {
    await model.fit(data.x, data.y, {
      epochs: options.epochs, batchSize: options.batchSize, verbose: 0, signal: interrupt.signal, ...(validationSplit > 0 ? { validationSplit } : {}),
      callbacks: [
        new callbacks.ProgressBar({ writer: process.stderr }),
        // what `limelight report` draws
        new callbacks.CSVLogger(historyPath(options.out), { append: options.resume }),
        // After every epoch, and at the very step where the user stops; removed when the model is safe on the disk.
        new callbacks.BackupAndRestore(checkpoint, { resume: options.resume, deleteCheckpoint: false }),
      ],
    });
  } catch (error) {
    if (!interrupt.signal.aborted) throw error;
    throw new Interrupted(`stopped; the checkpoint is ${checkpoint}. The same command with --resume goes on.`);
  } finally {
    interrupt.release();
  }
  await model.save(options.out);
  writeRun(options.out, { dataset: 'mnist', samples: rows, validationSplit, epochs: options.epochs, batchSize: options.batchSize, seed: options.seed });
  rmSync(checkpoint, { force: true });
  await showClassifier(model, test);
  const { accuracy } = await model.evaluate(test.x, test.y, { batchSize: 256 });
  console.log(`Model: ${options.out}`);
  console.log(`Accuracy: ${(accuracy ?? Number.NaN).toFixed(4)}`);
}
