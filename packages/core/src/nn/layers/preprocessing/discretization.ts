/** Discretization: numbers to the bins they fall in. The bins are given, or quantiles of data (approximate, by merged summaries as in Keras). */
import type { DType } from '../../../base/dtype.ts';
import { StateError, ValueError } from '../../../base/errors.ts';
import { at } from '../../../base/shape.ts';
import * as ops from '../../../tensor/ops/index.ts';
import { tensor, type Tensor } from '../../../tensor/tensor.ts';
import { Layer, single, singleShape, type BatchShape, type LayerOptions } from '../../layer.ts';
import { numberOf, stringOf, type Config } from '../../registry-table.ts';
import { layerOptions } from '../options.ts';
import { arrayOf, batchesOf, type AdaptData } from './adapt.ts';
import { categoryMode, encodeCategories, encodedShape, type CategoryMode } from './encode.ts';

/** Options of `discretization`: either `binBoundaries`, or `numBins` and then `adapt`. */
export interface DiscretizationOptions extends LayerOptions {
  /** The limits between bins, ascending: n limits make n + 1 bins; bin i holds limit[i-1] ≤ x < limit[i]. */
  readonly binBoundaries?: readonly number[] | null;
  /** Number of bins of equal counts, learned by `adapt`. */
  readonly numBins?: number | null;
  /** How exact the learned quantiles are: a share of the data. Default 0.01. */
  readonly epsilon?: number;
  /** Default 'int'. */
  readonly outputMode?: CategoryMode;
}
/** Numbers in; i32 bins of the same shape ('int'), or f32 vectors of as many places as bins. NaN falls into the last bin. */
export class Discretization extends Layer {
  readonly className = 'Discretization';
  readonly numBins: number | null;
  readonly epsilon: number;
  readonly outputMode: CategoryMode;
  #boundaries: readonly number[] | null;
  constructor(options: DiscretizationOptions = {}) {
    super('Discretization', options);
    this.numBins = options.numBins ?? null;
    this.epsilon = options.epsilon ?? 0.01;
    this.outputMode = categoryMode(options.outputMode ?? 'int', ['int', 'oneHot', 'multiHot', 'count'], 'Discretization');
    this.#boundaries = options.binBoundaries ?? null;
    if ((this.numBins === null) === (this.#boundaries === null)) throw new ValueError(`Discretization '${this.name}': give either binBoundaries or numBins.`);
    if (this.numBins !== null && !(Number.isInteger(this.numBins) && this.numBins >= 1)) throw new ValueError(`Discretization '${this.name}': numBins ${this.numBins} must be a whole number of at least 1.`);
    if (!(this.epsilon > 0 && this.epsilon < 1)) throw new ValueError(`Discretization '${this.name}': epsilon ${this.epsilon} must be between 0 and 1.`);
    if (this.#boundaries?.some((b, i, all) => i > 0 && b < at(all, i - 1)) === true) throw new ValueError(`Discretization '${this.name}': binBoundaries must ascend, got [${this.#boundaries.join(', ')}].`);
  }
  static fromConfig(config: Config): Discretization {
    const limits = Array.isArray(config['binBoundaries']) ? (config['binBoundaries'] as number[]) : null, learned = typeof config['numBins'] === 'number' ? config['numBins'] : null;
    const made = new Discretization({ ...layerOptions(config), epsilon: numberOf(config, 'epsilon', 0.01), outputMode: stringOf(config, 'outputMode', 'int') as CategoryMode, ...(learned === null ? { binBoundaries: limits } : { numBins: learned }) });
    made.#boundaries = limits;
    return made;
  }
  /** The limits between the bins; null before `adapt`. */
  get binBoundaries(): readonly number[] | null { return this.#boundaries; }
  get #depth(): number { return (this.#boundaries?.length ?? (this.numBins ?? 1) - 1) + 1; }
  call(inputs: readonly Tensor[]): Tensor {
    const x: Tensor = ops.cast(single(inputs, this.className), 'f32'), limits = this.#boundaries;
    if (limits === null) throw new StateError(`Discretization '${this.name}' has no bins yet: call adapt(data) before it is used, or give binBoundaries.`);
    if (limits.length === 0) return encodeCategories(ops.cast(ops.multiply(ops.cast(x, 'i32'), 0), 'i32'), this.outputMode, 1);
    const below = ops.less(ops.expandDims(x, -1), tensor(Float32Array.from(limits)));
    return encodeCategories(ops.sum(ops.cast(ops.logicalNot(below), 'i32'), -1), this.outputMode, this.#depth);
  }
  /** Learns the limits of `numBins` bins from an array or batches. Programs that were made before keep the old ones: adapt before you compile or predict. */
  async adapt(data: AdaptData): Promise<void> {
    if (this.numBins === null) throw new ValueError(`Discretization '${this.name}' has fixed binBoundaries; give numBins to learn them.`);
    let summary: Summary = { values: [], weights: [] };
    for await (const batch of batchesOf(data, arrayOf, `Discretization '${this.name}'`, 'an array of numbers')) summary = compress(merge(summarize(batch, this.epsilon), summary), this.epsilon);
    if (summary.values.length === 0) throw new ValueError(`Discretization '${this.name}'.adapt: the data are empty.`);
    this.#boundaries = compress(summary, 1 / this.numBins).values.slice(0, -1);
  }
  override outputShapes(shapes: readonly BatchShape[]): readonly BatchShape[] { return [encodedShape(singleShape(shapes, this.className), this.outputMode, this.#depth)]; }
  override outputDType(): DType { return this.outputMode === 'int' ? 'i32' : 'f32'; }
  override getConfig(): Config { return { ...super.getConfig(), binBoundaries: this.#boundaries, numBins: this.numBins, epsilon: this.epsilon, outputMode: this.outputMode }; }
}

/** Some values of the data in ascending order, each with the number of elements that it stands for. */
interface Summary { readonly values: readonly number[]; readonly weights: readonly number[] }
function summarize(batch: Tensor, epsilon: number): Summary {
  const sorted = Float32Array.from(batch.dataSync()).sort(), step = Math.max(sorted.length * epsilon, 1), values: number[] = [];
  for (let i = Math.trunc(step - 1); i < sorted.length; i += Math.trunc(step)) values.push(at(sorted, i));
  return { values, weights: values.map(() => Math.fround(step)) };
}
function merge(a: Summary, b: Summary): Summary {
  const values = [...a.values, ...b.values], weights = [...a.weights, ...b.weights], order = values.map((_, i) => i).sort((i, j) => at(values, i) - at(values, j));
  return { values: order.map((i) => at(values, i)), weights: order.map((i) => at(weights, i)) };
}
/** At most 1 / epsilon values, at equal shares of the weight. */
function compress({ values, weights }: Summary, epsilon: number): Summary {
  if (values.length * epsilon < 1) return { values, weights };
  const totals: number[] = [];
  let sum = 0;
  for (const w of weights) totals.push((sum = Math.fround(sum + w)));
  const shares = totals.map((t) => Math.fround(t / sum)), steps = Array.from({ length: Math.ceil(1 / epsilon) }, (_, i) => epsilon + i * epsilon), reached = steps.map((p) => interpolate(p, shares, totals));
  return { values: steps.map((p) => Math.fround(interpolate(p, shares, values))), weights: reached.map((r, i) => Math.fround(r - (i === 0 ? 0 : at(reached, i - 1)))) };
}
/** The height over x of the line through the points (xs, ys), flat outside. */
function interpolate(x: number, xs: readonly number[], ys: readonly number[]): number {
  if (x <= at(xs, 0)) return at(ys, 0);
  const right = xs.findIndex((v) => v > x);
  if (right < 0) return at(ys, -1);
  const x0 = at(xs, right - 1), y0 = at(ys, right - 1);
  return y0 + ((at(ys, right) - y0) / (at(xs, right) - x0)) * (x - x0);
}
