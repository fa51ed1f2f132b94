/** The base of layers that disturb their input while training and hand it through otherwise. */
import { ValueError } from '../../../base/errors.ts';
import { at } from '../../../base/shape.ts';
import * as ops from '../../../tensor/ops/index.ts';
import type { SeedGenerator } from '../../../tensor/random.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import { Layer, single, type BatchShape, type CallContext, type LayerOptions } from '../../layer.ts';

export abstract class Noise extends Layer {
  override get supportsMasking(): boolean { return true; }
  /** 0: no noise. */
  protected abstract readonly strength: number;
  /** The input with noise; keys come from `seeds`. */
  protected abstract disturb(x: Tensor, seeds: SeedGenerator): Tensor;
  call(inputs: readonly Tensor[], context: CallContext): Tensor {
    const x: Tensor = ops.cast(single(inputs, this.className), 'f32');
    return context.training && this.strength > 0 ? this.disturb(x, context.seeds) : x;
  }
  override outputShapes(shapes: readonly BatchShape[]): readonly BatchShape[] { return [at(shapes, 0)]; }
}
/** A number within 0 and `most`; `open`: less than `most`. Throws ValueError. */
export function within(value: number, most: number, who: string, open = false): number {
  if (!(value >= 0 && (open ? value < most : value <= most))) throw new ValueError(`${who} ${value} must be at least 0 and ${open ? 'below' : 'at most'} ${most}.`);
  return value;
}
/** Extents of a noise shape; null takes the input's. */
export const noiseExtents = (noise: readonly (number | null)[] | null, x: Tensor): readonly number[] => (noise === null ? x.shape : noise.map((d, i) => d ?? at(x.shape, i)));
/** Options with a noise shape. */
export interface NoiseShapeOptions extends LayerOptions {
  /** Shape of the decisions; null takes the input's extent, 1 shares one decision along an axis. Default: the input's shape. */
  readonly noiseShape?: readonly (number | null)[] | null;
}
