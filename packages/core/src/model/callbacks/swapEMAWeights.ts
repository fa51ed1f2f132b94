/** Puts the optimizer's moving averages in place of the weights while the model is evaluated, and back afterwards. */
import { StateError } from '../../base/errors.ts';
import { BaseCallback, type CallbackState } from './callback.ts';

export interface SwapEMAWeightsOptions {
  /** also from the end of each epoch to the begin of the next, so that callbacks after this one (ModelCheckpoint) see the averages; default false */ readonly swapOnEpoch?: boolean;
}

/**
 * Needs an optimizer with `useEma: true`; without one, training and evaluation begin with a StateError. In `evaluate` likewise: the figures are those of the averages. Callbacks after this one must not change weights while
 * they are swapped. However the training ends, `fit` leaves the averages in the weights, as it does without this callback.
 */
export class SwapEMAWeights extends BaseCallback {
  readonly #swapOnEpoch: boolean;
  #swapped = false;
  constructor(options: SwapEMAWeightsOptions = {}) {
    super();
    this.#swapOnEpoch = options.swapOnEpoch ?? false;
  }
  onTrainBegin(): void {
    this.#swapped = false;
    this.#check();
  }
  #check(): void {
    if (this.model.optimizer?.useEma !== true) throw new StateError('SwapEMAWeights: the optimizer keeps no averages of the weights; make it with useEma: true.');
  }
  async onEpochBegin(): Promise<void> { await this.#set(false); }
  async onTestBegin(): Promise<void> {
    this.#check();
    await this.#set(true);
  }
  async onTestEnd(): Promise<void> { await this.#set(false); }
  async onEpochEnd(): Promise<void> { if (this.#swapOnEpoch) await this.#set(true); }
  /** What goes on, a later `fit` or the end of this one, starts from weights and averages in their places. */
  async onInterrupt(): Promise<void> { await this.#set(false); }
  async onTrainFinish(): Promise<void> { await this.#set(false); }
  async #set(swapped: boolean): Promise<void> {
    if (swapped === this.#swapped) return;
    for (const [variable, average] of this.model.optimizer?.averages ?? []) {
      const value = await variable.readAsync();
      variable.write(await average.readAsync());
      average.write(value);
    }
    this.#swapped = swapped;
  }
  /** A backup at the end of an epoch holds them swapped. */
  saveState(): CallbackState { return { json: { swapped: this.#swapped } }; }
  loadState(state: CallbackState): void { this.#swapped = (state.json as { swapped: boolean }).swapped; }
}
