/** Writes losses, metrics, weights, pictures, the graph and hyper-parameters to files that TensorBoard reads. Folders, names and steps are Keras's. */
import { ValueError } from '../../base/errors.ts';
import { BaseCallback, type BatchReport, type CallbackState, type Logs } from './callback.ts';
import type { EventFile } from './eventFile.ts';
import type { HyperParameters, Pixels } from './summaries.ts';

export interface TensorBoardOptions {
  /** 'epoch' (default): after every epoch; 'batch' or a number: also after every batch, or every so many. */ readonly updateFreq?: 'epoch' | 'batch' | number;
  /** also the training steps per second, of epochs and where `updateFreq` asks for it of batches; default false */ readonly writeStepsPerSecond?: boolean;
  /** epochs between two histograms of all weights, as `<weight>/histogram`; 0 (default): none */ readonly histogramFreq?: number;
  /** the graph of the model, once; default true */ readonly writeGraph?: boolean;
  /** with the histograms: weights of two axes as pictures, `<weight>/image`; default false */ readonly writeImages?: boolean;
  /** what this run is to be compared by in the HPARAMS tab */ readonly hparams?: HyperParameters;
}

const mark = (batches: number): { readonly batches: number; readonly time: number } => ({ batches, time: performance.now() });

/**
 * In `train/`: `epoch_loss`, `epoch_learning_rate` and one for each metric at the number of the epoch (from 0), and with `updateFreq` `batch_loss` … (the
 * means over the epoch so far) at the number of the batch, counted from 1 through all epochs. In `validation/`: `epoch_loss` … of the validation data, and
 * `evaluation_loss_vs_iterations` … at the number of steps that the optimizer has done. Hyper-parameters stand in the folder itself. Each `fit` begins new files; those that are there stay.
 */
export class TensorBoard extends BaseCallback {
  readonly #logDir: string;
  /** batches between two writes; 0: none */
  readonly #every: number;
  readonly #writesRate: boolean;
  readonly #extras: { readonly histogramFreq: number; readonly writeGraph: boolean; readonly writeImages: boolean; readonly hparams: HyperParameters | null };
  #files: Partial<Record<'train' | 'validation' | '', EventFile>> = {};
  #batches = 0;
  #epochBegin = mark(0);
  #written = mark(0);

  /** @param logDir the folder, made when it is missing; give each run its own to compare them */
  constructor(logDir = 'logs', options: TensorBoardOptions = {}) {
    super();
    const { updateFreq = 'epoch', writeStepsPerSecond = false, histogramFreq = 0, writeGraph = true, writeImages = false, hparams = null } = options, every = updateFreq === 'epoch' ? 0 : updateFreq === 'batch' ? 1 : updateFreq;
    if (updateFreq !== 'epoch' && (!Number.isInteger(every) || every < 1)) throw new ValueError(`TensorBoard: updateFreq must be 'epoch', 'batch' or a number of batches of at least 1, not ${updateFreq}.`);
    if (!Number.isInteger(histogramFreq) || histogramFreq < 0) throw new ValueError(`TensorBoard: histogramFreq must be a number of epochs of at least 0, not ${histogramFreq}.`);
    this.#extras = { histogramFreq, writeGraph, writeImages, hparams };
    this.#logDir = logDir;
    this.#every = every;
    this.#writesRate = writeStepsPerSecond;
  }
  async onTrainBegin(): Promise<void> {
    this.#files = {};
    this.#batches = 0;
    const { hparams, writeGraph } = this.#extras, { calls = [] } = this.model.structure?.() ?? {}, kit = await import('./summaries.ts');
    if (hparams !== null) await (await this.#file('')).summaries(0, [kit.sessionStart(hparams, Date.now() / 1000)]);
    if (writeGraph && calls.length > 0) await (await this.#file('train')).graph(kit.graph(calls));
  }
  async onTrainEnd(): Promise<void> {
    if (this.#extras.hparams !== null) await (await this.#file('')).summaries(0, [(await import('./summaries.ts')).sessionEnd(Date.now() / 1000)]);
  }
  /** A picture of one's own under a name, at a step: bytes with 1 or 3 channels. In `train/`. */
  async image(name: string, pixels: Pixels, step = 0): Promise<void> { await (await this.#file('train')).summaries(step, [await (await import('./summaries.ts')).image(name, pixels)]); }
  /** A histogram of one's own. In `train/`. */
  async histogram(name: string, values: ArrayLike<number>, step = 0): Promise<void> { await (await this.#file('train')).summaries(step, [(await import('./summaries.ts')).histogram(name, values)]); }
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
    if (this.#extras.histogramFreq > 0 && epoch % this.#extras.histogramFreq === 0) await this.#weights(epoch);
  }
  async #weights(epoch: number): Promise<void> {
    const file = await this.#file('train'), kit = await import('./summaries.ts'), values: Uint8Array[] = [];
    for (const weight of this.model.weights ?? []) {
      const data = await weight.readAsync(), [height = 1, width = 1] = weight.shape;
      values.push(kit.histogram(`${weight.name}/histogram`, data));
      if (this.#extras.writeImages && weight.shape.length === 2) values.push(await kit.image(`${weight.name}/image`, { width, height, data: grey(data) }));
    }
    if (values.length > 0) await file.summaries(epoch, values);
  }
  async #file(folder: 'train' | 'validation' | ''): Promise<EventFile> { return (this.#files[folder] ??= new (await import('./eventFile.ts')).EventFile(folder === '' ? this.#logDir : `${this.#logDir}/${folder}`)); }
  #rate(since: { readonly batches: number; readonly time: number }): Logs {
    return this.#writesRate ? { steps_per_second: (1000 * (this.#batches - since.batches)) / Math.max(performance.now() - since.time, 1e-3) } : {};
  }
  async #write(folder: 'train' | 'validation', step: number, prefix: string, logs: Logs, suffix = ''): Promise<void> {
    const entries = Object.entries(logs);
    if (entries.length === 0) return;
    await (await this.#file(folder)).write(step, Object.fromEntries(entries.map(([name, value]) => [`${prefix}${name}${suffix}`, value])));
  }
  /** A resumed run counts its batches on. */
  saveState(): CallbackState { return { json: { batches: this.#batches } }; }
  loadState(state: CallbackState): void { this.#batches = (state.json as { batches: number }).batches; }
}

/** Numbers as grey: the least black, the greatest white. */
function grey(values: ArrayLike<number>): Uint8Array {
  const all = Array.from(values), least = all.reduce((a, b) => Math.min(a, b), Infinity), most = all.reduce((a, b) => Math.max(a, b), -Infinity);
  return Uint8Array.from(all, (v) => (most > least ? Math.round((255 * (v - least)) / (most - least)) : 0));
}
