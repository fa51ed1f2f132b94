/**
 * Knowledge distillation (Hinton, Vinyals and Dean 2015): a small model learns from the labels and from what a large one says of each class, softened by a
 * temperature.
 */
import { ShapeError, ValueError } from '../../base/errors.ts';
import { sameShape, showShape } from '../../base/shape.ts';
import { EPSILON } from '../../nn/epsilon.ts';
import { Identity } from '../../nn/layers/identity.ts';
import { input } from '../../nn/layers/input.ts';
import { Loss, pair, type LossOptions } from '../../nn/losses/loss.ts';
import type { LossLike } from '../../nn/losses/index.ts';
import type { MetricLike } from '../../nn/metrics/index.ts';
import type { OptimizerLike } from '../../nn/optimizers/index.ts';
import type { Config } from '../../nn/registry-table.ts';
import * as ops from '../../tensor/ops/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { History } from '../callbacks/history.ts';
import type { DataLike } from '../columns.ts';
import { model as functional } from '../functional.ts';
import type { Model } from '../model.ts';
import type { FitOptions } from '../options.ts';

/** Options of `distillationLoss`. */
export interface DistillationLossOptions extends LossOptions {
  /** Above 1: also what is unlikely counts. Default 3. */
  readonly temperature?: number;
  /** Outputs are logits, not probabilities. Default false. */
  readonly fromLogits?: boolean;
}
/** T² · Σ p log(p / q) over the last axis: p the teacher's classes (the targets), q the student's, both softened: softmax(log / T). */
export class DistillationLoss extends Loss {
  readonly className = 'DistillationLoss';
  readonly temperature: number;
  readonly fromLogits: boolean;
  constructor(options: DistillationLossOptions = {}) {
    super('distillation_loss', options);
    this.temperature = options.temperature ?? 3;
    this.fromLogits = options.fromLogits ?? false;
    if (!(this.temperature > 0 && Number.isFinite(this.temperature))) throw new ValueError(`distillationLoss: temperature ${this.temperature} must be above 0.`);
  }
  call(yTrue: Tensor, yPred: Tensor): Tensor {
    const [teacher, student] = pair(yTrue, yPred, 'distillationLoss'), soft = (y: Tensor): Tensor => ops.logSoftmax(ops.divide(this.fromLogits ? y : ops.log(ops.clip(y, EPSILON, 1)), this.temperature));
    const p = soft(teacher), q = soft(student);
    return ops.multiply(ops.sum(ops.multiply(ops.exp(p), ops.subtract(p, q)), -1), this.temperature ** 2);
  }
  override getConfig(): Config { return { ...super.getConfig(), temperature: this.temperature, fromLogits: this.fromLogits }; }
}
/** The soft part of the loss alone, for a training step of one's own: targets are the teacher's outputs. */
export const distillationLoss = (options: DistillationLossOptions = {}): DistillationLoss => new DistillationLoss(options);

/** Options of `distill`, and those of `fit`. */
export interface DistillOptions extends Omit<FitOptions, 'validationData' | 'validationSplit' | 'backup' | 'resume'> {
  /** Weight of the loss of the labels; the rest is the teacher's. Default 0.1. */
  readonly alpha?: number;
  /** Default 3. */
  readonly temperature?: number;
  /** Outputs of both are logits. Default false. */
  readonly fromLogits?: boolean;
  /** Loss of the labels. Default 'sparseCategoricalCrossentropy'. */
  readonly loss?: LossLike;
  /** Default 'adam'. */
  readonly optimizer?: OptimizerLike;
  /** Metrics of the labels. Default ['accuracy']. */
  readonly metrics?: readonly (MetricLike | 'accuracy')[];
  /** [x, y] to validate with. */
  readonly validation?: readonly [x: DataLike, y: DataLike];
}
/**
 * Trains the student on data and the teacher's predictions of them (made once, before). The student is changed in place and not compiled by it; the history has
 * `labels_loss`, `teacher_loss`, `labels_accuracy` …. Throws ShapeError where the outputs of both differ, ValueError for an alpha outside of 0..1.
 */
export async function distill(teacher: Model, student: Model, x: DataLike, y: DataLike, options: DistillOptions = {}): Promise<History> {
  const { alpha = 0.1, temperature = 3, fromLogits = false, loss = 'sparseCategoricalCrossentropy', optimizer = 'adam', metrics = ['accuracy'], validation, ...fit } = options;
  if (!(alpha >= 0 && alpha <= 1)) throw new ValueError(`distill: alpha ${alpha} must be within 0 and 1.`);
  const [port, ...others] = student.inputPorts ?? [];
  if (port === undefined || others.length > 0 || student.outputPorts.length !== 1) throw new ValueError(`distill: student '${student.name}' must be built, with one input and one output; begin it with input({ shape }).`);
  const given = teacher.outputPorts[0]?.shape ?? [], own = student.outputPorts[0]?.shape ?? [];
  if (teacher.outputPorts.length !== 1 || !sameShape(given.map((d) => d ?? -1), own.map((d) => d ?? -1))) throw new ShapeError(`distill: teacher '${teacher.name}' gives ${showShape(given)} and student '${student.name}' ${showShape(own)}; they must be equal.`);
  const entry = input({ shape: port.shape, dtype: port.dtype }), result = student.apply(entry);
  const pupil = functional({ inputs: entry, outputs: { labels: new Identity({}).apply(result), teacher: new Identity({}).apply(result) } });
  pupil.compile({ optimizer, loss: { labels: loss, teacher: distillationLoss({ temperature, fromLogits }) }, lossWeights: { labels: alpha, teacher: 1 - alpha }, metrics: { labels: metrics } });
  const batchSize = fit.batchSize ?? 32, soft = async (data: DataLike): Promise<Tensor> => teacher.predict(data, { batchSize: Math.max(batchSize, 128), ...(fit.signal === undefined ? {} : { signal: fit.signal }) });
  const validationData = validation === undefined ? {} : { validationData: { x: validation[0], y: { labels: validation[1], teacher: await soft(validation[0]) } } };
  return pupil.fit(x, { labels: y, teacher: await soft(x) }, { ...fit, batchSize, ...validationData });
}
