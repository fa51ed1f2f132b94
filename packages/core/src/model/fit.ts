/**
 * The training loop: epochs, batches, validation, callbacks, turns for the event loop, abort, resume. It runs steps and does nothing else per
 * step that grows with the data.
 */
import type { HostArray } from '../base/dtype.ts';
import { AbortedError, DataError, FormatError, ValueError } from '../base/errors.ts';
import { at } from '../base/shape.ts';
import { packArray, packVariables, unpackVariables, type Archive } from './archive.ts';
import { unpackArchive } from './archiveBytes.ts';
import { BackupAndRestore } from './callbacks/backupAndRestore.ts';
import { callAll, type BatchReport, type Callback, type CallbackState, type FitContext, type FitParams, type Logs, type RunPosition } from './callbacks/callback.ts';
import { History } from './callbacks/history.ts';
import { LearningRateScheduler, ReduceLROnPlateau } from './callbacks/learningRate.ts';
import { ProgressBar } from './callbacks/progressBar.ts';
import type { Batch, ColumnSpec, Feed } from './feed.ts';
import type { FitModel } from './trainee.ts';
import type { Trainer } from './trainer.ts';
import { throwIfAborted, TurnTaker } from './turns.ts';

export interface LoopOptions {
  readonly epochs: number;
  readonly initialEpoch: number;
  readonly callbacks: readonly Callback[];
  readonly verbose: 0 | 1 | 2;
  readonly signal: AbortSignal | undefined;
  readonly validation: { readonly feed: Feed; readonly every: number } | null;
}

/** Runs all batches of one pass; gives the running logs at its end. */
export async function runEvaluation(trainer: Trainer, feed: Feed, callbacks: readonly Callback[], signal: AbortSignal | undefined): Promise<Logs> {
  const turns = new TurnTaker();
  trainer.objective.reset();
  let begun = false;
  try {
    await feed.begin(0);
    for (let step = 0; ; step++) {
      throwIfAborted(signal);
      const coming = feed.next(), batch = coming instanceof Promise ? await coming : coming;
      if (batch === null) break;
      prepareOnce(trainer, batch);
      if (!begun) {
        begun = true;
        await callAll(callbacks, (c) => c.onTestBegin?.());
      }
      const running = trainer.evaluate(batch), loss = running instanceof Promise ? await running : running;
      await batchEnd(callbacks, 'onTestBatchEnd', step, new Report(trainer, loss, batch.size));
      if (turns.due) await turns.take();
    }
  } finally {
    await feed.end();
  }
  const logs = await trainer.logs();
  await callAll(callbacks, (c) => c.onTestEnd?.(logs));
  return logs;
}

/** Evaluates by itself, outside of fit: callbacks are given a context of their own, of one epoch. */
export async function runAlone(model: FitModel, trainer: Trainer, feed: Feed, callbacks: readonly Callback[], signal: AbortSignal | undefined): Promise<Logs> {
  const run = new Run(model, trainer, callbacks, { epochs: 1, initialEpoch: 0, steps: feed.steps, samples: feed.samples, batchSize: feed.batchSize, verbose: 0 });
  for (const callback of callbacks) callback.setContext?.(run);
  try {
    return await runEvaluation(trainer, feed, callbacks, signal);
  } catch (error) {
    // what a callback changed for the time of the evaluation is put back
    await callAll(callbacks, (c) => c.onInterrupt?.(null));
    throw error;
  }
}

/** Trains. Throws AbortedError when the signal fires; callbacks are told before. */
export async function runFit(model: FitModel, trainer: Trainer, feed: Feed, options: LoopOptions): Promise<History> {
  const { epochs, initialEpoch, signal, validation } = options;
  const history = options.callbacks.find((c): c is History => c instanceof History) ?? new History();
  const progress = options.verbose === 0 || options.callbacks.some((c) => c instanceof ProgressBar) ? [] : [new ProgressBar(options.verbose === 2 ? { live: false } : {})];
  const rest = options.callbacks.filter((c) => c !== history && !(c instanceof BackupAndRestore));
  // backups come last, so that they hold what the others know after the same step
  const callbacks: readonly Callback[] = [...rest, ...progress, history, ...options.callbacks.filter((c) => c instanceof BackupAndRestore)];
  const showsRate = typeof trainer.optimizer.learningRate !== 'number' || callbacks.some((c) => c instanceof LearningRateScheduler || c instanceof ReduceLROnPlateau);
  const run = new Run(model, trainer, callbacks, { epochs, initialEpoch, steps: feed.steps, samples: feed.samples, batchSize: feed.batchSize, verbose: options.verbose });
  const atBegin = callbacks.filter((c) => c.onTrainBatchBegin !== undefined), atEnd = callbacks.filter((c) => c.onTrainBatchEnd !== undefined);

  throwIfAborted(signal);
  model.stopTraining = false;
  for (const callback of callbacks) callback.setContext?.(run);
  await callAll(callbacks, (c) => c.onTrainBegin?.());
  run.applyRestored();
  await trainer.iterations();
  let { epoch, step: firstStep } = run.position, logs: Logs = {}, step = firstStep;
  const turns = new TurnTaker();
  try {
    for (; epoch < epochs && !model.stopTraining; epoch++) {
      await feed.begin(epoch, firstStep, run.seed);
      if (firstStep === 0) trainer.objective.reset();
      else run.restoreMetrics();
      step = firstStep;
      firstStep = 0;
      await callAll(callbacks, (c) => c.onEpochBegin?.(epoch));
      for (;; step++) {
        throwIfAborted(signal);
        const coming = feed.next(), batch = coming instanceof Promise ? await coming : coming;
        if (batch === null) break;
        prepareOnce(trainer, batch);
        if (atBegin.length > 0) await batchBegin(atBegin, step);
        const running = trainer.train(batch), loss = running instanceof Promise ? await running : running;
        if (atEnd.length > 0) {
          const waiting = batchEnd(atEnd, 'onTrainBatchEnd', step, new Report(trainer, loss, batch.size));
          if (waiting !== null) await waiting;
        }
        if (model.stopTraining) { step++; break; }
        if (turns.due) await turns.take();
      }
      await feed.end();
      logs = await trainer.logs();
      if (showsRate) logs = { ...logs, learning_rate: await trainer.learningRate() };
      if (validation !== null && (epoch + 1) % validation.every === 0) {
        const checked = await runEvaluation(trainer, validation.feed, callbacks, signal);
        logs = { ...logs, ...Object.fromEntries(Object.entries(checked).map(([name, value]) => [`val_${name}`, value])) };
      }
      await callAll(callbacks, (c) => c.onEpochEnd?.(epoch, logs));
      if (turns.due) await turns.take();
    }
  } catch (error) {
    await feed.end();
    const position = { epoch, step };
    await callAll(callbacks, (c) => c.onInterrupt?.(error instanceof AbortedError ? position : null));
    throw error;
  } finally {
    feed.close?.((key) => { trainer.drop(key); });
  }
  await callAll(callbacks, (c) => c.onTrainFinish?.());
  await trainer.optimizer.finalizeVariableValues();
  await callAll(callbacks, (c) => c.onTrainEnd?.(logs));
  return history;
}

function prepareOnce(trainer: Trainer, batch: Batch): void {
  if (!trainer.prepared) trainer.prepare(batch.specs.slice(batch.roles.inputs, batch.roles.inputs + batch.roles.targets));
}

async function batchBegin(callbacks: readonly Callback[], step: number): Promise<void> {
  for (const callback of callbacks) await callback.onTrainBatchBegin?.(step);
}
/** Calls the hook of each callback; null when none of them made a promise. */
function batchEnd(callbacks: readonly Callback[], hook: 'onTrainBatchEnd' | 'onTestBatchEnd', step: number, report: BatchReport): Promise<void> | null {
  let waiting: Promise<void> | null = null;
  for (const callback of callbacks) {
    if (waiting !== null) waiting = waiting.then(() => callback[hook]?.(step, report));
    else waiting = callback[hook]?.(step, report) ?? null;
  }
  return waiting;
}

class Report implements BatchReport {
  readonly loss: number;
  readonly size: number;
  readonly #trainer: Trainer;
  constructor(trainer: Trainer, loss: number, size: number) {
    this.#trainer = trainer;
    this.loss = loss;
    this.size = size;
  }
  running(): Promise<Logs> { return this.#trainer.logs(); }
}

interface SavedRun { readonly epoch: number; readonly step: number; readonly learningRate: number | null; readonly callbacks: readonly (null | { json: unknown; arrays: number })[]; readonly names: readonly string[]; readonly targets: readonly ColumnSpec[]; readonly seed: number; readonly batchSize: number | null; readonly samples: number | null }

/** One run of fit: what callbacks see of it, and its snapshots. */
class Run implements FitContext {
  readonly model: FitModel;
  readonly params: FitParams;
  position: RunPosition;
  /** of the order of the samples; a resumed run keeps that of the run it goes on with, also where the model was made without a seed */
  seed: number;
  readonly #trainer: Trainer;
  readonly #callbacks: readonly Callback[];
  #restored: { archive: Archive; run: SavedRun; name: string } | null = null;

  constructor(model: FitModel, trainer: Trainer, callbacks: readonly Callback[], params: FitParams) {
    this.model = model;
    this.params = params;
    this.#trainer = trainer;
    this.#callbacks = callbacks;
    this.seed = model.runSeed;
    this.position = { epoch: params.initialEpoch, step: 0 };
  }
  async snapshot(position: RunPosition): Promise<Uint8Array> {
    const archive = await this.model.archive();
    const states = this.#callbacks.map((c) => c.saveState?.() ?? null);
    const { learningRate } = this.#trainer.optimizer;
    const run: SavedRun = {
      ...position, learningRate: typeof learningRate === 'number' ? learningRate : null,
      callbacks: states.map((s) => (s === null ? null : { json: s.json, arrays: s.arrays?.length ?? 0 })),
      names: this.#callbacks.map((c) => c.constructor.name),
      targets: this.#trainer.targets,
      seed: this.seed, batchSize: this.params.batchSize, samples: this.params.samples,
    };
    return this.model.packed({
      groups: {
        ...archive.groups,
        metrics: await packVariables(this.#trainer.objective.variables),
        callbacks: states.flatMap((s, i) => (s?.arrays ?? []).map((data, k) => packArray(`${i}/${k}`, data))),
      },
      documents: { ...archive.documents, run },
    });
  }
  restore(bytes: Uint8Array, name: string): Promise<RunPosition> {
    const archive = unpackArchive(bytes, name), run = archive.documents['run'] as SavedRun | undefined;
    if (run === undefined) throw new FormatError(`${name} is a saved model, not a backup of a run; load it with loadModel.`);
    if (run.epoch > this.params.epochs) throw new ValueError(`${name} stands at epoch ${run.epoch}, beyond the ${this.params.epochs} epochs asked for. Ask for more epochs, or remove the backup.`);
    this.#sameData(run, name);
    this.#restored = { archive, run, name };
    this.seed = run.seed;
    this.position = { epoch: run.epoch, step: run.step };
    return Promise.resolve(this.position);
  }
  /** Steps of a backup are batches: with other batches a resumed epoch would skip samples and repeat others. */
  #sameData(run: SavedRun, name: string): void {
    for (const [what, unit] of [['batchSize', 'samples in a batch'], ['samples', 'training samples']] as const) {
      const then = run[what], now = this.params[what];
      if (then !== null && now !== null && then !== now) {
        throw new ValueError(`${name} is the backup of a run with ${then} ${unit}, but this run has ${now}. Go on with ${then}, or begin anew: resume: false, or remove the backup.`);
      }
    }
  }
  /** After every callback has begun, so that none resets what was restored. */
  applyRestored(): void {
    if (this.#restored === null) return;
    const { archive, run, name } = this.#restored;
    this.model.restoreArchive(archive, name);
    if (!this.#trainer.prepared && run.targets.length > 0) this.#trainer.prepare(run.targets);
    if (run.learningRate !== null && typeof this.#trainer.optimizer.learningRate === 'number') this.#trainer.optimizer.learningRate = run.learningRate;
    const arrays = (archive.groups.callbacks ?? []).map((entry): HostArray => entry.tensor.data);
    let next = 0;
    run.callbacks.forEach((saved, i) => {
      if (saved === null) return;
      const state: CallbackState = { json: saved.json, arrays: arrays.slice(next, next + saved.arrays) };
      next += saved.arrays;
      const callback = this.#callbacks[i];
      if (callback !== undefined && callback.constructor.name === at(run.names, i)) callback.loadState?.(state);
    });
  }
  /** The sums of an epoch that is entered in the middle. Its metrics must be built already. */
  restoreMetrics(): void {
    if (this.#restored === null) throw new DataError('A run can only be entered in the middle of an epoch from a backup.');
    const { archive, name } = this.#restored;
    unpackVariables(archive.groups.metrics ?? [], this.#trainer.objective.variables, name, 'metric');
  }
}
