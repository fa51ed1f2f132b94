/** The record of a training run: one value per epoch and quantity. `fit` returns it. */
import type { Callback, CallbackState, Logs } from './callback.ts';

export class History implements Callback {
  /** epochs that have ended, counted from 0 */
  epoch: number[] = [];
  /** loss, metrics, val_… : one value per epoch of `epoch` */
  history: Record<string, number[]> = {};

  onEpochEnd(epoch: number, logs: Logs): void {
    this.epoch.push(epoch);
    for (const [name, value] of Object.entries(logs)) (this.history[name] ??= []).push(value);
  }
  saveState(): CallbackState { return { json: { epoch: this.epoch, history: this.history } }; }
  loadState(state: CallbackState): void {
    const { epoch, history } = state.json as { epoch: number[]; history: Record<string, number[]> };
    this.epoch = [...epoch];
    this.history = Object.fromEntries(Object.entries(history).map(([k, v]) => [k, v.map((x) => (x === null ? NaN : x))]));
  }
}
