/** Rows of a table that only repeats rows (the gradient of a mean over steps, spread over the steps): taken from the table without the repeats, which then need not be written out. */
import { at, sizeOf } from '../base/shape.ts';
import { div, gather, reshape, splatLike } from '../ir/build.ts';
import { isOp } from '../ir/types.ts';
import type { RewriteRule } from './rewrite.ts';

/**
 * gather(reshape(broadcast(x)), i) where the reshape merges leading axes [outer…, repeats…] into one and x repeats along `repeats` → gather(reshape(x), i / repeats).
 * An index outside the table means the nearest row before and after.
 */
export const gatherRepeats: RewriteRule = (node) => {
  if (!isOp(node, 'gather') || node.attrs.axis !== 0 || node.attrs.batchDims !== 0) return null;
  const table = at(node.inputs, 0), indices = at(node.inputs, 1);
  const wide = isOp(table, 'reshape') ? at(table.inputs, 0) : table;
  if (!isOp(wide, 'broadcast') || indices.type.dtype !== 'i32') return null;
  const x = at(wide.inputs, 0), narrow = x.type.shape, full = wide.type.shape, row = table.type.shape.slice(1), merged = full.length - row.length;
  if (merged < 1 || narrow.length !== full.length || row.some((d, i) => d !== at(full, merged + i))) return null;
  let outer = merged;
  while (outer > 0 && at(narrow, outer - 1) === 1) outer--;
  const repeats = sizeOf(full.slice(outer, merged)), rows = sizeOf(full.slice(0, outer));
  // what repeats elsewhere as well is left alone
  if (repeats < 2 || rows === 0 || narrow.some((d, i) => (i < outer || i >= merged) && d !== at(full, i))) return null;
  return gather(reshape(x, [rows, ...row]), div(indices, splatLike(repeats, indices)), 0);
};
