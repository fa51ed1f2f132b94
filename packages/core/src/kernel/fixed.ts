/**
 * Kernels that nothing joins: copies, and the templates' sequential work.
 */
import { at, stridesOf, type Shape } from '../base/shape.ts';
import type { Node } from '../ir/types.ts';
import { addCoords, constantCoord, identityCoords, linear } from './coords.ts';
import { common } from './draft.ts';
import type { Binding, Frame } from './frame.ts';
import type { KernelBody } from './ir.ts';

/** Pushes a kernel that nothing joins. */
export function pushFixed(frame: Frame, node: Node, body: KernelBody, label: string): number {
  frame.items.push({ kind: 'fixed', ...common(frame.loops, node, label), body });
  return frame.items.length - 1;
}
/** Copies `node` into a buffer of its own at the end of the frame's items. */
export function pushCopy(frame: Frame, node: Node, target: Binding): number {
  const shape = node.type.shape, coords = identityCoords(shape, frame.loops);
  const place = addCoords({ at: target.base, dynamic: [] }, linear(coords, shape)).at;
  return pushFixed(frame, node, { kind: 'map', axes: shape, stores: [{ buffer: target.buffer, dtype: node.type.dtype, at: place, value: frame.expression(node, coords) }] }, 'copy');
}
/** Writes placed rows over those of a table at the end of the frame's items. */
export function pushRows(frame: Frame, rows: Node, indices: Node, table: Shape, target: Binding): number {
  const axes = rows.type.shape, coords = identityCoords(axes, frame.loops), span = indices.type.shape.length;
  return pushFixed(frame, rows, {
    kind: 'scatter', axes, parallel: 0, op: 'set', dtype: rows.type.dtype, buffer: target.buffer, at: addCoords({ at: target.base, dynamic: [] }, linear([constantCoord(0), ...coords.slice(span)], table)).at,
    index: frame.expression(indices, coords.slice(0, span)), stride: at(stridesOf(table), 0), extent: at(table, 0), value: frame.expression(rows, coords),
  }, 'rows');
}
