/** From category numbers to vectors: what CategoryEncoding, Discretization, Hashing and the lookup layers share. */
import { at } from '../../../base/shape.ts';
import * as ops from '../../../tensor/ops/index.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import type { BatchShape } from '../../layer.ts';
import { oneOf } from '../spatial.ts';

/** 'int': the numbers themselves; 'oneHot': a vector for each; 'multiHot': one vector for all of a sample, 1 where a category occurs; 'count': how often it occurs. */
export type CategoryMode = 'int' | 'oneHot' | 'multiHot' | 'count';
/** A mode in any of Keras's spellings. */
export function categoryMode<M extends string>(value: string, modes: readonly M[], who: string): M {
  return oneOf(value === 'binary' ? 'multiHot' : value === 'tf-idf' ? 'tfIdf' : value, modes, `${who}: outputMode`);
}
/**
 * Numbers 0 to depth - 1 as `mode` says; others give zeros. A last axis of 1 is dropped by 'oneHot'. 'multiHot' and 'count' reduce the axis after the batch (of a
 * tensor with one axis, that axis). `weights`: what each place counts, instead of 1.
 */
export function encodeCategories(indices: Tensor, mode: CategoryMode, depth: number, weights: Tensor | null = null): Tensor {
  if (mode === 'int') return indices;
  if (mode === 'oneHot') return ops.oneHot(indices.rank > 1 && at(indices.shape, -1) === 1 ? ops.squeeze(indices, -1) : indices, depth);
  const single = ops.oneHot(indices.rank === 0 ? ops.expandDims(indices, 0) : indices, depth), axis = indices.rank > 1 ? 1 : 0;
  if (mode === 'multiHot') return ops.max(single, axis);
  return ops.sum(weights === null ? single : ops.multiply(single, ops.expandDims(ops.cast(weights, 'f32'), -1)), axis);
}
/** The shape that `encodeCategories` gives. */
export function encodedShape(shape: BatchShape, mode: CategoryMode, depth: number): BatchShape {
  if (mode === 'int') return shape;
  if (mode === 'oneHot') return shape.length > 1 && shape.at(-1) === 1 ? [...shape.slice(0, -1), depth] : [...shape, depth];
  return shape.length > 1 ? [at(shape, 0), ...shape.slice(2), depth] : [depth];
}
