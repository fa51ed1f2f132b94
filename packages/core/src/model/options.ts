/** What fit, evaluate and predict take. */
import type { BackupOptions } from './callbacks/backupAndRestore.ts';
import type { Callback } from './callbacks/callback.ts';
import type { DataLike } from './columns.ts';
import type { ModelData } from './data.ts';
import type { BatchStream } from './feed.ts';

/** Weight of each class. */
export type ClassWeight = Readonly<Record<number, number>>;
/** A batch as streams give it. */
export type BatchElement =
  | { readonly x: ModelData; readonly y?: ModelData; readonly sampleWeight?: DataLike }
  | readonly [x: ModelData, y: ModelData] | readonly [x: ModelData, y: ModelData, sampleWeight: DataLike];
/** A Dataset, iterable or async iterable of batches, or a function that makes one per epoch. */
export type Batches = BatchStream<BatchElement>;

/** Batches to predict for: inputs alone, or with labels that are left out. */
export type Inputs = BatchStream<ModelData | BatchElement>;

export interface EvaluateOptions {
  /** default 32 */ readonly batchSize?: number;
  /** one weight per sample */ readonly sampleWeight?: DataLike;
  /** at most so many batches */ readonly steps?: number;
  readonly callbacks?: readonly Callback[];
  readonly signal?: AbortSignal;
}
export interface FitOptions {
  /** epoch at which to stop (not their number, when `initialEpoch` is given); default 1 */ readonly epochs?: number;
  /** default 32 */ readonly batchSize?: number;
  /** part of the samples, from the end and before shuffling, kept to validate; between 0 and 1 */ readonly validationSplit?: number;
  /** [x, y], [x, y, sampleWeight], { x, y, sampleWeight } or batches */ readonly validationData?: BatchElement | Batches;
  /** default batchSize */ readonly validationBatchSize?: number;
  /** at most so many batches */ readonly validationSteps?: number;
  /** validate every so many epochs; default 1 */ readonly validationFreq?: number;
  /** a new order in each epoch, derived from (model seed, epoch); default true; batches of a stream keep their order */ readonly shuffle?: boolean;
  /** weight of each class; 1 for classes not named */ readonly classWeight?: ClassWeight;
  /** one weight per sample */ readonly sampleWeight?: DataLike;
  /** epoch to begin with, counted from 0; default 0 */ readonly initialEpoch?: number;
  /** batches per epoch; default: all */ readonly stepsPerEpoch?: number;
  readonly callbacks?: readonly Callback[];
  /** 0: silent; 1: live line on a terminal, one line per epoch elsewhere; 2: one line per epoch; default 'auto': 1 */ readonly verbose?: 'auto' | 0 | 1 | 2;
  /** stops the training with AbortedError; a backup keeps the step */ readonly signal?: AbortSignal;
  /** file that keeps the run, so that it goes on after a kill; a path, or with options */ readonly backup?: string | (BackupOptions & { readonly path: string });
  /** false: start anew even if the backup exists; default true */ readonly resume?: boolean;
}
