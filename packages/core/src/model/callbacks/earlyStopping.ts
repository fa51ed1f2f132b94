/** Stops the training when a quantity no longer gets better. Defaults are Keras's. */
import type { HostArray } from '../../base/dtype.ts';
import { ValueError } from '../../base/errors.ts';
import { BaseCallback, type CallbackState, type Logs } from './callback.ts';
import { Comparison, monitored, type MonitorMode } from './monitor.ts';

export interface EarlyStoppingOptions {
  /** default 'val_loss' */ readonly monitor?: string;
  /** least change that counts as better; default 0 */ readonly minDelta?: number;
  /** epochs without anything better after which to stop; default 0 */ readonly patience?: number;
  /** default 'auto': 'max' for accuracies and scores, else 'min' */ readonly mode?: MonitorMode;
  /** stop unless this value is passed within `patience` epochs */ readonly baseline?: number;
  /** at the end, put the weights of the best epoch back; default false */ readonly restoreBestWeights?: boolean;
  /** epochs before this one are not watched; default 0 */ readonly startFromEpoch?: number;
}

export class EarlyStopping extends BaseCallback {
  readonly #options: Required<Omit<EarlyStoppingOptions, 'baseline'>> & { readonly baseline: number | undefined };
  readonly #comparison: Comparison;
  #wait = 0;
  #best: number;
  #bestWeights: HostArray[] | null = null;
  /** epoch at whose end the training was stopped; 0 when it was not */
  stoppedEpoch = 0;
  bestEpoch = 0;

  constructor(options: EarlyStoppingOptions = {}) {
    super();
    const { monitor = 'val_loss', minDelta = 0, patience = 0, mode = 'auto', baseline, restoreBestWeights = false, startFromEpoch = 0 } = options;
    if (!Number.isInteger(patience) || patience < 0) throw new ValueError(`EarlyStopping: patience must be an integer of at least 0, not ${patience}.`);
    this.#options = { monitor, minDelta, patience, mode, baseline, restoreBestWeights, startFromEpoch };
    this.#comparison = new Comparison(monitor, mode, minDelta);
    this.#best = this.#comparison.worst;
  }
  /** best value of the monitored quantity so far */
  get best(): number { return this.#best; }

  onTrainBegin(): void {
    this.#wait = 0;
    this.stoppedEpoch = 0;
    this.bestEpoch = 0;
    this.#best = this.#comparison.worst;
    this.#bestWeights = null;
  }
  async onEpochEnd(epoch: number, logs: Logs): Promise<void> {
    const { patience, baseline, restoreBestWeights, startFromEpoch } = this.#options;
    if (epoch < startFromEpoch) return;
    const value = monitored(logs, this.#options.monitor);
    if (restoreBestWeights && this.#bestWeights === null) {
      this.#bestWeights = await this.model.getWeights();
      this.bestEpoch = epoch;
    }
    this.#wait++;
    if (this.#comparison.better(value, this.#best)) {
      this.#best = value;
      this.bestEpoch = epoch;
      if (restoreBestWeights) this.#bestWeights = await this.model.getWeights();
      if (baseline === undefined || this.#comparison.better(value, baseline)) this.#wait = 0;
      return;
    }
    if (this.#wait >= patience && epoch > 0) {
      this.stoppedEpoch = epoch;
      this.model.stopTraining = true;
    }
  }
  onTrainEnd(): void {
    if (this.#options.restoreBestWeights && this.#bestWeights !== null) this.model.setWeights(this.#bestWeights);
  }
  saveState(): CallbackState {
    return {
      json: { wait: this.#wait, best: String(this.#best), bestEpoch: this.bestEpoch, weights: this.#bestWeights !== null },
      arrays: this.#bestWeights ?? [],
    };
  }
  loadState(state: CallbackState): void {
    const json = state.json as { wait: number; best: string; bestEpoch: number; weights: boolean };
    this.#wait = json.wait;
    this.#best = Number(json.best);
    this.bestEpoch = json.bestEpoch;
    this.#bestWeights = json.weights ? [...(state.arrays ?? [])] : null;
  }
}
