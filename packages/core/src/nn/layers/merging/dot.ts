/** Dot: the product of two inputs summed along an axis of each, sample by sample. */
import { ShapeError } from '../../../base/errors.ts';
import { at, normalizeAxis, showShape } from '../../../base/shape.ts';
import * as ops from '../../../tensor/ops/index.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import { Layer, type BatchShape, type LayerOptions } from '../../layer.ts';
import { booleanOf, type Config } from '../../registry-table.ts';
import { layerOptions } from '../options.ts';

/** Options of `dot`. */
export interface DotOptions extends LayerOptions {
  /** Divide by the lengths along the axes first: cosine similarity. Default false. */
  readonly normalize?: boolean;
}
/** Two inputs [batch, …]; `axes`: one axis for both, or one each (not the batch). Result: axes left of the first, then of the second; [batch, 1] where none is. f32 out. */
export class Dot extends Layer {
  readonly className = 'Dot';
  readonly axes: number | readonly [number, number];
  readonly normalize: boolean;
  constructor(axes: number | readonly [number, number], options: DotOptions = {}) { super('Dot', options); this.axes = axes; this.normalize = options.normalize ?? false; }
  static fromConfig(config: Config): Dot { return new Dot(config['axes'] as number | [number, number], { ...layerOptions(config), normalize: booleanOf(config, 'normalize', false) }); }
  private places(shapes: readonly BatchShape[]): [number, number] {
    const [a, b] = shapes, who = `Layer '${this.name}'`;
    if (shapes.length !== 2 || a === undefined || b === undefined) throw new ShapeError(`${who} takes 2 inputs, got ${shapes.length}. Give them as a list: layer.apply([a, b]).`);
    const [i, j] = typeof this.axes === 'number' ? [this.axes, this.axes] : this.axes, left = normalizeAxis(i, a.length, who), right = normalizeAxis(j, b.length, who);
    if (left === 0 || right === 0) throw new ShapeError(`${who}: axes ${i} and ${j} of ${showShape(a)} and ${showShape(b)} must not be the batch (0).`);
    const d = at(a, left), e = at(b, right);
    if (d !== null && e !== null && d !== e) throw new ShapeError(`${who}: axis ${i} of ${showShape(a)} has ${d} elements, axis ${j} of ${showShape(b)} has ${e}; they must be equal. Choose other axes.`);
    return [left, right];
  }
  protected override createWeights(shapes: readonly BatchShape[]): void { this.places(shapes); }
  call(inputs: readonly Tensor[]): Tensor {
    const places = this.places(inputs.map((x) => x.shape));
    const [a, b] = inputs.map((x, i) => {
      const own: Tensor = ops.moveAxis(ops.cast(x, 'f32'), at(places, i), -1), length: Tensor = ops.sum(ops.square(own), -1, true);
      return this.normalize ? ops.multiply(own, ops.rsqrt(ops.maximum(length, 1e-12))) : own;
    }) as [Tensor, Tensor];
    const letters = (from: number, x: Tensor): string => Array.from({ length: x.rank - 2 }, (_, i) => String.fromCharCode(from + i)).join('');
    const left = letters(97, a), right = letters(65, b), y = ops.einsum(`y${left}z,y${right}z->y${left}${right}`, a, b);
    return y.rank === 1 ? ops.expandDims(y, -1) : y;
  }
  override outputShapes(shapes: readonly BatchShape[]): readonly BatchShape[] {
    const places = this.places(shapes), [a = [], b = []] = shapes.map((s, i) => s.filter((_, axis) => axis !== at(places, i))), result = [...a, ...b.slice(1)];
    return [result.length === 1 ? [...result, 1] : result];
  }
  override getConfig(): Config { return { ...super.getConfig(), axes: this.axes, normalize: this.normalize }; }
}
