/** Random initializers with Keras's formulas and defaults. */
import { createArray, type DType, type HostArray } from '../../base/dtype.ts';
import { ShapeError, ValueError } from '../../base/errors.ts';
import { at, showShape, sizeOf, type Shape } from '../../base/shape.ts';
import type { HostRandom } from '../../tensor/host-random.ts';
import type { Config } from '../registry-table.ts';
import { computeFans, streamOf, type Initializer } from './initializer.ts';

abstract class Random implements Initializer {
  abstract readonly className: string;
  readonly seed: number | null;
  constructor(seed: number | null) { this.seed = seed; }
  generate(shape: Shape, dtype: DType, seed: readonly [number, number]): HostArray {
    const random = streamOf(this.seed, seed), data = createArray(dtype, sizeOf(shape));
    for (let i = 0; i < data.length; i++) data[i] = this.draw(random);
    return data;
  }
  protected abstract draw(random: HostRandom): number;
  abstract getConfig(): Config;
}
/** A standard normal redrawn where it is beyond two deviations. */
function truncated(random: HostRandom): number {
  let z = random.normal();
  while (Math.abs(z) > 2) z = random.normal();
  return z;
}

/** Normal; mean 0, stddev 0.05 by default. */
export class RandomNormal extends Random {
  readonly className = 'RandomNormal';
  readonly mean: number;
  readonly stddev: number;
  constructor(mean = 0, stddev = 0.05, seed: number | null = null) { super(seed); this.mean = mean; this.stddev = stddev; }
  protected override draw(random: HostRandom): number { return this.mean + this.stddev * random.normal(); }
  getConfig(): Config { return { mean: this.mean, stddev: this.stddev, seed: this.seed }; }
}
/** Normal without what is beyond two deviations; mean 0, stddev 0.05 by default. */
export class TruncatedNormal extends Random {
  readonly className = 'TruncatedNormal';
  readonly mean: number;
  readonly stddev: number;
  constructor(mean = 0, stddev = 0.05, seed: number | null = null) { super(seed); this.mean = mean; this.stddev = stddev; }
  protected override draw(random: HostRandom): number { return this.mean + this.stddev * truncated(random); }
  getConfig(): Config { return { mean: this.mean, stddev: this.stddev, seed: this.seed }; }
}
/** Uniform in [minval, maxval); ±0.05 by default. */
export class RandomUniform extends Random {
  readonly className = 'RandomUniform';
  readonly minval: number;
  readonly maxval: number;
  constructor(minval = -0.05, maxval = 0.05, seed: number | null = null) { super(seed); this.minval = minval; this.maxval = maxval; }
  protected override draw(random: HostRandom): number { return this.minval + (this.maxval - this.minval) * random.unit(); }
  getConfig(): Config { return { minval: this.minval, maxval: this.maxval, seed: this.seed }; }
}

export type FanMode = 'fanIn' | 'fanOut' | 'fanAvg';
export type Distribution = 'truncatedNormal' | 'untruncatedNormal' | 'uniform';
/** Standard deviation of a standard normal cut at two deviations. */
const TRUNCATED_STDDEV = 0.87962566103423978;

/** Variance `scale` / fan, whatever the distribution: the family of Glorot, He and LeCun. */
export class VarianceScaling implements Initializer {
  readonly className: string = 'VarianceScaling';
  readonly scale: number;
  readonly mode: FanMode;
  readonly distribution: Distribution;
  readonly seed: number | null;
  private axes: { readonly inputs: readonly number[]; readonly outputs: readonly number[] } | null = null;
  constructor(scale = 1, mode: FanMode = 'fanIn', distribution: Distribution = 'truncatedNormal', seed: number | null = null) {
    if (!(scale > 0)) throw new ValueError(`VarianceScaling: scale ${scale} must be above 0.`);
    this.scale = scale; this.mode = mode; this.distribution = distribution; this.seed = seed;
  }
  generate(shape: Shape, dtype: DType, seed: readonly [number, number]): HostArray {
    const { fanIn, fanOut } = this.axes === null ? computeFans(shape) : { fanIn: this.extent(shape, this.axes.inputs), fanOut: this.extent(shape, this.axes.outputs) }, fan = this.mode === 'fanIn' ? fanIn : this.mode === 'fanOut' ? fanOut : (fanIn + fanOut) / 2;
    const variance = this.scale / Math.max(1, fan), random = streamOf(this.seed, seed), data = createArray(dtype, sizeOf(shape));
    const limit = Math.sqrt(3 * variance), stddev = Math.sqrt(variance);
    for (let i = 0; i < data.length; i++) {
      data[i] = this.distribution === 'uniform' ? limit * (2 * random.unit() - 1)
        : this.distribution === 'untruncatedNormal' ? stddev * random.normal() : (stddev / TRUNCATED_STDDEV) * truncated(random);
    }
    return data;
  }
  private extent(shape: Shape, axes: readonly number[]): number { return sizeOf(axes.map((axis) => at(shape, axis))); }
  /** The same initializer for weights whose inputs and outputs are these axes. */
  over(inputs: readonly number[], outputs: readonly number[]): VarianceScaling {
    const own = new VarianceScaling(this.scale, this.mode, this.distribution, this.seed);
    own.axes = { inputs, outputs };
    return own;
  }
  getConfig(): Config { return { scale: this.scale, mode: this.mode, distribution: this.distribution, seed: this.seed }; }
}
abstract class Named extends VarianceScaling {
  override getConfig(): Config { return { seed: this.seed }; }
}
/** Uniform within ±sqrt(6 / (in + out)) (Glorot and Bengio 2010): the default of dense kernels. */
export class GlorotUniform extends Named { override readonly className = 'GlorotUniform'; constructor(seed: number | null = null) { super(1, 'fanAvg', 'uniform', seed); } }
/** Truncated normal with variance 2 / (in + out). */
export class GlorotNormal extends Named { override readonly className = 'GlorotNormal'; constructor(seed: number | null = null) { super(1, 'fanAvg', 'truncatedNormal', seed); } }
/** Uniform within ±sqrt(6 / in) (He et al. 2015). */
export class HeUniform extends Named { override readonly className = 'HeUniform'; constructor(seed: number | null = null) { super(2, 'fanIn', 'uniform', seed); } }
/** Truncated normal with variance 2 / in. */
export class HeNormal extends Named { override readonly className = 'HeNormal'; constructor(seed: number | null = null) { super(2, 'fanIn', 'truncatedNormal', seed); } }
/** Uniform within ±sqrt(3 / in). */
export class LecunUniform extends Named { override readonly className = 'LecunUniform'; constructor(seed: number | null = null) { super(1, 'fanIn', 'uniform', seed); } }
/** Truncated normal with variance 1 / in. */
export class LecunNormal extends Named { override readonly className = 'LecunNormal'; constructor(seed: number | null = null) { super(1, 'fanIn', 'truncatedNormal', seed); } }

/** `gain` times a random matrix with orthonormal rows or columns (Saxe et al. 2014); more than two axes are flattened to [rest, last]. */
export class Orthogonal implements Initializer {
  readonly className = 'Orthogonal';
  readonly gain: number;
  readonly seed: number | null;
  constructor(gain = 1, seed: number | null = null) { this.gain = gain; this.seed = seed; }
  generate(shape: Shape, dtype: DType, seed: readonly [number, number]): HostArray {
    if (shape.length < 2) throw new ShapeError(`The Orthogonal initializer needs at least two axes; the weight has shape ${showShape(shape)}.`);
    const columns = at(shape, -1), rows = sizeOf(shape) / Math.max(1, columns), random = streamOf(this.seed, seed);
    const long = Math.max(rows, columns), short = Math.min(rows, columns);
    // modified Gram–Schmidt, twice, on `short` random vectors of length `long`
    const basis: Float64Array[] = [];
    for (let i = 0; i < short; i++) {
      const v = Float64Array.from({ length: long }, () => random.normal());
      for (let pass = 0; pass < 2; pass++) for (const b of basis) {
        let along = 0;
        for (let j = 0; j < long; j++) along += (v[j] as number) * (b[j] as number);
        for (let j = 0; j < long; j++) v[j] = (v[j] as number) - along * (b[j] as number);
      }
      const norm = Math.sqrt(v.reduce((s, x) => s + x * x, 0));
      basis.push(v.map((x) => x / norm));
    }
    const data = createArray(dtype, sizeOf(shape));
    for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) data[r * columns + c] = this.gain * at(at(basis, rows < columns ? r : c), rows < columns ? c : r);
    return data;
  }
  getConfig(): Config { return { gain: this.gain, seed: this.seed }; }
}
