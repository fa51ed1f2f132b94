/** The best of one rate where another is at least a given one: over many thresholds. */
import { ValueError } from '../../base/errors.ts';
import * as ops from '../../tensor/ops/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { evenThresholds, Tallied, type TallyOptions } from './confusion.ts';
import { ratio, type MetricOptions } from './metric.ts';

/** Options of the four. */
export interface OperatingPointOptions extends MetricOptions {
  /** How many thresholds are looked at, evenly spaced. Default 200. */
  readonly numThresholds?: number;
  /** Only this class (last axis) is looked at. */
  readonly classId?: number | null;
}
type Params = { readonly numThresholds: number; readonly classId: number | null };
type Rate = 'precision' | 'sensitivity' | 'specificity';
abstract class OperatingPoint<P extends object> extends Tallied<P & Params> {
  private readonly best: Rate;
  private readonly where: Rate;
  private readonly least: number;
  constructor(best: Rate, where: Rate, least: number, name: string, options: OperatingPointOptions, own: P) {
    if (!(least >= 0 && least <= 1)) throw new ValueError(`Metric '${name}': ${least} must be within 0 and 1.`);
    super(name, { ...options, ...own }, { ...own, numThresholds: 200, classId: null }, ({ numThresholds }) => {
      if (!Number.isInteger(numThresholds) || numThresholds < 1) throw new ValueError(`Metric '${name}': numThresholds ${numThresholds} must be a whole number of at least 1.`);
      return evenThresholds(numThresholds, false);
    });
    this.best = best; this.where = where; this.least = least;
    this.keep(['tp', 'fp', 'tn', 'fn']);
  }
  protected override countOptions(): TallyOptions { return { classId: this.params.classId }; }
  private rate(name: Rate): Tensor {
    const [tp, fp, tn, fn] = (['tp', 'fp', 'tn', 'fn'] as const).map((key) => this.count(key)) as [Tensor, Tensor, Tensor, Tensor];
    return name === 'precision' ? ratio(tp, ops.add(tp, fp)) : name === 'sensitivity' ? ratio(tp, ops.add(tp, fn)) : ratio(tn, ops.add(tn, fp));
  }
  result(): Tensor { return ops.max(ops.where(ops.greaterEqual(this.rate(this.where), this.least), this.rate(this.best), 0)); }
}
/** The best sensitivity (recall) where the specificity is at least the given one. */
export class SensitivityAtSpecificity extends OperatingPoint<{ readonly specificity: number }> {
  readonly className = 'SensitivityAtSpecificity';
  constructor(specificity: number, options: OperatingPointOptions = {}) { super('sensitivity', 'specificity', specificity, 'sensitivity_at_specificity', options, { specificity }); }
}
/** The best specificity where the sensitivity is at least the given one. */
export class SpecificityAtSensitivity extends OperatingPoint<{ readonly sensitivity: number }> {
  readonly className = 'SpecificityAtSensitivity';
  constructor(sensitivity: number, options: OperatingPointOptions = {}) { super('specificity', 'sensitivity', sensitivity, 'specificity_at_sensitivity', options, { sensitivity }); }
}
/** The best precision where the recall is at least the given one. */
export class PrecisionAtRecall extends OperatingPoint<{ readonly recall: number }> {
  readonly className = 'PrecisionAtRecall';
  constructor(recall: number, options: OperatingPointOptions = {}) { super('precision', 'sensitivity', recall, 'precision_at_recall', options, { recall }); }
}
/** The best recall where the precision is at least the given one. */
export class RecallAtPrecision extends OperatingPoint<{ readonly precision: number }> {
  readonly className = 'RecallAtPrecision';
  constructor(precision: number, options: OperatingPointOptions = {}) { super('sensitivity', 'precision', precision, 'recall_at_precision', options, { precision }); }
}
