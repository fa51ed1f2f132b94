/** PReLU: a leaky relu whose slope below 0 is learned (He et al. 2015). */
import { ValueError } from '../../../base/errors.ts';
import { showShape } from '../../../base/shape.ts';
import * as ops from '../../../tensor/ops/index.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import type { Variable } from '../../../tensor/variable.ts';
import { Layer, knownExtent, single, singleShape, type BatchShape, type LayerOptions } from '../../layer.ts';
import type { Config } from '../../registry-table.ts';
import { layerOptions } from '../options.ts';
import { WeightSpec, type WeightChoices } from '../weights.ts';

/** Options of `prelu`. */
export interface PReLUOptions extends LayerOptions, WeightChoices<'alpha'> {
  /** Axes (the batch is 0) along which one slope is shared: [1, 2] gives images one slope per channel. Default null. */
  readonly sharedAxes?: number | readonly number[] | null;
}
/** x above 0, alpha · x below; alpha starts as 0 and has the input's shape without the batch. Keeps shape and mask. */
export class PReLU extends Layer {
  readonly className = 'PReLU';
  readonly sharedAxes: readonly number[] | null;
  private readonly spec: WeightSpec;
  private alpha: Variable | null = null;
  constructor(options: PReLUOptions = {}) {
    super('PReLU', options);
    this.spec = new WeightSpec(options, 'alpha', 'zeros');
    const axes = options.sharedAxes ?? null;
    this.sharedAxes = typeof axes === 'number' ? [axes] : axes;
  }
  static fromConfig(config: Config): PReLU { return new PReLU({ ...config, ...layerOptions(config) }); }
  override get supportsMasking(): boolean { return true; }
  protected override createWeights(shapes: readonly BatchShape[]): void {
    const input = singleShape(shapes, this.name), shared = this.sharedAxes ?? [];
    for (const axis of shared) if (!Number.isInteger(axis) || axis < 1 || axis >= input.length) throw new ValueError(`Layer '${this.name}': shared axis ${axis} must be 1..${input.length - 1} for input ${showShape(input)}.`);
    this.alpha = this.addWeight('alpha', input.slice(1).map((_, i) => (shared.includes(i + 1) ? 1 : knownExtent(input, i + 1, this.name))), this.spec.options);
  }
  call(inputs: readonly Tensor[]): Tensor {
    const x = single(inputs, this.name);
    return this.alpha === null ? x : ops.subtract(ops.relu(x), ops.multiply(this.alpha.value, ops.relu(ops.negative(x))));
  }
  override outputShapes(shapes: readonly BatchShape[]): readonly BatchShape[] { return shapes; }
  override getConfig(): Config { return { ...super.getConfig(), ...this.spec.getConfig(), sharedAxes: this.sharedAxes }; }
}
