/** Writes losses and metrics to files that TensorBoard reads. Folders, names and steps are Keras's. */
import { ValueError } from '../../base/errors.ts';
import { BaseCallback, type BatchReport, type CallbackState, type Logs } from './callback.ts';
import type { EventFile } from './eventFile.ts';

export interface TensorBoardOptions {
  /** 'epoch' (default): after every epoch; 'batch' or a number: also after every batch, or every so many. */ readonly updateFreq?: 'epoch' | 'batch' | number;
  /** also the training steps per second, of epochs and where `updateFreq` asks for it of batches; default false */ readonly writeStepsPerSecond?: boolean;
}

const mark = (batches: number): { readonly batches: number; readonly time: number } => ({ batches, time: performance.now() });

/**
 * In `train/`: `epoch_loss`, `epoch_learning_rate` and one for each metric at the number of the epoch (from 0), and with `updateFreq` `batch_loss` … (the
 * means over the epoch so far) at the number of the batch, counted from 1 through all epochs. In `validation/`: `epoch_loss` … of the validation data, and
 * `evaluation_loss_vs_iterations` … at the number of steps that the optimizer has done. Each `fit` begins new files; those that are there stay.
 */
export class TensorBoard extends BaseCallback {
  readonly #logDir: string;
  /** batches between two writes; 0: none */
  readonly #every: number;
  readonly #writesRate: boolean;
  #files: Partial<Record<'train' | 'validation', EventFile>> = {};
  #batches = 0;
  #epochBegin = mark(0);
  #written = mark(0);

  /** @param logDir the folder, made when it is missing; give each run its own to compare them */
  constructor(logDir = 'logs', options: TensorBoardOptions = {}) {
    super();
    const { updateFreq = 'epoch', writeStepsPerSecond = false } = options, every = updateFreq === 'epoch' ? 0 : updateFreq === 'batch' ? 1 : updateFreq;
    if (updateFreq !== 'epoch' && (!Number.isInteger(every) || every < 1)) throw new ValueError(`TensorBoard: updateFreq must be 'epoch', 'batch' or a number of batches of at least 1, not ${updateFreq}.`);
    this.#logDir = logDir;
    this.#every = every;
    this.#writesRate = writeStepsPerSecond;
  }
  onTrainBegin(): void {
    this.#files = {};
    this.#batches = 0;
  }
  onEpochBegin(): void { this.#epochBegin = this.#written = mark(this.#batches); }
  onTrainBatchEnd(_step: number, batch: BatchReport): void | Promise<void> {
    this.#batches++;
    if (this.#every > 0 && this.#batches % this.#every === 0) return this.#batch(batch);
  }
  async #batch(batch: BatchReport): Promise<void> {
    const logs = await batch.running(), rate = this.#rate(this.#written);
    await this.#write('train', this.#batches, 'batch_', { ...logs, ...rate });
    this.#written = mark(this.#batches);
  }
  async onTestEnd(logs: Logs): Promise<void> {
    const done = await this.model.optimizer?.iterations.readAsync();
    if (done !== undefined) await this.#write('validation', Number(done[0]), 'evaluation_', logs, '_vs_iterations');
  }
  async onEpochEnd(epoch: number, logs: Logs): Promise<void> {
    const entries = Object.entries(logs), train = Object.fromEntries(entries.filter(([name]) => !name.startsWith('val_')));
    await this.#write('train', epoch, 'epoch_', { ...train, learning_rate: train['learning_rate'] ?? this.model.learningRate, ...this.#rate(this.#epochBegin) });
    await this.#write('validation', epoch, 'epoch_', Object.fromEntries(entries.flatMap(([name, value]) => (name.startsWith('val_') ? [[name.slice(4), value]] : []))));
  }
  #rate(since: { readonly batches: number; readonly time: number }): Logs {
    return this.#writesRate ? { steps_per_second: (1000 * (this.#batches - since.batches)) / Math.max(performance.now() - since.time, 1e-3) } : {};
  }
  async #write(folder: 'train' | 'validation', step: number, prefix: string, logs: Logs, suffix = ''): Promise<void> {
    const entries = Object.entries(logs);
    if (entries.length === 0) return;
    const file = (this.#files[folder] ??= new (await import('./eventFile.ts')).EventFile(`${this.#logDir}/${folder}`));
    await file.write(step, Object.fromEntries(entries.map(([name, value]) => [`${prefix}${name}${suffix}`, value])));
  }
  /** A resumed run counts its batches on. */
  saveState(): CallbackState { return { json: { batches: this.#batches } }; }
  loadState(state: CallbackState): void { this.#batches = (state.json as { batches: number }).batches; }
}
