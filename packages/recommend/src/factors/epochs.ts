/** What models that learn in epochs do after each: figures on the validation set, report, a printed line, a breath for the event loop, a look at the signal. */
import { AbortedError } from '@limelight/core';
import type { Figures } from '../evaluate/evaluation.ts';
import type { EpochReport, FitOptions } from '../models/types.ts';
import type { Evaluation } from '../evaluate/evaluation.ts';
import type { EvaluationSet } from '../evaluate/set.ts';

interface Measured { readonly kind: string; evaluate(set: EvaluationSet): Evaluation }

export class Epochs {
  readonly reports: EpochReport[] = [];
  readonly #model: Measured;
  readonly #options: FitOptions;
  #started = performance.now();
  constructor(model: Measured, options: FitOptions) {
    this.#model = model;
    this.#options = options;
  }
  /** @throws AbortedError where the signal asks for it */
  async breathe(): Promise<void> {
    await new Promise<void>((resolve) => { setImmediate(resolve); });
    if (this.#options.signal?.aborted === true) throw new AbortedError();
  }
  /** The figures of the validation set, if there is one. @param keep called before anybody is told, to put the state away: whoever is told may stop the training */
  async done(loss: number, keep: (figures: Figures | undefined) => void = () => undefined): Promise<Figures | undefined> {
    const { validation, onEpoch, verbose = 0 } = this.#options, seconds = (performance.now() - this.#started) / 1000, figures = validation === undefined ? undefined : this.#model.evaluate(validation).figures;
    const report: EpochReport = { epoch: this.reports.length + 1, loss, seconds, ...(figures === undefined ? {} : { figures }) };
    this.reports.push(report);
    keep(figures);
    if (verbose === 1) console.error(`${this.#model.kind}: epoch ${report.epoch}, loss ${loss.toFixed(4)}, ${seconds.toFixed(1)} s${figures === undefined ? '' : `, ndcg@10 ${(figures['ndcg@10'] ?? Number.NaN).toFixed(4)}`}`);
    onEpoch?.(report);
    await this.breathe();
    this.#started = performance.now();
    return figures;
  }
}
