/**
 * What a callback is: an object with any of the hooks below. `fit` calls them in the order in which the callbacks were given; a hook may
 * return a promise, which is awaited. Names and moments follow Keras.
 */
import type { HostArray } from '../../base/dtype.ts';
import { StateError } from '../../base/errors.ts';
import type { Optimizer } from '../../nn/optimizers/index.ts';
import type { Variable } from '../../tensor/variable.ts';
import type { LayerCall } from '../structure.ts';

/** Names and values: loss and metrics, those of the validation data with the prefix `val_`, and `learning_rate`. */
export type Logs = Readonly<Record<string, number>>;

/** What is known of a batch when it ends. */
export interface BatchReport {
  /** the loss of this batch alone (regularization included) */
  readonly loss: number;
  /** samples in this batch */
  readonly size: number;
  /** the loss and metrics over the epoch so far; read from the device when asked */
  running(): Promise<Logs>;
}

/** The part of a model that callbacks use. */
export interface CallbackModel {
  readonly name: string;
  /** set to true to end the training after the current batch or epoch */
  stopTraining: boolean;
  /** the optimizer's learning rate now; setting it replaces a schedule */
  learningRate: number;
  /** the optimizer given to compile */
  readonly optimizer?: Optimizer;
  /** the weights themselves */
  readonly weights?: readonly Variable[];
  /** uses of layers, operands before users */
  structure?(): { readonly calls: readonly LayerCall[] };
  /** copies of all weights, in the order of `weights` */
  getWeights(): Promise<HostArray[]>;
  setWeights(values: readonly HostArray[]): void;
  save(path: string): Promise<void>;
  saveWeights(path: string): Promise<void>;
}

/** How `fit` was called. */
export interface FitParams {
  readonly epochs: number;
  readonly initialEpoch: number;
  /** batches in an epoch; null while unknown (a stream in its first epoch) */
  readonly steps: number | null;
  /** samples in an epoch; null while unknown */
  readonly samples: number | null;
  readonly batchSize: number | null;
  readonly verbose: 0 | 1 | 2;
}

/** State of a callback that a checkpoint keeps, so that a resumed run goes on exactly. */
export interface CallbackState { readonly json: unknown; readonly arrays?: readonly HostArray[] }

/** Where a run stands: epoch and the next step within it. */
export interface RunPosition { readonly epoch: number; readonly step: number }

/** What callbacks are given of the run. */
export interface FitContext {
  readonly model: CallbackModel;
  readonly params: FitParams;
  /** The run as bytes: weights, optimizer, seeds, metric sums, history, the callbacks' states, and `position` as the place to go on from. */
  snapshot(position: RunPosition): Promise<Uint8Array>;
  /** Goes on from a snapshot; only in `onTrainBegin`. */
  restore(bytes: Uint8Array, name: string): Promise<RunPosition>;
}

type Hook = void | Promise<void>;

export interface Callback {
  setContext?(context: FitContext): void;
  onTrainBegin?(): Hook;
  /** The last epoch is over; after this hook of all callbacks the optimizer's moving averages take the place of the weights, where it keeps some. */
  onTrainFinish?(): Hook;
  /** The weights have their final values. */
  onTrainEnd?(logs: Logs): Hook;
  onEpochBegin?(epoch: number): Hook;
  onEpochEnd?(epoch: number, logs: Logs): Hook;
  onTrainBatchBegin?(step: number): Hook;
  onTrainBatchEnd?(step: number, batch: BatchReport): Hook;
  onTestBegin?(): Hook;
  onTestEnd?(logs: Logs): Hook;
  onTestBatchEnd?(step: number, batch: BatchReport): Hook;
  /** The run ends with an error; `position` says where to go on when it was stopped through its AbortSignal, else null. */
  onInterrupt?(position: RunPosition | null): Hook;
  /** for checkpoints */
  saveState?(): CallbackState;
  loadState?(state: CallbackState): void;
}

/** Base of the callbacks here: keeps the context and hands it out. */
export class BaseCallback implements Callback {
  #context: FitContext | null = null;
  setContext(context: FitContext): void { this.#context = context; }
  protected get context(): FitContext {
    if (this.#context === null) throw new StateError(`${this.constructor.name} is used outside of fit.`);
    return this.#context;
  }
  protected get model(): CallbackModel { return this.context.model; }
}

/** Calls one hook of all callbacks, in order; awaits only where a promise came back. */
export async function callAll(callbacks: readonly Callback[], call: (callback: Callback) => Hook): Promise<void> {
  for (const callback of callbacks) {
    const waiting = call(callback);
    if (waiting !== undefined) await waiting;
  }
}
