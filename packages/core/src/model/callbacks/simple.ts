/** TerminateOnNaN and LambdaCallback. */
import { BaseCallback, type BatchReport, type Callback } from './callback.ts';

/** Ends the training when the loss of a batch is NaN or infinite. */
export class TerminateOnNaN extends BaseCallback {
  /** the step at which it happened, else null */
  step: number | null = null;
  onTrainBegin(): void { this.step = null; }
  onTrainBatchEnd(step: number, batch: BatchReport): void {
    if (Number.isFinite(batch.loss)) return;
    this.step = step;
    this.model.stopTraining = true;
  }
}

/** Hooks given as functions. */
export class LambdaCallback extends BaseCallback {
  constructor(hooks: Omit<Callback, 'setContext'>) {
    super();
    Object.assign(this, hooks);
  }
}
