/** Merge: the base of layers that put several inputs of meeting shapes together, element by element. */
import { isFloat, type DType } from '../../../base/dtype.ts';
import { ShapeError } from '../../../base/errors.ts';
import { at, showShape } from '../../../base/shape.ts';
import * as ops from '../../../tensor/ops/index.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import { Layer, type BatchShape, type CallContext, type LayerOptions, type Masks } from '../../layer.ts';

/** The common dtype: that of all inputs, or f32 where they differ. */
export const mergedDType = (dtypes: readonly DType[]): DType => (dtypes.every((d) => d === dtypes[0]) && dtypes[0] !== 'bool' ? at(dtypes, 0) : dtypes.includes('f64') && dtypes.every(isFloat) ? 'f64' : 'f32');
/** Inputs in their common dtype. */
export const alike = (inputs: readonly Tensor[]): Tensor[] => { const dtype = mergedDType(inputs.map((x) => x.dtype)); return inputs.map((x) => (x.dtype === dtype ? x : ops.cast(x, dtype))); };

/**
 * Inputs [batch, …], equal in every extent or 1 there; one of fewer axes gets its missing ones after the batch. The mask of the result is true where one of the
 * masks is; there is none where an input has none.
 */
export abstract class Merge extends Layer {
  /** How many inputs it takes; null: one or more. */
  protected readonly arity: number | null = null;
  constructor(className: string, options: LayerOptions) { super(className, options); }
  override get supportsMasking(): boolean { return true; }
  /** Two inputs of equal rank put together; masks are given where the operation heeds them. */
  protected abstract merge(a: Tensor, b: Tensor): Tensor;
  call(inputs: readonly Tensor[], context: CallContext): Tensor { return this.mergeAll(this.aligned(inputs), context.masks ?? []); }
  protected mergeAll(inputs: readonly Tensor[], _masks: Masks): Tensor { return inputs.reduce((a, b) => this.merge(a, b)); }
  protected aligned(inputs: readonly Tensor[]): Tensor[] {
    const rank = Math.max(...inputs.map((x) => x.rank));
    return alike(inputs).map((x) => (x.rank === rank ? x : ops.reshape(x, [at(x.shape, 0), ...new Array<number>(rank - x.rank).fill(1), ...x.shape.slice(1)])));
  }
  override outputShapes(shapes: readonly BatchShape[]): readonly BatchShape[] {
    if (this.arity === null ? shapes.length === 0 : shapes.length !== this.arity) throw new ShapeError(`Layer '${this.name}' takes ${this.arity ?? 'one or more'} inputs, got ${shapes.length}. Give them as a list: layer.apply([a, b]).`);
    const batch = shapes.map((s) => s[0] ?? null).find((d) => d !== null) ?? null;
    return [[batch, ...shapes.map((s): BatchShape => s.slice(1)).reduce((a, b, i) => this.meet(a, b, shapes, i))]];
  }
  /** Two shapes without the batch, aligned at their ends. */
  private meet(a: BatchShape, b: BatchShape, all: readonly BatchShape[], i: number): BatchShape {
    const [long, short] = a.length < b.length ? [b, a] : [a, b], lead = long.length - short.length;
    return long.map((d, axis) => {
      const e = axis < lead ? 1 : short[axis - lead] ?? null;
      if (d === 1) return e;
      if (e === 1) return d;
      if (d !== null && e !== null && d !== e) throw new ShapeError(`Layer '${this.name}': the inputs have shapes ${all.slice(0, i + 1).map(showShape).join(', ')}; input ${i} does not meet the ones before it (${d} and ${e}). Extents must be equal, or 1 in one of them.`);
      return d === null || e === null ? null : d;
    });
  }
  protected override createWeights(shapes: readonly BatchShape[]): void { this.outputShapes(shapes); }
  override outputDType(dtypes: readonly DType[]): DType { return mergedDType(dtypes); }
  override computeMask(inputs: readonly Tensor[], masks: Masks): Masks {
    let result: Tensor | null = null;
    for (let i = 0; i < inputs.length; i++) {
      const mask: Tensor | null = masks[i] ?? null;
      if (mask === null) return [];
      result = result === null ? mask : ops.logicalOr(result, mask);
    }
    return [result];
  }
}
/** A mask over leading axes as one of all axes of `x`. */
export const wholeMask = (mask: Tensor, x: Tensor): Tensor => {
  let own = mask;
  while (own.rank < x.rank) own = ops.expandDims(own, -1);
  return ops.broadcastTo(own, x.shape);
};
