/** Callbacks that change the learning rate: by a function of the epoch, or when a quantity stops getting better. */
import { ValueError } from '../../base/errors.ts';
import { BaseCallback, type CallbackState, type Logs } from './callback.ts';
import { Comparison, monitored, type MonitorMode } from './monitor.ts';

/** `schedule(epoch, learningRate)` gives the learning rate of the epoch (counted from 0). */
export class LearningRateScheduler extends BaseCallback {
  readonly #schedule: (epoch: number, learningRate: number) => number;
  constructor(schedule: (epoch: number, learningRate: number) => number) {
    super();
    this.#schedule = schedule;
  }
  onEpochBegin(epoch: number): void {
    const rate = this.#schedule(epoch, this.model.learningRate);
    if (typeof rate !== 'number' || !Number.isFinite(rate)) throw new ValueError(`LearningRateScheduler: the schedule gave ${String(rate)} for epoch ${epoch}; it must give a finite number.`);
    this.model.learningRate = rate;
  }
}

export interface ReduceLROnPlateauOptions {
  /** default 'val_loss' */ readonly monitor?: string;
  /** the new rate is the old one times this; below 1; default 0.1 */ readonly factor?: number;
  /** epochs without anything better before the rate is reduced; default 10 */ readonly patience?: number;
  /** default 'auto' */ readonly mode?: MonitorMode;
  /** least change that counts as better; default 1e-4 */ readonly minDelta?: number;
  /** epochs to wait after a reduction; default 0 */ readonly cooldown?: number;
  /** default 0 */ readonly minLearningRate?: number;
}

export class ReduceLROnPlateau extends BaseCallback {
  readonly #options: Required<ReduceLROnPlateauOptions>;
  readonly #comparison: Comparison;
  #best: number;
  #wait = 0;
  #cooldown = 0;

  constructor(options: ReduceLROnPlateauOptions = {}) {
    super();
    this.#options = { monitor: 'val_loss', factor: 0.1, patience: 10, mode: 'auto', minDelta: 1e-4, cooldown: 0, minLearningRate: 0, ...options };
    if (this.#options.factor >= 1) throw new ValueError(`ReduceLROnPlateau: factor must be below 1, not ${this.#options.factor}.`);
    this.#comparison = new Comparison(this.#options.monitor, this.#options.mode, this.#options.minDelta);
    this.#best = this.#comparison.worst;
  }
  onTrainBegin(): void {
    this.#best = this.#comparison.worst;
    this.#wait = 0;
    this.#cooldown = 0;
  }
  onEpochEnd(_epoch: number, logs: Logs): void {
    const { monitor, factor, patience, cooldown, minLearningRate } = this.#options;
    const value = monitored(logs, monitor);
    if (this.#cooldown > 0) { this.#cooldown--; this.#wait = 0; }
    if (this.#comparison.better(value, this.#best)) { this.#best = value; this.#wait = 0; return; }
    if (this.#cooldown > 0 || ++this.#wait < patience) return;
    const rate = this.model.learningRate;
    if (rate > minLearningRate) {
      this.model.learningRate = Math.max(rate * factor, minLearningRate);
      this.#cooldown = cooldown;
      this.#wait = 0;
    }
  }
  saveState(): CallbackState { return { json: { best: String(this.#best), wait: this.#wait, cooldown: this.#cooldown } }; }
  loadState(state: CallbackState): void {
    const json = state.json as { best: string; wait: number; cooldown: number };
    this.#best = Number(json.best);
    this.#wait = json.wait;
    this.#cooldown = json.cooldown;
  }
}
