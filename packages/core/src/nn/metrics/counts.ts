/** TruePositives, FalsePositives, TrueNegatives, FalseNegatives: counts at thresholds. */
import type { Tensor } from '../../tensor/tensor.ts';
import { Tallied, thresholdsOf, type TallyKey } from './confusion.ts';
import type { MetricOptions } from './metric.ts';

/** Options of the counts. */
export interface CountOptions extends MetricOptions {
  /** One or several within 0..1; several give one number each. Default 0.5. */
  readonly thresholds?: number | readonly number[] | null;
}
type Params = { readonly thresholds: number | readonly number[] | null };
abstract class Count extends Tallied<Params> {
  private readonly key: TallyKey;
  constructor(key: TallyKey, name: string, options: CountOptions) {
    super(name, options, { thresholds: null }, ({ thresholds }) => thresholdsOf(thresholds, 0.5, name));
    this.key = key;
    this.keep([key]);
  }
  result(): Tensor { return this.shaped(this.count(this.key)); }
}
/** How many 1s are above the threshold; weighted. */
export class TruePositives extends Count { readonly className = 'TruePositives'; constructor(options: CountOptions = {}) { super('tp', 'true_positives', options); } }
/** How many 0s are above the threshold; weighted. */
export class FalsePositives extends Count { readonly className = 'FalsePositives'; constructor(options: CountOptions = {}) { super('fp', 'false_positives', options); } }
/** How many 0s are not above the threshold; weighted. */
export class TrueNegatives extends Count { readonly className = 'TrueNegatives'; constructor(options: CountOptions = {}) { super('tn', 'true_negatives', options); } }
/** How many 1s are not above the threshold; weighted. */
export class FalseNegatives extends Count { readonly className = 'FalseNegatives'; constructor(options: CountOptions = {}) { super('fn', 'false_negatives', options); } }
