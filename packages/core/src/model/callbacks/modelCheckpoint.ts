/** Saves the model (or its weights) while it trains. Files are written beside and renamed, so a good file is never half overwritten. */
import { ValueError } from '../../base/errors.ts';
import { BaseCallback, type BatchReport, type CallbackState, type Logs } from './callback.ts';
import { Comparison, monitored, type MonitorMode } from './monitor.ts';

export interface ModelCheckpointOptions {
  /** default 'val_loss' */ readonly monitor?: string;
  /** default 'auto' */ readonly mode?: MonitorMode;
  /** save only when the monitored quantity is the best so far; default false */ readonly saveBestOnly?: boolean;
  /** save weights without optimizer and configuration; default false */ readonly saveWeightsOnly?: boolean;
  /** 'epoch' (default) or every so many batches */ readonly saveFreq?: 'epoch' | number;
  /** value that must be passed before anything is saved */ readonly initialValueThreshold?: number;
}

export class ModelCheckpoint extends BaseCallback {
  readonly #filepath: string;
  readonly #options: ModelCheckpointOptions;
  readonly #comparison: Comparison;
  #best: number;
  #epoch = 0;
  #batches = 0;

  /**
   * @param filepath may hold `{epoch}` (counted from 1), `{batch}` and names of the logs, with Python's number formats:
   *   'best-{epoch:02d}-{val_loss:.3f}.safetensors'.
   */
  constructor(filepath: string, options: ModelCheckpointOptions = {}) {
    super();
    const { monitor = 'val_loss', mode = 'auto', saveFreq = 'epoch', initialValueThreshold } = options;
    if (saveFreq !== 'epoch' && (!Number.isInteger(saveFreq) || saveFreq < 1)) {
      throw new ValueError(`ModelCheckpoint: saveFreq must be 'epoch' or a number of batches of at least 1, not ${saveFreq}.`);
    }
    this.#filepath = filepath;
    this.#options = { ...options, monitor, saveFreq };
    this.#comparison = new Comparison(monitor, mode);
    this.#best = initialValueThreshold ?? this.#comparison.worst;
  }
  onEpochBegin(epoch: number): void { this.#epoch = epoch; }
  async onTrainBatchEnd(step: number, batch: BatchReport): Promise<void> {
    const { saveFreq } = this.#options;
    if (saveFreq === 'epoch' || saveFreq === undefined) return;
    if (++this.#batches % saveFreq === 0) await this.#save(this.#epoch, await batch.running(), step);
  }
  async onEpochEnd(epoch: number, logs: Logs): Promise<void> {
    if (this.#options.saveFreq === 'epoch') await this.#save(epoch, logs, null);
  }
  async #save(epoch: number, logs: Logs, step: number | null): Promise<void> {
    if (this.#options.saveBestOnly === true) {
      const value = monitored(logs, this.#options.monitor ?? 'val_loss');
      if (!this.#comparison.better(value, this.#best)) return;
      this.#best = value;
    }
    const { fillTemplate } = await import('./template.ts');
    const path = fillTemplate(this.#filepath, { ...logs, epoch: epoch + 1, ...(step === null ? {} : { batch: step + 1 }) });
    if (this.#options.saveWeightsOnly === true) await this.model.saveWeights(path);
    else await this.model.save(path);
  }
  saveState(): CallbackState { return { json: { best: String(this.#best), batches: this.#batches } }; }
  loadState(state: CallbackState): void {
    const json = state.json as { best: string; batches: number };
    this.#best = Number(json.best);
    this.#batches = json.batches;
  }
}
