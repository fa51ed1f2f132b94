/** Precision and Recall. */
import * as ops from '../../tensor/ops/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { NEVER, Tallied, thresholdsOf, type TallyKey } from './confusion.ts';
import { ratio, type MetricOptions } from './metric.ts';

/** Options of `precision` and `recall`. */
export interface PrecisionOptions extends MetricOptions {
  /** One or several within 0..1; several give one number each. Default 0.5, or none with `topK`. */
  readonly thresholds?: number | readonly number[] | null;
  /** Only the k largest predictions of a row count as positive. */
  readonly topK?: number | null;
  /** Only this class (last axis) is looked at. */
  readonly classId?: number | null;
}
type Params = Required<Omit<PrecisionOptions, 'name'>>;
abstract class Share extends Tallied<Params> {
  private readonly other: TallyKey;
  constructor(other: TallyKey, name: string, options: PrecisionOptions) {
    super(name, options, { thresholds: null, topK: null, classId: null }, ({ thresholds, topK }) => thresholdsOf(thresholds, topK === null ? 0.5 : NEVER, name));
    this.other = other;
    this.keep(['tp', other]);
  }
  protected override countOptions(): Params { return this.params; }
  result(): Tensor { const tp = this.count('tp'); return this.shaped(ratio(tp, ops.add(tp, this.count(this.other)))); }
}
/** Of what is predicted positive, the share that is. */
export class Precision extends Share { readonly className = 'Precision'; constructor(options: PrecisionOptions = {}) { super('fp', 'precision', options); } }
/** Of what is positive, the share that is predicted so. */
export class Recall extends Share { readonly className = 'Recall'; constructor(options: PrecisionOptions = {}) { super('fn', 'recall', options); } }
