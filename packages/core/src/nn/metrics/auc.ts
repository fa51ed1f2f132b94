/** AUC: area under a curve of rates over many thresholds. */
import { ShapeError, ValueError } from '../../base/errors.ts';
import { showShape } from '../../base/shape.ts';
import * as ops from '../../tensor/ops/index.ts';
import { tensor, type Tensor } from '../../tensor/tensor.ts';
import { EPSILON } from '../epsilon.ts';
import { evenThresholds, Tallied, type TallyOptions } from './confusion.ts';
import { needed, ratio, type MetricOptions, type MetricShapes } from './metric.ts';

export type AUCCurve = 'ROC' | 'PR' | 'PRGAIN';
export type AUCSummationMethod = 'interpolation' | 'minoring' | 'majoring';
/** Options of `auc`. */
export interface AUCOptions extends MetricOptions {
  /** Evenly spaced ones; more are nearer to the true area. Default 200. */
  readonly numThresholds?: number;
  /** ROC: true over false positive rate; PR: precision over recall; PRGAIN: their gains over always saying yes (Flach and Kull 2015). Default ROC. */
  readonly curve?: AUCCurve;
  /** Between two thresholds: the mean (for PR: Davis and Goadrich 2006), the lower or the higher. Default interpolation. */
  readonly summationMethod?: AUCSummationMethod;
  /** Thresholds of your own within 0..1, instead of numThresholds. */
  readonly thresholds?: readonly number[] | null;
  /** The area of each label (last axis), then their mean. Default false. */
  readonly multiLabel?: boolean;
  /** A weight per label. */
  readonly labelWeights?: readonly number[] | null;
  /** Predictions are logits. Default false. */
  readonly fromLogits?: boolean;
}
type Params = Required<Omit<AUCOptions, 'name'>>;
const KEYS = ['tp', 'fp', 'tn', 'fn'] as const;

/** Area under the curve. */
export class AUC extends Tallied<Params> {
  readonly className = 'AUC';
  constructor(options: AUCOptions = {}) {
    super('auc', options, { numThresholds: 200, curve: 'ROC', summationMethod: 'interpolation', thresholds: null, multiLabel: false, labelWeights: null, fromLogits: false }, ({ numThresholds, thresholds }) => {
      if (thresholds !== null) return [-EPSILON, ...[...thresholds].sort((a, b) => a - b), 1 + EPSILON];
      if (!Number.isInteger(numThresholds) || numThresholds < 2) throw new ValueError(`AUC: numThresholds ${numThresholds} must be a whole number of at least 2.`);
      return evenThresholds(numThresholds, true);
    });
    for (const [key, known] of [['curve', ['ROC', 'PR', 'PRGAIN']], ['summationMethod', ['interpolation', 'minoring', 'majoring']]] as const) {
      if (!(known as readonly string[]).includes(this.params[key])) throw new ValueError(`AUC: unknown ${key} '${this.params[key]}'; known: ${known.join(', ')}.`);
    }
    if (!this.params.multiLabel) this.keep(KEYS);
  }
  override build({ yPred }: MetricShapes): void {
    if (this.variables.length > 0) return;
    const labels = yPred.at(-1) ?? null;
    if (yPred.length !== 2 || labels === null) throw new ShapeError(`AUC with multiLabel takes predictions [batch, labels], got ${showShape(yPred)}.`);
    this.keep(KEYS, [this.thresholds.length, labels]);
  }
  protected override countOptions(): TallyOptions {
    const { multiLabel, labelWeights } = this.params;
    return { multiLabel, labelWeights: multiLabel || labelWeights === null ? null : tensor([...labelWeights]) };
  }
  override update(yTrue: Tensor, yPred: Tensor | null = null, sampleWeight: Tensor | null = null): void {
    const p = needed(yPred, this.name);
    this.build({ yTrue: yTrue.shape, yPred: p.shape });
    super.update(yTrue, this.params.fromLogits ? ops.sigmoid(p) : p, sampleWeight);
  }
  result(): Tensor {
    const { curve, summationMethod, multiLabel, labelWeights } = this.params, n = this.thresholds.length;
    const [tp, fp, tn, fn] = KEYS.map((key) => this.count(key)) as [Tensor, Tensor, Tensor, Tensor];
    const left = (x: Tensor): Tensor => ops.slice(x, [0, n - 1]), right = (x: Tensor): Tensor => ops.slice(x, [1, n]), step = (x: Tensor): Tensor => ops.subtract(left(x), right(x));
    let parts: Tensor;
    if (curve === 'PR' && summationMethod === 'interpolation') {
      const p = ops.add(tp, fp), slope = ratio(step(tp), ops.maximum(step(p), 0)), offset = ops.subtract(right(tp), ops.multiply(slope, right(p)));
      const safe = ops.where(ops.logicalAnd(ops.greater(left(p), 0), ops.greater(right(p), 0)), ratio(left(p), right(p)), 1);
      parts = ratio(ops.multiply(slope, ops.add(step(tp), ops.multiply(offset, ops.log(safe)))), right(ops.add(tp, fn)));
    } else {
      const recall = ratio(tp, ops.add(tp, fn));
      let x = ratio(fp, ops.add(fp, tn)), y = recall;
      if (curve === 'PR') { x = recall; y = ratio(tp, ops.add(tp, fp)); }
      if (curve === 'PRGAIN') {
        const scale = ratio(ops.add(tp, fn), ops.add(tn, fp)), none = ops.equal(tp, 0), gain = (wrong: Tensor): Tensor => ops.subtract(1, ops.multiply(scale, ratio(wrong, tp)));
        x = ops.maximum(ops.where(none, 0, gain(fn)), 0);
        y = ops.where(none, 1, gain(fp));
      }
      const a = left(y), b = right(y);
      parts = ops.multiply(step(x), summationMethod === 'interpolation' ? ops.divide(ops.add(a, b), 2) : summationMethod === 'minoring' ? ops.minimum(a, b) : ops.maximum(a, b));
    }
    if (!multiLabel) return ops.sum(parts);
    const areas = ops.sum(parts, 0);
    if (labelWeights === null) return ops.mean(areas);
    const weights = tensor([...labelWeights]);
    return ratio(ops.sum(ops.multiply(areas, weights)), ops.sum(weights));
  }
}
