/** Normalization: x - mean over the standard deviation, of statistics that are given or learned from data by `adapt`. */
import { ShapeError, StateError, ValueError } from '../../../base/errors.ts';
import { at, normalizeAxes, showShape, sizeOf, type Shape } from '../../../base/shape.ts';
import * as ops from '../../../tensor/ops/index.ts';
import { tensor, type Tensor } from '../../../tensor/tensor.ts';
import type { Variable } from '../../../tensor/variable.ts';
import { EPSILON } from '../../epsilon.ts';
import { Constant } from '../../initializers/constant.ts';
import { knownExtent, Layer, single, singleShape, type BatchShape, type LayerOptions } from '../../layer.ts';
import { booleanOf, type Config } from '../../registry-table.ts';
import { layerOptions } from '../options.ts';
import { arrayOf, batchesOf, type AdaptData } from './adapt.ts';

/** Options of `normalization`. */
export interface NormalizationOptions extends LayerOptions {
  /** The axes that have statistics of their own; null: one mean for all. Default -1. */
  readonly axis?: number | readonly number[] | null;
  /** Fixed statistics, instead of `adapt`: numbers for all, or one for each place of the axes. Both or neither. */
  readonly mean?: number | readonly number[] | null;
  readonly variance?: number | readonly number[] | null;
  /** Back from normalized to original values. Default false. */
  readonly invert?: boolean;
}
/** Keeps the shape; f32. Without fixed statistics it has the weights mean, variance and count, not trained: an unadapted layer hands its input through. */
export class Normalization extends Layer {
  readonly className = 'Normalization';
  readonly axis: readonly number[];
  readonly mean: number | readonly number[] | null;
  readonly variance: number | readonly number[] | null;
  readonly invert: boolean;
  private learned: { readonly mean: Variable; readonly variance: Variable; readonly count: Variable } | null = null;

  constructor(options: NormalizationOptions = {}) {
    super('Normalization', options);
    const axis = options.axis === undefined ? -1 : options.axis;
    this.axis = axis === null ? [] : typeof axis === 'number' ? [axis] : [...axis];
    this.mean = options.mean ?? null;
    this.variance = options.variance ?? null;
    this.invert = options.invert ?? false;
    if ((this.mean === null) !== (this.variance === null)) throw new ValueError(`Normalization '${this.name}': give both mean and variance, or neither and call adapt.`);
    const count = (v: number | readonly number[] | null): number => (typeof v === 'object' ? v?.length ?? 1 : 1);
    if (count(this.mean) !== count(this.variance)) throw new ValueError(`Normalization '${this.name}': mean has ${count(this.mean)} values and variance ${count(this.variance)}; they must be as many.`);
  }
  static fromConfig(config: Config): Normalization {
    const { axis, mean, variance } = config as Pick<NormalizationOptions, 'axis' | 'mean' | 'variance'>;
    return new Normalization({ ...layerOptions(config), ...(axis === undefined ? {} : { axis }), mean: mean ?? null, variance: variance ?? null, invert: booleanOf(config, 'invert', false) });
  }
  override get supportsMasking(): boolean { return true; }
  /** Extents of the kept axes of an input shape, which must be known. */
  #kept(shape: BatchShape): number[] { return normalizeAxes(this.axis, shape.length, `Normalization '${this.name}'`).map((a) => knownExtent(shape, a, `Normalization '${this.name}'`)); }
  protected override createWeights(shapes: readonly BatchShape[]): void {
    const kept = this.#kept(singleShape(shapes, this.className));
    if (this.mean !== null) {
      const given = typeof this.mean === 'number' ? 1 : this.mean.length;
      if (given !== 1 && given !== sizeOf(kept)) throw new ShapeError(`Normalization '${this.name}': mean has ${given} values, but axis ${showShape(this.axis)} of the input ${showShape(at(shapes, 0))} has ${sizeOf(kept)} places.`);
      return;
    }
    const weight = (name: string, shape: Shape, value: number, dtype: 'f32' | 'i32'): Variable => this.addWeight(name, shape, { initializer: new Constant(value), trainable: false, dtype });
    this.learned = { mean: weight('mean', kept, 0, 'f32'), variance: weight('variance', kept, 1, 'f32'), count: weight('count', [], 0, 'i32') };
  }
  call(inputs: readonly Tensor[]): Tensor {
    const x: Tensor = ops.cast(single(inputs, this.className), 'f32'), kept = normalizeAxes(this.axis, x.rank, this.className), wide = x.shape.map((d, i) => (kept.includes(i) ? d : 1));
    const spread = (fixed: number | readonly number[] | null, own: Variable | undefined): Tensor => {
      if (typeof fixed === 'number') return tensor([fixed], x.shape.map(() => 1));
      if (fixed !== null) return ops.reshape(tensor(Float32Array.from(fixed)), fixed.length === 1 ? x.shape.map(() => 1) : wide);
      if (own === undefined) throw new StateError(`Normalization '${this.name}' is not built.`);
      return ops.reshape(own.value, wide);
    };
    const mean = spread(this.mean, this.learned?.mean), deviation = ops.maximum(ops.sqrt(spread(this.variance, this.learned?.variance)), EPSILON);
    return this.invert ? ops.add(mean, ops.multiply(x, deviation)) : ops.divide(ops.subtract(x, mean), deviation);
  }
  /**
   * Learns mean and variance (the population's) from data whose first axis counts samples, or from batches of them. Earlier statistics are forgotten. Throws
   * ValueError where they are fixed, ShapeError where batches do not fit together or the layer, DataError for no data.
   */
  async adapt(data: AdaptData): Promise<void> {
    if (this.mean !== null) throw new ValueError(`Normalization '${this.name}' has fixed statistics; leave mean and variance out to learn them.`);
    let mean = new Float64Array(0), squares = new Float64Array(0), samples = 0, groups = 0;
    for await (const batch of batchesOf(data, arrayOf, `Normalization '${this.name}'`, 'an array of numbers')) {
      if (!this.built) this.build([batch.shape.map((d, i) => (i === 0 && !this.#keeps(0, batch.rank) ? null : d))]);
      this.checkInputs([batch.shape]);
      const kept = this.#kept(batch.shape), places = sizeOf(kept);
      if (samples === 0) { mean = new Float64Array(places); squares = new Float64Array(places); }
      groups = batch.size / Math.max(1, places);
      if (groups === 0) continue;
      // Chan's update of means and sums of squares, batch by batch
      const [own, spread] = statistics(batch, normalizeAxes(this.axis, batch.rank, this.className), places), total = samples + groups;
      for (let i = 0; i < places; i++) {
        const d = at(own, i) - at(mean, i);
        mean[i] = at(mean, i) + (d * groups) / total;
        squares[i] = at(squares, i) + at(spread, i) + (d * d * samples * groups) / total;
      }
      samples = total;
    }
    if (samples === 0 || this.learned === null) throw new ValueError(`Normalization '${this.name}'.adapt: the data are empty.`);
    this.learned.mean.write(Float32Array.from(mean));
    this.learned.variance.write(Float32Array.from(squares, (s) => s / samples));
    this.learned.count.write(Int32Array.of(samples));
  }
  #keeps(axis: number, rank: number): boolean { return normalizeAxes(this.axis, rank, this.className).includes(axis); }
  override outputShapes(shapes: readonly BatchShape[]): readonly BatchShape[] { return [at(shapes, 0)]; }
  override getConfig(): Config { return { ...super.getConfig(), axis: this.axis, mean: this.mean, variance: this.variance, invert: this.invert }; }
}
/** Mean and sum of squared differences from it for each place of the kept axes. */
function statistics(batch: Tensor, kept: readonly number[], places: number): readonly [Float64Array, Float64Array] {
  const data = batch.dataSync(), { shape } = batch, mean = new Float64Array(places), squares = new Float64Array(places), group = data.length / places;
  const place = new Int32Array(data.length), counter = new Array<number>(shape.length).fill(0);
  for (let i = 0; i < data.length; i++) {
    let p = 0;
    for (const axis of kept) p = p * at(shape, axis) + at(counter, axis);
    place[i] = p;
    mean[p] = at(mean, p) + at(data, i);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      counter[axis] = at(counter, axis) + 1;
      if (at(counter, axis) < at(shape, axis)) break;
      counter[axis] = 0;
    }
  }
  for (let p = 0; p < places; p++) mean[p] = at(mean, p) / group;
  for (let i = 0; i < data.length; i++) { const p = at(place, i), d = at(data, i) - at(mean, p); squares[p] = at(squares, p) + d * d; }
  return [mean, squares];
}
