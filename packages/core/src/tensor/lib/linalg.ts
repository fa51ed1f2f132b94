/**
 * Contractions on nodes: matmul, dot, tensordot, einsum. All become the primitive `dot`.
 */
import { ShapeError, ValueError } from '../../base/errors.ts';
import { at, broadcastShapes, normalizeAxis, sameShape, showShape } from '../../base/shape.ts';
import * as g from '../../ir/build.ts';
import type { Node } from '../../ir/types.ts';
import { promote, real } from './promote.ts';
import { expandDims, rankOf, squeeze } from './shape.ts';
import { sum } from './reduce.ts';

/** Both operands in their common real dtype. */
export function floats(a: Node, b: Node, who: string): [Node, Node] {
  const x = real(a), y = real(b), dtype = promote(x.type.dtype, y.type.dtype, who);
  return [g.cast(x, dtype), g.cast(y, dtype)];
}

/** NumPy's matmul: the last two axes are multiplied, leading axes broadcast, vectors are promoted. Integers become f32. */
export function matmul(a: Node, b: Node): Node {
  if (rankOf(a) === 0 || rankOf(b) === 0) throw new ShapeError('matmul: a scalar has no axis to contract; use mul.');
  if (rankOf(a) === 1) { const y = matmul(expandDims(a, 0), b); return squeeze(y, rankOf(b) === 1 ? 0 : -2); }
  if (rankOf(b) === 1) return squeeze(matmul(a, expandDims(b, 1)), -1);
  const [x, y] = floats(a, b, 'matmul');
  const rx = rankOf(x), ry = rankOf(y), m = at(x.type.shape, -2), n = at(y.type.shape, -1), k = at(x.type.shape, -1);
  if (k !== at(y.type.shape, -2)) {
    throw new ShapeError(`matmul: ${showShape(x.type.shape)} and ${showShape(y.type.shape)}: the last axis of the first (${k}) must equal the last but one of the second (${at(y.type.shape, -2)}).`);
  }
  if (ry === 2) return g.dot(x, y, { batchA: [], batchB: [], contractA: [rx - 1], contractB: [0] });
  const batch = broadcastShapes(x.type.shape.slice(0, -2), y.type.shape.slice(0, -2), 'matmul');
  const p = g.broadcastTo(x, [...batch, m, k]), q = g.broadcastTo(y, [...batch, k, n]), axes = batch.map((_, i) => i);
  return g.dot(p, q, { batchA: axes, batchB: axes, contractA: [batch.length + 1], contractB: [batch.length] });
}

/** NumPy's dot: matmul for matrices and vectors; for more axes, the last of a with the last but one of b. */
export function dot(a: Node, b: Node): Node {
  if (rankOf(a) === 0 || rankOf(b) === 0) { const [x, y] = floats(a, b, 'dot'); return g.mul(g.broadcastTo(x, broadcastShapes(x.type.shape, y.type.shape)), g.broadcastTo(y, broadcastShapes(x.type.shape, y.type.shape))); }
  return tensordot(a, b, [[-1], [rankOf(b) === 1 ? 0 : -2]]);
}

/** Contracts the named axes of both (or the last n of a with the first n of b); result: free axes of a, then of b. */
export function tensordot(a: Node, b: Node, axes: number | readonly [readonly number[], readonly number[]] = 2): Node {
  const [x, y] = floats(a, b, 'tensordot');
  const left = typeof axes === 'number' ? Array.from({ length: axes }, (_, i) => rankOf(x) - axes + i) : axes[0];
  const right = typeof axes === 'number' ? Array.from({ length: axes }, (_, i) => i) : axes[1];
  const contractA = left.map((i) => normalizeAxis(i, rankOf(x), 'tensordot')), contractB = right.map((i) => normalizeAxis(i, rankOf(y), 'tensordot'));
  const ea = contractA.map((i) => at(x.type.shape, i)), eb = contractB.map((i) => at(y.type.shape, i));
  if (!sameShape(ea, eb)) throw new ShapeError(`tensordot: ${showShape(x.type.shape)} and ${showShape(y.type.shape)}: contracted extents ${showShape(ea)} and ${showShape(eb)} differ.`);
  return g.dot(x, y, { batchA: [], batchB: [], contractA, contractB });
}

/**
 * Einstein summation: 'bij,bjk->bik'. Without '->' the result has the letters that appear once, in alphabetical order, behind those of an ellipsis. '...' stands for
 * any axes; those of several operands are aligned at their ends and broadcast.
 */
export function einsum(equation: string, ...given: readonly Node[]): Node {
  if (equation.includes('.')) return einsum(...withoutEllipsis(equation, given));
  const operands = given;
  const [left, right] = equation.replaceAll(/\s/g, '').split('->');
  const terms = (left ?? '').split(',');
  if (terms.length !== operands.length) throw new ShapeError(`einsum: '${equation}' names ${terms.length} operands, got ${operands.length}.`);
  const extents = new Map<string, number>();
  terms.forEach((term, i) => {
    const shape = at(operands, i).type.shape;
    if (!/^[A-Za-z]*$/.test(term)) throw new ValueError(`einsum: '${term}' in '${equation}' is not a list of letters.`);
    if (term.length !== shape.length) throw new ShapeError(`einsum: '${term}' names ${term.length} axes, operand ${i} has shape ${showShape(shape)}.`);
    if (new Set(term).size !== term.length) throw new ValueError(`einsum: '${term}' repeats a letter within one operand; take the diagonal first.`);
    [...term].forEach((letter, axis) => {
      const known = extents.get(letter), own = at(shape, axis);
      if (known !== undefined && known !== own) throw new ShapeError(`einsum: axis '${letter}' is ${known} and ${own} in '${equation}'.`);
      extents.set(letter, own);
    });
  });
  const letters = terms.join('');
  const target = right ?? [...new Set(letters)].filter((l) => letters.split(l).length === 2).sort().join('');
  if (new Set(target).size !== target.length) throw new ValueError(`einsum: the result '${target}' repeats a letter.`);
  for (const letter of target) if (!extents.has(letter)) throw new ValueError(`einsum: the result's '${letter}' is in no operand.`);
  let labels = at(terms, 0), value = real(at(operands, 0));
  for (let i = 1; i <= operands.length; i++) {
    const later = terms.slice(i).join('') + target;
    const drop = [...labels].filter((l) => !later.includes(l));
    if (drop.length > 0) { value = sum(value, drop.map((l) => labels.indexOf(l))); labels = [...labels].filter((l) => !drop.includes(l)).join(''); }
    if (i === operands.length) break;
    [value, labels] = contract(value, labels, real(at(operands, i)), at(terms, i), terms.slice(i + 1).join('') + target);
  }
  return g.transpose(value, [...target].map((l) => labels.indexOf(l)));
}
/** Letters in place of the ellipsis, operands broadcast along them. */
function withoutEllipsis(equation: string, operands: readonly Node[]): [string, ...Node[]] {
  const [left = '', right] = equation.replaceAll(/\s/g, '').split('->'), terms = left.split(','), used = new Set(equation);
  const spare = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'].filter((l) => !used.has(l));
  if (terms.length !== operands.length) throw new ShapeError(`einsum: '${equation}' names ${terms.length} operands, got ${operands.length}.`);
  const counts = terms.map((term, i) => (term.includes('...') ? at(operands, i).type.shape.length - (term.length - 3) : 0)), most = Math.max(...counts), letters = spare.slice(0, most);
  const parts = terms.map((term, i) => {
    const count = at(counts, i);
    if (count < 0) throw new ShapeError(`einsum: '${term}' names ${term.length - 3} axes, operand ${i} has shape ${showShape(at(operands, i).type.shape)}.`);
    const place = term.indexOf('...'), shape = at(operands, i).type.shape;
    return { place, shape, elided: place < 0 ? [] : shape.slice(place, place + count), count };
  });
  const common = parts.map((p) => p.elided).reduce((a, b) => broadcastShapes(a, b, 'einsum'), [] as readonly number[]);
  const own = parts.map(({ place, shape, count }, i) => (place < 0 ? at(operands, i) : g.broadcastTo(at(operands, i), [...shape.slice(0, place), ...common.slice(most - count), ...shape.slice(place + count)])));
  const text = terms.map((term, i) => term.replace('...', letters.slice(most - at(counts, i)).join(''))).join(',');
  const once = [...left].filter((l) => /[A-Za-z]/.test(l) && left.split(l).length === 2).sort().join(''), target = right ?? `...${once}`;
  if (most > 0 && !target.includes('...')) throw new ValueError(`einsum: the result of '${equation}' needs the ellipsis, too.`);
  return [`${text}->${target.replace('...', letters.join(''))}`, ...own];
}
function contract(a: Node, la: string, b: Node, lb: string, later: string): [Node, string] {
  const [x0, y0] = floats(a, b, 'einsum');
  // letters of b alone that nobody needs any more are summed first
  const spare = [...lb].filter((l) => !la.includes(l) && !later.includes(l));
  const y = sum(y0, spare.map((l) => lb.indexOf(l))), right = [...lb].filter((l) => !spare.includes(l)).join('');
  const shared = [...la].filter((l) => right.includes(l)), batch = shared.filter((l) => later.includes(l)), gone = shared.filter((l) => !later.includes(l));
  const axes = (labels: string, list: readonly string[]) => list.map((l) => labels.indexOf(l));
  const value = g.dot(x0, y, { batchA: axes(la, batch), batchB: axes(right, batch), contractA: axes(la, gone), contractB: axes(right, gone) });
  const free = (labels: string) => [...labels].filter((l) => !shared.includes(l)).join('');
  return [value, batch.join('') + free(la) + free(right)];
}
/** Outer product of two vectors (flattened). */
export const outer = (a: Node, b: Node): Node => { const [x, y] = floats(g.reshape(a, [g.size(a)]), g.reshape(b, [g.size(b)]), 'outer'); return g.dot(x, y, { batchA: [], batchB: [], contractA: [], contractB: [] }); };
