/** What the training machinery needs of a model. */
import type { DType } from '../base/dtype.ts';
import type { CallContext, Masked } from '../nn/layer.ts';
import type { SeedGenerator } from '../tensor/random.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Variable } from '../tensor/variable.ts';
import type { Archive } from './archive.ts';
import type { CallbackModel } from './callbacks/callback.ts';

/** An input or output of a model. */
export interface Port {
  readonly name: string;
  /** without the batch axis; null: any extent */
  readonly shape: readonly (number | null)[];
  readonly dtype: DType;
}

export interface Trainee {
  readonly name: string;
  /** null while the model waits for data to learn its input shape */
  readonly inputPorts: readonly Port[] | null;
  readonly outputPorts: readonly Port[];
  /** order of the samples and initial weights derive from it */
  readonly runSeed: number;
  readonly seeds: SeedGenerator;
  readonly weights: readonly Variable[];
  readonly trainableWeights: readonly Variable[];
  /** for each input that holds ids 0..n-1, n; the list may be short */
  readonly idLimits: readonly (number | null)[];
  /** outputs for inputs with a batch axis, and their masks; in a trace */
  forward(inputs: readonly Tensor[], context: CallContext): Masked;
  /** sum of all regularizers; in a trace */
  regularizationLoss(): Tensor | null;
  /** builds a model that has no input shape yet */
  buildFor(shapes: readonly (readonly number[])[], dtypes: readonly DType[], names?: readonly string[]): void;
}

/** The model as the loop sees it. */
export interface FitModel extends Trainee, CallbackModel {
  readonly weights: readonly Variable[];
  /** what a file of the model holds */
  archive(): Promise<Archive>;
  packed(archive: Archive): Promise<Uint8Array>;
  /** weights, optimizer and seeds from an archive */
  restoreArchive(archive: Archive, name: string): void;
}
